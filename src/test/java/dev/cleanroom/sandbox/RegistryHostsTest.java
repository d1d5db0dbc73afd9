package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryHostsTest {
    @TempDir
    Path home;

    @Test
    void findsWhatThisMachinesClientsUse() throws IOException {
        write(
                ".npmrc",
                "registry=https://npm.corp.test/npm/\n@x:registry = http://scoped.corp.test:4873/\nproxy=http://proxy.test:1\n");
        write(".m2/settings.xml", """
                <settings><!-- <mirror><url>https://old.corp.test/</url></mirror> -->
                <proxies><proxy><host>proxy.test</host></proxy></proxies>
                <mirrors><mirror><id>m</id><url> https://Maven.corp.test:8443/repo </url></mirror></mirrors></settings>
                """);
        write(
                ".config/pip/pip.conf",
                "[global]\nindex-url = https://user:secret@pypi.corp.test/simple\nproxy = http://proxy.test:1\n");

        assertThat(RegistryHosts.ofThisMachine(home, Map.of("PIP_EXTRA_INDEX_URL", "https://extra.corp.test/simple")))
                .contains(
                        "npm.corp.test:443",
                        "scoped.corp.test:4873",
                        "maven.corp.test:8443",
                        "pypi.corp.test:443",
                        "extra.corp.test:443")
                .noneMatch(host -> host.startsWith("old.") || host.startsWith("proxy."));
    }

    @Test
    void giveSandboxesPlacesButNoCredentials() throws IOException {
        write(".npmrc", "registry=https://npm.corp.test/npm/\n//npm.corp.test/:_authToken=secret\n");
        Path wheels = Files.createDirectory(home.resolve("wheels"));
        write(
                ".config/pip/pip.conf",
                "[global]\nindex-url = https://user:secret@pypi.corp.test/simple\nfind-links = " + wheels + "\n");

        var clients = HostClients.read(home, Map.of());

        assertThat(clients.variables())
                .containsEntry("npm_config_registry", "https://npm.corp.test/npm/")
                .containsEntry("PIP_FIND_LINKS", wheels.toString())
                .doesNotContainKey("PIP_INDEX_URL");
        assertThat(clients.variables().toString()).doesNotContain("secret");
        assertThat(clients.folders()).contains(wheels);
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(home.resolve(path).getParent());
        Files.writeString(home.resolve(path), text);
    }
}
