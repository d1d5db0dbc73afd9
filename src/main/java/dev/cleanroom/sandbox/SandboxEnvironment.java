package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What every command in a sandbox finds in its environment: a newest JDK, and the one way out, the egress proxy. */
final class SandboxEnvironment {
    static final String HOME = "/home/dev";

    private static final Path JDKS = Path.of("/usr/lib/jvm");
    private static final String CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

    private SandboxEnvironment() {}

    /** Where the programs are the host's. */
    static Map<String, String> variables() throws IOException {
        var variables = everywhere();
        String path = "/usr/local/bin:/usr/bin:/bin";
        var jdk = newestJdk(JDKS);
        if (jdk.isPresent()) {
            variables.put("JAVA_HOME", jdk.get().toString());
            path = jdk.get().resolve("bin") + ":" + path;
        }
        variables.put("PATH", path);
        if (Files.isReadable(
                Path.of(CERTIFICATES))) { // the host's own authorities, for clients that bring theirs along
            for (String name :
                    new String[] {"NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"}) {
                variables.put(name, CERTIFICATES);
            }
        }
        return variables;
    }

    /** Whatever programs there are. */
    static Map<String, String> everywhere() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("HOME", HOME);
        variables.put("USER", "dev");
        variables.put("LANG", "C.UTF-8");
        variables.put("TERM", "xterm-256color");
        for (String name : new String[] {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}) {
            variables.put(name, Origin.PROXY);
        }
        variables.put("no_proxy", "localhost,127.0.0.1,::1");
        variables.put("NO_PROXY", "localhost,127.0.0.1,::1");
        variables.put("NODE_USE_ENV_PROXY", "1"); // Node 24 and later
        String java = "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=3128 -Dhttps.proxyHost=127.0.0.1"
                + " -Dhttps.proxyPort=3128 -Dhttp.nonProxyHosts=localhost|127.*|[::1]";
        variables.put("MAVEN_OPTS", java);
        variables.put("GRADLE_OPTS", java);
        variables.put("npm_config_update_notifier", "false");
        variables.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        return variables;
    }

    /** By the version in its {@code release} file. */
    static Optional<Path> newestJdk(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.isExecutable(child.resolve("bin/javac")))
                    .max(Comparator.comparing(SandboxEnvironment::version).thenComparing(Comparator.reverseOrder()));
        }
    }

    private static Runtime.Version version(Path jdk) {
        try (var lines = Files.lines(jdk.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
                    .findFirst()
                    .map(Runtime.Version::parse)
                    .orElse(Runtime.Version.parse("1"));
        } catch (IOException | IllegalArgumentException unknown) {
            return Runtime.Version.parse("1"); // 1.8.0_442 and the like: older than any other
        }
    }
}
