package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.testing.DockerDaemon;
import dev.cleanroom.testing.HostPreparation;
import dev.cleanroom.testing.RunnerRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("docker")
class DockerEngineTest extends EngineContract {
    @Override
    Engine engine(Path home, List<String> command) throws Exception {
        return engine(home, DockerDaemon.IMAGE, command);
    }

    private static DockerEngine engine(Path home, String image, List<String> command) throws Exception {
        return new DockerEngine(
                home,
                RunnerRuntime.path(),
                image,
                command,
                LIMITS,
                new DockerSocket(DockerDaemon.socket(), Duration.ofSeconds(60)));
    }

    @Override
    List<String> ofTheWall() {
        return List.of("image");
    }

    @Test
    void saysWhatARootfulSocketMeans() throws Exception {
        var found = engine(HostPreparation.home(), List.of()).preflight();

        assertThat(found.problem()).isEmpty();
        assertThat(found.limitations()).anyMatch(sentence -> sentence.contains("is root on this machine"));
    }

    @Test
    void saysThatAnImageIsNotThere() throws Exception {
        assertThat(problem("cleanroom-nowhere")).contains("The image cleanroom-nowhere is not there: build it");
    }

    @ParameterizedTest
    @CsvSource({
        "rm /usr/bin/rg, has no rg: install ripgrep",
        "rm /usr/bin/rg /usr/bin/git, 'has no git, no rg: install git, ripgrep'",
        "rm /lib64/ld-linux-x86-64.so.2, 'needs a shell and glibc 2.34'"
    })
    void saysWhatAnImageLacks(String removal, String said) throws Exception {
        var name = "cleanroom-lacking-" + UUID.randomUUID();
        DockerDaemon.socket();
        // the last command of this container may remove what it runs on
        DockerDaemon.docker("run", "--name", name, "--network=none", DockerDaemon.IMAGE, "/bin/sh", "-c", removal);
        DockerDaemon.docker("commit", name, name);
        try {
            assertThat(problem(name)).contains(said);
        } finally {
            DockerDaemon.docker("rm", name);
            DockerDaemon.docker("rmi", name);
        }
    }

    private static String problem(String image) throws Exception {
        return engine(HostPreparation.home(), image, List.of())
                .preflight()
                .problem()
                .orElse("");
    }

    @Test
    void saysThatNoDaemonAnswers() throws Exception {
        var socket = HostPreparation.home().resolve("s");
        var away = new DockerEngine(
                HostPreparation.home(),
                Path.of("target/classes"),
                "x",
                List.of(),
                LIMITS,
                new DockerSocket(socket, Duration.ofSeconds(1)));

        assertThat(away.preflight().problem().orElse("")).startsWith("The daemon at " + socket + " cannot be asked");
        assertThatThrownBy(() -> away.isAlive(UUID.randomUUID()))
                .isInstanceOf(SandboxException.class); // not: it is dead
        assertThat(away.preflight().problem()).isNotEqualTo(Optional.empty());
    }
}
