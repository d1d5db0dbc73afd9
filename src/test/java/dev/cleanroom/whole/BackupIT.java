package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ./cleanroom backup} and {@code restore}, from one data folder to another; a project's export, from one to another. */
class BackupIT {
    private static final Map<String, String> PASSPHRASE =
            Map.of("CLEANROOM_BACKUP_PASSPHRASE", "correct horse battery");
    private static final long LIMIT_MINUTES = 10;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    private Path home;
    private Path file;

    private record Ended(int code, String said) {}

    @BeforeEach
    void choose() throws Exception {
        home = Files.createTempDirectory("cleanroom-moved-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Shared.copyApplication(home);
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

        try (var here = new WholeServer(home, Map.of())) {
            here.start();
            assertThat(here.get("/api/v1/projects/" + project).path("name").asText())
                    .isEqualTo("moved");
        }
    }

    @Test
    void movesIntoADatabaseOfSomebodyElses() throws Exception {
        var there = Shared.server();
        String project = there.project("moved out");
        assertThat(run(there.home(), PASSPHRASE, "backup", file.toString()).code())
                .isZero();
        var cluster = Files.createTempDirectory("cleanroom-cluster-");
        Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwxr-xr-x"));
        var postgres = EmbeddedPostgres.start(cluster.resolve("postgres"), List.of("fsync=off"), System.out::println);
        try {
            postgres.createDatabase("elsewhere");
            var settings = new HashMap<String, String>(Map.of(
                    "QUARKUS_DATASOURCE_JDBC_URL",
                    postgres.jdbcUrl("elsewhere"),
                    "QUARKUS_DATASOURCE_USERNAME",
                    postgres.username(),
                    "QUARKUS_DATASOURCE_PASSWORD",
                    postgres.password()));
            settings.putAll(PASSPHRASE);

            var restored = run(home, settings, "restore", file.toString());

            assertThat(restored.said()).contains("All repositories are whole");
            assertThat(restored.code()).isZero();
            assertThat(run(home, settings, "restore", file.toString()).said()).contains("--replace");
            assertThat(home.resolve("postgres")).doesNotExist();
            try (var here = new WholeServer(home, settings)) {
                here.start();
                assertThat(here.get("/api/v1/projects/" + project).path("name").asText())
                        .isEqualTo("moved out");
                assertThat(run(home, settings, "restore", "--replace", file.toString())
                                .said())
                        .contains("Stop it first");
            }
        } finally {
            postgres.stop();
            Shared.delete(cluster);
        }
    }

    @Test
    void aSessionThatCameWithAProjectGoesOnWhereItWas() throws Exception {
        var server = Shared.server();
        Shared.MODEL.script(
                "write it down",
                List.of(
                        reply(call("Write", "{\"file_path\":\"kept.txt\",\"content\":\"as it was\\n\"}")),
                        reply(text("Written."))));
        Shared.MODEL.script(
                "what did you write",
                List.of(reply(call("Bash", "{\"command\":\"cat kept.txt\"}")), reply(text("I read it."))));
        String project = server.project("exported");
        var session = server.session(project);
        server.prompt(session, "write it down");
        server.awaitEnd(session, LOOK);

        var made = imported(server, exported(server, project));

        var here = server.get("/api/v1/projects/" + made + "/sessions")
                .path("items")
                .path(0)
                .path("id")
                .asText();
        long before = server.events(here).size();
        server.ask("PATCH", "/api/v1/sessions/" + here, "{\"mode\":\"bypassPermissions\"}");
        server.prompt(here, "what did you write");
        var ended = server.await(
                here,
                LOOK,
                event -> event.path("type").asText().equals("turn-ended")
                        && event.path("sequence").asLong() > before);
        assertThat(ended.path("reason").asText()).isEqualTo("answered");
        assertThat(server.events(here)
                        .valueStream()
                        .filter(event -> event.path("type").asText().equals("tool-returned"))
                        .map(event -> event.path("output").asText())
                        .toList()
                        .getLast())
                .contains("as it was");
        assertThat(server.file(here, "kept.txt")).isEqualTo("as it was\n");
    }

    private byte[] exported(WholeServer server, String project) throws Exception {
        var request = HttpRequest.newBuilder(server.url().resolve("/api/v1/projects/" + project + "/export.zip"))
                .header("Authorization", "Bearer " + server.token());
        var answer = client.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** @return the new project's id */
    private String imported(WholeServer server, byte[] export) throws Exception {
        var request = HttpRequest.newBuilder(server.url().resolve("/api/v1/projects/import?name=imported"))
                .header("Authorization", "Bearer " + server.token())
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(export));
        var answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(201);
        return JSON.readTree(answer.body()).path("id").asText();
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
