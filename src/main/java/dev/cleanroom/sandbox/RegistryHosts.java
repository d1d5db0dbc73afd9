package dev.cleanroom.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Package registries as {@code host:port}: those that this machine's own package clients use, because they were set up so
 * or because they came so. No registry is named here.
 */
final class RegistryHosts {
    private static final Duration PATIENCE = Duration.ofSeconds(20); // Node or Python on a busy machine

    /** Clients that say which addresses they use, their defaults included. */
    private static final List<List<String>> QUESTIONS = List.of(
            List.of("npm", "config", "get", "registry"),
            List.of("go", "env", "GOPROXY"),
            List.of("gem", "sources"),
            List.of("python3", "-c", """
                    import glob, sys
                    sys.path += glob.glob('/usr/share/python-wheels/pip-*.whl')  # where only venv brings a pip
                    from pip._internal.models.index import PyPI
                    print(PyPI.simple_url, 'https://' + PyPI.file_storage_domain)"""));

    private static final Pattern URL = Pattern.compile("https?://[^\\s\"'<>,|]+");
    /** Lines of npm's and pip's files that name a registry; other addresses there (proxies, pages) do not count. */
    private static final Predicate<String> NAMES_REGISTRY = Pattern.compile(
                    "(?i)^\\s*((@[^:]+:)?registry\\s*=|(extra-)?index-url\\s*=|find-links\\s*=|https?://).*")
            .asMatchPredicate();

    private static final Pattern MAVEN_PLACE =
            Pattern.compile("<(mirror|repository|pluginRepository)>(.*?)</\\1>", Pattern.DOTALL);
    private static final String SUPER_POM = "org/apache/maven/model/pom-4.0.0.xml"; // what every POM inherits

    private static final List<String> VARIABLES = List.of(
            "NPM_CONFIG_REGISTRY", "npm_config_registry", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS");

    private final SortedSet<String> hosts = new TreeSet<>();
    private final Map<String, String> environment;

    private RegistryHosts(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Asks the clients, which takes a second. What is not installed or cannot be read does not count.
     *
     * @param home whose settings count besides the machine's
     * @param environment its {@code PATH} says which clients there are
     */
    static SortedSet<String> ofThisMachine(Path home, Map<String, String> environment) throws InterruptedException {
        var found = new RegistryHosts(environment);
        found.addSettings(home);
        for (Path file : List.of(home.resolve(".m2/settings.xml"), Path.of("/etc/maven/settings.xml"))) {
            found.addMaven(String.join("\n", lines(file).toList()));
        }
        found.program("mvn").ifPresent(found::addSuperPom);
        found.addAnswers();
        return found.hosts;
    }

    private void addSettings(Path home) {
        for (Path file : List.of(
                home.resolve(".npmrc"),
                Path.of("/etc/npmrc"),
                Path.of("/usr/etc/npmrc"),
                Path.of("/etc/pip.conf"),
                home.resolve(".pip/pip.conf"),
                home.resolve(".config/pip/pip.conf"))) {
            lines(file).filter(NAMES_REGISTRY).forEach(this::addAll);
        }
        VARIABLES.forEach(name -> addAll(environment.getOrDefault(name, "")));
    }

    /** Of a file of settings or of a POM. */
    private void addMaven(String xml) {
        MAVEN_PLACE
                .matcher(xml.replaceAll("(?s)<!--.*?-->", ""))
                .results()
                .map(place -> place.group(2))
                .filter(place -> !place.contains("<blocked>true<")) // a mirror that is there to lead nowhere
                .forEach(place -> addAll(place.replaceFirst("(?s).*<url>(.*?)</url>.*", "$1")));
    }

    private void addSuperPom(Path mvn) {
        try (var jars = Files.newDirectoryStream(mvn.toRealPath().resolveSibling("../lib"), "maven-*.jar")) {
            for (Path jar : jars) {
                try (var zip = new ZipFile(jar.toFile())) {
                    var pom = zip.getEntry(SUPER_POM);
                    if (pom != null) {
                        addMaven(new String(zip.getInputStream(pom).readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException otherInstallation) {
            // its settings still count
        }
    }

    private void addAnswers() throws InterruptedException {
        var asked = new ArrayList<Process>();
        for (var question : QUESTIONS) {
            program(question.getFirst()).ifPresent(program -> {
                var argv = new ArrayList<>(question);
                argv.set(0, program.toString());
                try {
                    asked.add(ask(argv));
                } catch (IOException notRunnable) {
                    // as good as not installed
                }
            });
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (var client : asked) {
            if (client.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                try (var answer = client.inputReader()) {
                    answer.lines().forEach(this::addAll);
                } catch (IOException cutOff) {
                    // what was read counts
                }
            } else {
                client.destroyForcibly();
            }
        }
    }

    /** In the root directory, where no project's settings are. */
    private Process ask(List<String> argv) throws IOException {
        var builder = new ProcessBuilder(argv)
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Optional<Path> program(String name) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void addAll(String text) {
        URL.matcher(text).results().forEach(found -> {
            try {
                var address = URI.create(found.group());
                if (address.getHost() != null) {
                    int port = address.getPort() > 0
                            ? address.getPort()
                            : address.getScheme().equals("https") ? 443 : 80;
                    hosts.add(address.getHost().toLowerCase(Locale.ROOT) + ":" + port);
                }
            } catch (IllegalArgumentException malformed) {
                // the client would not understand it either
            }
        });
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException absent) {
            return Stream.empty();
        }
    }
}
