package dev.cleanroom.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Package registries as {@code host:port}: the public ones, and those that this machine's own clients are set up for. */
final class RegistryHosts {
    private static final SortedSet<String> OFFICIAL = new TreeSet<>(List.of(
            "deb.debian.org:80",
            "deb.debian.org:443",
            "security.debian.org:80",
            "security.debian.org:443",
            "registry.npmjs.org:443",
            "registry.yarnpkg.com:443",
            "repo.maven.apache.org:443",
            "repo1.maven.org:443",
            "plugins.gradle.org:443",
            "services.gradle.org:443",
            "pypi.org:443",
            "files.pythonhosted.org:443",
            "index.crates.io:443",
            "static.crates.io:443",
            "proxy.golang.org:443",
            "sum.golang.org:443",
            "rubygems.org:443"));

    private static final Pattern URL = Pattern.compile("https?://[^\\s\"'<>,]+");
    /** Lines of npm's, pip's and apt's files that name a registry; other addresses there (proxies, pages) do not count. */
    private static final Pattern REGISTRY_LINE = Pattern.compile(
            "(?i)^\\s*((@[^:]+:)?registry\\s*=|(extra-)?index-url\\s*=|find-links\\s*=|deb(-src)?\\s|URIs:|https?://).*");

    private static final Pattern MAVEN_ADDRESS =
            Pattern.compile("<(mirror|repository|pluginRepository)>.*?<url>\\s*(https?://[^<\\s]+)", Pattern.DOTALL);
    private static final List<String> VARIABLES = List.of(
            "NPM_CONFIG_REGISTRY", "npm_config_registry", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS");

    private RegistryHosts() {}

    static SortedSet<String> official() {
        return OFFICIAL;
    }

    /**
     * @param home whose settings count besides the machine's; files that cannot be read do not
     */
    static SortedSet<String> ofThisMachine(Path home, Map<String, String> environment) {
        var hosts = new TreeSet<String>();
        for (Path file : List.of(
                home.resolve(".npmrc"),
                Path.of("/etc/npmrc"),
                Path.of("/usr/etc/npmrc"),
                Path.of("/etc/pip.conf"),
                home.resolve(".pip/pip.conf"),
                home.resolve(".config/pip/pip.conf"),
                Path.of("/etc/apt/sources.list"))) {
            lines(file).filter(line -> REGISTRY_LINE.matcher(line).matches()).forEach(line -> addAll(line, hosts));
        }
        sources()
                .flatMap(RegistryHosts::lines)
                .filter(line -> REGISTRY_LINE.matcher(line).matches())
                .forEach(line -> addAll(line, hosts));
        for (Path file : List.of(home.resolve(".m2/settings.xml"), Path.of("/etc/maven/settings.xml"))) {
            var text = String.join("\n", lines(file).toList()).replaceAll("(?s)<!--.*?-->", "");
            MAVEN_ADDRESS.matcher(text).results().forEach(found -> addAll(found.group(2), hosts));
        }
        VARIABLES.forEach(name -> addAll(environment.getOrDefault(name, ""), hosts));
        return hosts;
    }

    private static void addAll(String line, SortedSet<String> hosts) {
        URL.matcher(line).results().forEach(found -> {
            try {
                var address = URI.create(found.group());
                if (address.getHost() != null) {
                    int port = address.getPort() > 0
                            ? address.getPort()
                            : address.getScheme().equals("https") ? 443 : 80;
                    hosts.add(address.getHost().toLowerCase(java.util.Locale.ROOT) + ":" + port);
                }
            } catch (IllegalArgumentException malformed) {
                // the client would not understand it either
            }
        });
    }

    private static Stream<Path> sources() {
        Path folder = Path.of("/etc/apt/sources.list.d");
        if (!Files.isReadable(folder)) {
            return Stream.empty();
        }
        try (var files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException absent) {
            return Stream.empty();
        }
    }
}
