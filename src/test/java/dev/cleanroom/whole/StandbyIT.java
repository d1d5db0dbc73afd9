package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers on one database and one data folder: the second takes over what the first was doing. */
class StandbyIT {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration TAKEOVER = Duration.ofSeconds(15);
    private static final int TAKEN_OVER = 75; // exit code
    private static final ObjectMapper JSON = new ObjectMapper();

    private static EmbeddedPostgres postgres;

    private Path home;
    private String database;
    private WholeServer first;
    private WholeServer second;

    @BeforeEach
    void start() throws Exception {
        if (postgres == null) {
            var cluster = Files.createTempDirectory("cleanroom-cluster-");
            Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwxr-xr-x"));
            postgres = EmbeddedPostgres.start(cluster.resolve("postgres"), List.of("fsync=off"), System.out::println);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Shared.delete(cluster)));
        }
        database = "standby_" + UUID.randomUUID().toString().substring(0, 8);
        postgres.createDatabase(database);
        home = Files.createTempDirectory("cleanroom-two-");
        Shared.copyApplication(home);
        first = server();
        first.start();
        second = server();
        second.launch();
        Eventually.isTrue(LONG, () -> second.log().contains("waits to take over"));
    }

    private WholeServer server() throws IOException {
        return WholeServer.on(postgres, database, home, Shared.MODEL.anthropicBase(), ScriptedModel.MODEL);
    }

    @AfterEach
    void end() {
        first.close();
        Shared.end(second);
        postgres.dropDatabase(database);
    }

    @Test
    void whileTheFirstServesTheSecondSaysThatItWaitsAndDoesNothingElse() throws Exception {
        assertThat(second.send("GET", "/q/health/ready", null, Map.of()).statusCode())
                .isEqualTo(503);
        for (var request : List.of("GET /api/v1/me", "POST /api/v1/login", "GET /", "GET /git/x.git/info/refs")) {
            var answer = second.send(request.split(" ")[0], request.split(" ")[1], null, Map.of());
            assertThat(answer.statusCode()).as(request).isEqualTo(503);
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(JSON.readTree(answer.body()).path("type").asText()).isEqualTo("server.standby");
        }
        assertThat(first.isReady()).isTrue();

        first.stop();

        Eventually.isTrue(TAKEOVER, second::isReady);
        assertThat(first.process().exitValue()).isNotEqualTo(TAKEN_OVER);
    }

    @Test
    void afterAKillInACommandTheSecondJoinsItAndTheTurnGoesOn() throws Exception {
        var session = runningCommand("the first dies");
        var waiting = first.post(
                        "/api/v1/projects/" + first.project("approvals") + "/sessions", Map.of("mode", "default"))
                .path("id")
                .asText();
        Shared.MODEL.script(
                "ask first", List.of(reply(call("Bash", "{\"command\":\"touch asked\"}")), reply(text("Ok."))));
        first.prompt(waiting, "ask first");
        var question =
                first.await(waiting, LOOK, event -> event.path("type").asText().equals("approval-requested"));

        long killed = System.nanoTime();
        first.kill();
        awaitTakeover("takeover.killed", killed);

        assertThat(second.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        assertThat(second.file(session, "runs.txt")).isEqualTo("begin\nend\n");
        assertThat(returned(session)).isEqualTo(1);
        second.post(
                "/api/v1/sessions/" + waiting + "/approvals/"
                        + question.path("callId").asText(),
                Map.of("decision", "allow"));
        assertThat(second.awaitEnd(waiting, LOOK).path("reason").asText()).isEqualTo("answered");
    }

    @Test
    void aFirstOneThatStandsStillIsTakenOverAndDoesNothingWhenItWakesUp() throws Exception {
        var session = runningCommand("the first stands still");

        long stopped = System.nanoTime();
        signal("STOP", first);
        awaitTakeover("takeover.silent", stopped);

        assertThat(second.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        assertThat(second.file(session, "runs.txt")).isEqualTo("begin\nend\n");
        var events = second.events(session);

        signal("CONT", first);

        assertThat(first.process().waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(first.process().exitValue()).isEqualTo(TAKEN_OVER);
        assertThat(first.log()).contains("Another server has taken over");
        assertThat(second.isReady()).isTrue();
        assertThat(second.events(session)).isEqualTo(events);
        second.prompt(session, "and on");
        second.await(
                session,
                LOOK,
                event -> event.path("type").asText().equals("turn-ended")
                        && event.path("sequence").asLong() > events.size());
        assertThat(second.file(session, "runs.txt")).isEqualTo("begin\nend\n");
    }

    /** A session whose command runs for some seconds, on the first server. */
    private String runningCommand(String prompt) throws Exception {
        var session = first.session(first.project(prompt));
        Shared.MODEL.script(
                prompt,
                List.of(
                        reply(
                                call(
                                        "Bash",
                                        "{\"command\":\"echo begin >> runs.txt; echo running; sleep 12; echo end >> runs.txt\"}")),
                        reply(text("It went on.")),
                        reply(text("And on."))));
        first.prompt(session, prompt);
        try (var stream = first.stream(session, 0)) {
            for (var next = stream.next(); !next.data().has("stream"); next = stream.next()) {
                // until the command says that it runs
            }
        }
        return session;
    }

    private void awaitTakeover(String name, long since) throws Exception {
        Eventually.isTrue(LONG, second::isReady);
        var taken = Duration.ofNanos(System.nanoTime() - since);
        System.out.printf(
                Locale.ROOT, "%s %.2f s  (aim at most %d)%n", name, taken.toMillis() / 1e3, TAKEOVER.toSeconds());
        assertThat(taken).isLessThan(TAKEOVER);
    }

    private long returned(String session) throws Exception {
        return second.events(session)
                .valueStream()
                .filter(event -> event.path("type").asText().equals("tool-returned"))
                .count();
    }

    private static void signal(String name, WholeServer server) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(server.process().pid()))
                .start()
                .waitFor();
    }
}
