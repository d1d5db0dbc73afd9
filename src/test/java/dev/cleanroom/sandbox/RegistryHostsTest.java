package dev.cleanroom.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryHostsTest {
    @TempDir
    Path home;

    @Test
    void asksTheClientsThatAreInstalledForTheirDefaults() throws Exception {
        program("npm", "[ \"$*\" = 'config get registry' ] && echo https://npm.example.org/");
        program("go", "echo 'https://go.example.org|https://more.example.org,direct'");
        program("python3", "echo https://pip.example.org/simple https://files.example.org; exit 1");
        program("mvn", "exit 1");
        Files.createDirectories(home.resolve("lib"));
        try (var jar = new ZipOutputStream(Files.newOutputStream(home.resolve("lib/maven-model-builder-3.jar")))) {
            jar.putNextEntry(new ZipEntry("org/apache/maven/model/pom-4.0.0.xml"));
            jar.write("<repository><id>central</id><url>https://central.example.org/maven2</url></repository>"
                    .getBytes(UTF_8));
        }

        assertThat(RegistryHosts.ofThisMachine(home, Map.of("PATH", "/nowhere:" + home.resolve("bin"))))
                .contains(
                        "npm.example.org:443",
                        "go.example.org:443",
                        "more.example.org:443",
                        "pip.example.org:443",
                        "files.example.org:443",
                        "central.example.org:443");
    }

    @Test
    void findsWhatThisMachinesClientsUse() throws Exception {
        write(
                ".npmrc",
                "registry=https://npm.example.org/npm/\n@x:registry = http://scoped.example.org:4873/\nproxy=http://proxy.example.org:1\n");
        write(".m2/settings.xml", """
                <settings><!-- <mirror><url>https://old.example.org/</url></mirror> -->
                <proxies><proxy><host>proxy.example.org</host></proxy></proxies>
                <mirrors><mirror><url>http://0.0.0.0/</url><blocked>true</blocked></mirror><mirror><id>m</id><url> https://Maven.example.org:8443/repo </url></mirror></mirrors></settings>
                """);
        write(
                ".config/pip/pip.conf",
                "[global]\nindex-url = https://user:secret@pypi.example.org/simple\nproxy = http://proxy.example.org:1\n");

        assertThat(RegistryHosts.ofThisMachine(home, Map.of("PIP_EXTRA_INDEX_URL", "https://extra.example.org/simple")))
                .contains(
                        "npm.example.org:443",
                        "scoped.example.org:4873",
                        "maven.example.org:8443",
                        "pypi.example.org:443",
                        "extra.example.org:443")
                .noneMatch(host -> host.startsWith("old.") || host.startsWith("proxy.") || host.startsWith("0."));
    }

    @Test
    void giveSandboxesPlacesButNoCredentials() throws IOException {
        write(".npmrc", "registry=https://npm.example.org/npm/\n//npm.example.org/:_authToken=secret\n");
        Path wheels = Files.createDirectory(home.resolve("wheels"));
        write(
                ".config/pip/pip.conf",
                "[global]\nindex-url = https://user:secret@pypi.example.org/simple\nfind-links = " + wheels + "\n");

        var clients = HostClients.read(home, Map.of());

        assertThat(clients.variables())
                .containsEntry("npm_config_registry", "https://npm.example.org/npm/")
                .containsEntry("PIP_FIND_LINKS", wheels.toString())
                .doesNotContainKey("PIP_INDEX_URL");
        assertThat(clients.variables().toString()).doesNotContain("secret");
        assertThat(clients.folders()).contains(wheels);
    }

    private void program(String name, String script) throws IOException {
        write("bin/" + name, "#!/bin/sh\n" + script + "\n");
        assertThat(home.resolve("bin/" + name).toFile().setExecutable(true)).isTrue();
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(home.resolve(path).getParent());
        Files.writeString(home.resolve(path), text);
    }
}
