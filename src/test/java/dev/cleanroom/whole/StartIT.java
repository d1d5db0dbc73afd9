package dev.cleanroom.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps it from starting is said in one sentence, with what to do, and an exit code. */
class StartIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Path home;

    /** A data folder that has served before; its application is the shared server's, so that none is prepared anew. */
    @BeforeEach
    void copy() throws Exception {
        var used = Shared.server().home();
        home = Files.createTempDirectory("cleanroom-start-");
        run("cp", "-a", used.resolve("app").toString(), home.toString());
    }

    @AfterEach
    void delete() {
        Shared.delete(home);
    }

    @Test
    void aSecondServerOnTheSameDataFolderNamesTheFirst() throws Exception {
        var first = Shared.server();

        var said = fails(new WholeServer(first.home(), Map.of()));

        assertThat(said)
                .contains("Another server (process " + first.process().pid() + ") runs on the data folder "
                        + first.home())
                .contains("CLEANROOM_HOME");
        assertThat(first.isReady()).isTrue();
    }

    /** Of which the running one must not lose a file: it loads classes as it needs them. */
    @Test
    void aSecondServerOfANewerBuildLeavesTheFirstItsApplication() throws Exception {
        var first = Shared.server();
        var built = Path.of("target/built");
        var when = Files.getLastModifiedTime(built);
        var builds = builds(first.home());
        var newer = FileTime.from(when.to(TimeUnit.SECONDS) + 60, TimeUnit.SECONDS);
        var app = first.home().resolve("app");
        run( // so that none is prepared anew
                "cp",
                "-a",
                app.resolve(builds.iterator().next()).toString(),
                app.resolve(newer.to(TimeUnit.SECONDS) + "000000000").toString());
        Files.setLastModifiedTime(built, newer);
        try {
            assertThat(fails(new WholeServer(first.home(), Map.of()))).contains("Another server (process ");
            assertThat(builds(first.home())).containsAll(builds).hasSize(builds.size() + 1);
        } finally {
            Files.setLastModifiedTime(built, when);
        }
        assertThat(first.isReady()).isTrue();

        first.stop();
        first.start();

        assertThat(builds(first.home())).isEqualTo(builds); // nobody runs from the other one
    }

    private static Set<String> builds(Path home) throws IOException {
        try (var builds = Files.list(home.resolve("app"))) {
            return builds.map(build -> build.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aRelativeDataFolderIsWhereThePersonStands() throws Exception {
        var builder = new ProcessBuilder(Path.of("cleanroom").toAbsolutePath().toString(), "admin-link")
                .directory(home.toFile())
                .redirectErrorStream(true);
        builder.environment().put("CLEANROOM_HOME", "data");
        var process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("No server has run with the data folder " + home.resolve("data") + ".");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void aDatabaseThatOutlivedItsServerIsEnded() throws Exception {
        var server = Shared.server();
        var keepers = server.process()
                .toHandle()
                .descendants()
                .filter(child -> child.info().command().orElse("").matches(".*/(ba|da)?sh"))
                .toList();
        assertThat(keepers).isNotEmpty();
        keepers.forEach(ProcessHandle::destroyForcibly); // they would end the database with the server
        server.kill();

        server.start();

        assertThat(server.isReady()).isTrue();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNamedWithItsSettings() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var nobodys = Map.of("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + port + "/x");

        assertThat(fails(new WholeServer(home, nobodys)))
                .contains("The database does not take the connection")
                .contains("QUARKUS_DATASOURCE_JDBC_URL")
                .doesNotContain("This is a bug");
    }

    @Test
    void aTakenPortIsNamedWithItsSetting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(fails(new WholeServer(home, Map.of("QUARKUS_HTTP_PORT", port))))
                    .contains("Another program uses the port " + port)
                    .contains("QUARKUS_HTTP_PORT");
            assertThat(fails(new WholeServer(home, Map.of("QUARKUS_MANAGEMENT_PORT", port))))
                    .contains("Another program uses the port " + port)
                    .contains("QUARKUS_MANAGEMENT_PORT");
        }
    }

    @Test
    void aDamagedMasterKeyOrDatabaseIsNamedWithItsFile() throws Exception {
        var key = home.resolve("master.key");
        Files.writeString(key, "not a key\n");
        own(key);

        assertThat(fails(new WholeServer(home, Map.of())))
                .contains("32 random bytes")
                .contains(key.toString());

        Files.delete(key);
        var cluster = home.resolve("postgres/data");
        Files.delete(cluster.resolve("global/pg_control"));

        assertThat(fails(new WholeServer(home, Map.of())))
                .contains("The database in " + cluster + " cannot be started")
                .contains("backup");

        Files.delete(cluster.resolve("PG_VERSION"));

        assertThat(fails(new WholeServer(home, Map.of())))
                .contains("The database in " + cluster + " is damaged")
                .contains("CLEANROOM_HOME");

        Files.writeString(cluster.resolve("PG_VERSION"), "9\n");

        assertThat(fails(new WholeServer(home, Map.of()))).contains("was made by PostgreSQL 9");
    }

    @Test
    void anAddressWithoutEncryptionIsRefused() throws Exception {
        assertThat(fails(new WholeServer(home, Map.of("CLEANROOM_URL", "http://cleanroom.example.org"))))
                .contains("would send passwords unencrypted");
    }

    /** Starts it, which must fail. @return what it said in the end, in one line */
    private static String fails(WholeServer server) throws Exception {
        var process = server.launch();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        var lines = server.log().lines().toList();
        assertThat(lines).noneMatch(line -> line.startsWith("\tat "));
        assertThat(lines.getLast()).startsWith("cleanroom: The server cannot start. ");
        return lines.getLast();
    }

    private static void own(Path file) throws IOException, InterruptedException {
        if (System.getProperty("user.name").equals("root")) {
            run("chown", "cleanroom:", file.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
