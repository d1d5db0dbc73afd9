package dev.cleanroom.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./cleanroom backup} and {@code restore}, from one data folder to another. */
class BackupIT {
    private static final Map<String, String> PASSPHRASE =
            Map.of("CLEANROOM_BACKUP_PASSPHRASE", "correct horse battery");
    private static final long LIMIT_MINUTES = 10;

    private Path home;
    private Path file;

    private record Ended(int code, String said) {}

    @BeforeEach
    void choose() throws IOException {
        home = Files.createTempDirectory("cleanroom-moved-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        file = Files.createTempDirectory("backup").resolve("all.backup");
    }

    @AfterEach
    void delete() {
        Shared.delete(home);
        Shared.delete(file.getParent());
    }

    @Test
    void movesAnInstallationWhileItsServerRunsAndSecretsOpenThere() throws Exception {
        var there = Shared.server();
        String project = there.project("moved");

        var saved = run(there.home(), PASSPHRASE, "backup", file.toString());

        assertThat(saved.said()).contains("Saved ").contains("The backup is " + file);
        assertThat(saved.code()).isZero();
        assertThat(there.isReady()).isTrue();
        assertThat(Path.of(file + ".part")).doesNotExist();
        assertThat(run(there.home(), PASSPHRASE, "backup", file.toString()).said())
                .contains("is there already");
        assertThat(run(there.home(), PASSPHRASE, "restore", file.toString()).said())
                .contains("Stop it first");

        assertThat(run(home, Map.of("CLEANROOM_BACKUP_PASSPHRASE", "another passphrase"), "restore", file.toString())
                        .said())
                .contains("The passphrase does not open the key");
        assertThat(home.resolve("master.key")).doesNotExist();
        var restored = run(home, PASSPHRASE, "restore", file.toString());
        assertThat(restored.said()).contains("All repositories are whole");
        assertThat(restored.code()).isZero();
        assertThat(Files.readString(home.resolve("master.key")))
                .isEqualTo(Files.readString(there.home().resolve("master.key")));
        assertThat(run(home, PASSPHRASE, "restore", file.toString()).said()).contains("--replace");

        Files.copy(there.home().resolve("cli-token"), home.resolve("cli-token"));
        try (var here = new WholeServer(home, Map.of())) {
            here.start();
            assertThat(here.get("/api/v1/projects/" + project).path("name").asText())
                    .isEqualTo("moved");
        }
    }

    private static Ended run(Path home, Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of("setsid", "--wait", "./cleanroom")); // without a terminal
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var environment = new HashMap<>(settings);
        environment.put("CLEANROOM_HOME", home.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), said);
    }
}
