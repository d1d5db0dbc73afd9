package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.Asked;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The running server loses something that it stands on: itself, its database, a sandbox. */
class FaultsIT {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration TERM = Duration.ofSeconds(10); // what SIGTERM promises
    private static final Duration LONG = Duration.ofMinutes(2); // for what comes by itself on a loaded machine
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHORT_TIMEOUTS =
            "-Dquarkus.datasource.jdbc.acquisition-timeout=1S -Dquarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout=3";

    private final WholeServer server;

    FaultsIT() throws Exception {
        server = Shared.server();
    }

    @Test
    void afterAKillWhileIdleEverythingIsThereAndThePersonIsStillSignedIn() throws Exception {
        var project = project();
        var session = server.session(project);
        Shared.MODEL.script("say hello", List.of(reply(text("Hello."))));
        server.prompt(session, "say hello");
        server.awaitEnd(session, LOOK);
        var cookie = server.signIn();
        var sessions = as(cookie, "/api/v1/projects/" + project + "/sessions");
        var events = as(cookie, "/api/v1/sessions/" + session + "/events");

        server.kill();
        server.start();

        assertThat(as(cookie, "/api/v1/me").path("email").asText()).isEqualTo(WholeServer.EMAIL);
        assertThat(as(cookie, "/api/v1/projects/" + project + "/sessions")).isEqualTo(sessions);
        assertThat(as(cookie, "/api/v1/sessions/" + session + "/events")).isEqualTo(events);
    }

    @Test
    void whileTheDatabaseIsAwayReadsSaySoAndTheTurnGoesOnAfterwards() throws Exception {
        var session = server.session(project());
        Shared.MODEL.script(
                "work without a database",
                List.of(
                        reply(text("I look."), call("Bash", "{\"command\":\"echo once >> runs.txt; echo done\"}")),
                        reply(text("The database went. ".repeat(200))).pace(Duration.ofMillis(10)),
                        reply(text("never asked"))));
        server.prompt(session, "work without a database");
        Eventually.isTrue(LONG, () -> asked("work without a database") == 2);
        var before = server.events(session);
        var stream = server.stream(session, 0);
        while (!stream.next().name().equals("ports")) {
            // it has read the log and is told what comes
        }

        try (var _ = Outage.of(server)) {
            assertThat(awaySince(stream)).isNotEmpty();
            var answer = server.ask("GET", "/api/v1/sessions/" + session + "/events", null);
            assertThat(answer.statusCode()).as(answer::body).isEqualTo(503);
            assertThat(JSON.readTree(answer.body()).path("type").asText()).isEqualTo("server.database-away");
            assertThat(server.ask("POST", "/api/v1/sessions/" + session + "/prompts", "{\"text\":\"x\"}")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(server.send("POST", "/api/v1/login", credentials(), Map.of())
                            .statusCode())
                    .isEqualTo(503);
            Eventually.isTrue(LONG, () -> server.log().contains("waits for the database"));
        }

        while (!awaySince(stream).isEmpty()) {
            // said again at each try
        }
        stream.close();
        assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        var after = server.events(session);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
        assertThat(server.file(session, "runs.txt")).isEqualTo("once\n");
        assertThat(asked("work without a database")).isEqualTo(2);
    }

    /** {@code outage.seconds} says how long it stands still; from some minutes on all timeouts are those of every day. */
    @Test
    void aDatabaseThatStandsStillLongerThanEveryTimeoutLosesAndRepeatsNothing() throws Exception {
        int seconds = Integer.getInteger("outage.seconds", 20);
        var home = Files.createTempDirectory("cleanroom-still-");
        Shared.copyApplication(home);
        var still = WholeServer.withModel(
                home,
                Shared.MODEL.anthropicBase(),
                ScriptedModel.MODEL,
                seconds > 60 ? Map.of() : Map.of("CLEANROOM_JAVA_OPTS", SHORT_TIMEOUTS));
        try {
            still.start();
            var project = still.project("still");
            var replying = still.session(project);
            var running = still.session(project);
            Shared.MODEL.script(
                    "reply while it stands",
                    List.of(
                            reply(text("I look."), call("Bash", "{\"command\":\"echo once >> runs.txt\"}")),
                            reply(
                                            text("The database stands. ".repeat(100)),
                                            call("Bash", "{\"command\":\"cat runs.txt\"}"))
                                    .pace(Duration.ofMillis(10)),
                            reply(text("And on."))));
            Shared.MODEL.script(
                    "run while it stands",
                    List.of(
                            reply(
                                    call(
                                            "Bash",
                                            "{\"command\":\"echo begin >> runs.txt; echo running; sleep 5; echo end >> runs.txt\"}")),
                            reply(text("It ran."))));
            still.prompt(running, "run while it stands");
            try (var stream = still.stream(running, 0)) {
                for (var next = stream.next(); !next.data().has("stream"); next = stream.next()) {
                    // until the command says that it runs
                }
            }
            still.prompt(replying, "reply while it stands");
            Eventually.isTrue(LONG, () -> asked("reply while it stands") == 2);
            var before = still.events(replying);
            var stream = still.stream(replying, 0);
            while (!stream.next().name().equals("ports")) {
                // it has read the log and is told what comes
            }

            postgres(still, "STOP");
            long stopped = System.nanoTime();
            assertThat(awaySince(stream)).isNotEmpty();
            var answer = still.ask("GET", "/api/v1/sessions/" + replying, null);
            assertThat(answer.statusCode()).as(answer::body).isEqualTo(503);
            Eventually.isTrue(LONG.plusSeconds(seconds), () -> still.log().contains("waits for the database"));
            Eventually.isTrue(
                    Duration.ofSeconds(seconds + 1),
                    () -> System.nanoTime() - stopped
                            > Duration.ofSeconds(seconds).toNanos());
            postgres(still, "CONT");

            while (!awaySince(stream).isEmpty()) {
                // said again at each try
            }
            stream.close();
            for (var session : List.of(replying, running)) {
                assertThat(still.awaitEnd(session, LOOK).path("reason").asText())
                        .isEqualTo("answered");
                var after = still.events(session);
                for (int i = 0; i < after.size(); i++) {
                    assertThat(after.get(i).path("sequence").asInt()).isEqualTo(i + 1);
                }
                assertThat(ofType(after, "tool-returned")).hasSameSizeAs(ofType(after, "tool-called"));
            }
            var after = still.events(replying);
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
            assertThat(ofType(after, "tool-returned").getLast().path("output").asText())
                    .isEqualTo("once\n");
            assertThat(still.file(running, "runs.txt")).isEqualTo("begin\nend\n");
            assertThat(asked("reply while it stands")).isEqualTo(3);
            assertThat(asked("run while it stands")).isEqualTo(2);
        } finally {
            postgres(still, "CONT");
            Shared.end(still);
        }
    }

    @Test
    void aSandboxKilledInACommandIsToldToTheModelAndRebuilt() throws Exception {
        var session = server.session(project());
        Shared.MODEL.script(
                "lose the sandbox",
                List.of(
                        reply(call("Write", "{\"file_path\":\"kept.txt\",\"content\":\"kept\\n\"}")),
                        reply(call("Bash", "{\"command\":\"echo running; sleep 600\"}")),
                        reply(call("Bash", "{\"command\":\"cat kept.txt\"}")),
                        reply(text("It was rebuilt."))));
        server.prompt(session, "lose the sandbox");
        try (var stream = server.stream(session, 0)) {
            for (var next = stream.next(); !next.data().has("stream"); next = stream.next()) {
                // until the command says that it runs
            }
        }

        killSandbox(session);

        assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        var returned = ofType(server.events(session), "tool-returned");
        assertThat(returned.get(1).path("outcome").asText()).isEqualTo("unknown");
        assertThat(returned.get(1).path("failed").asBoolean()).isTrue();
        assertThat(returned.get(2).path("output").asText()).contains("kept");
        assertThat(returned.get(2).path("failed").asBoolean()).isFalse();
        assertThat(ofType(server.events(session), "sandbox-lost")).hasSize(1);
        assertThat(ofType(server.events(session), "sandbox-restored")).hasSize(1);
        assertThat(Shared.MODEL.refusals()).isEmpty();
    }

    @Test
    void aTermSignalStopsItInTimeAlsoInTheMiddleOfATurnWhichGoesOnAfterwards() throws Exception {
        var session = server.session(project());
        Shared.MODEL.script(
                "be stopped",
                List.of(
                        reply(
                                call(
                                        "Bash",
                                        "{\"command\":\"echo begin >> runs.txt; echo running; sleep 6; echo end >> runs.txt\"}")),
                        reply(text("It went on."))));
        server.prompt(session, "be stopped");
        try (var stream = server.stream(session, 0)) {
            for (var next = stream.next(); !next.data().has("stream"); next = stream.next()) {
                // until the command says that it runs
            }
            assertThat(server.stop()).isLessThan(TERM);
        }

        server.start();

        assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        assertThat(server.file(session, "runs.txt")).isEqualTo("begin\nend\n");
    }

    /** What the stream says next of the database; empty: it stores again. */
    private static String awaySince(EventStream stream) throws IOException {
        var next = stream.next();
        while (!next.name().equals("database")) {
            next = stream.next();
        }
        return next.data().path("awaySince").asText();
    }

    private String project() throws Exception {
        return server.project("faults " + UUID.randomUUID());
    }

    private JsonNode as(String cookie, String path) throws Exception {
        var answer = server.send("GET", path, null, Map.of("Cookie", cookie));
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String credentials() throws IOException {
        return JSON.writeValueAsString(Map.of("email", WholeServer.EMAIL, "password", WholeServer.PASSWORD));
    }

    private static long asked(String prompt) {
        return Shared.MODEL.requests().stream()
                .map(Asked::prompts)
                .filter(prompts -> prompts.stream().anyMatch(text -> text.contains(prompt)))
                .count();
    }

    private static List<JsonNode> ofType(JsonNode events, String type) {
        return events.valueStream()
                .filter(event -> event.path("type").asText().equals(type))
                .toList();
    }

    /** Process 1 of the session's sandbox, from outside: everything in it goes with it. */
    private void killSandbox(String session) throws IOException {
        var state = Files.readString(
                server.home().resolve("sandboxes").resolve(session).resolve("state"));
        ProcessHandle.of(Long.parseLong(state.split("\\s+")[0])).orElseThrow().destroyForcibly();
    }

    /** To all its processes at once. */
    private static void postgres(WholeServer of, String signal) throws Exception {
        var pid = Files.readAllLines(Strike.database(of)).getFirst().strip();
        var postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        var command = new ArrayList<>(List.of("kill", "-" + signal, pid));
        postmaster.descendants().map(each -> Long.toString(each.pid())).forEach(command::add);
        new ProcessBuilder(command).start().waitFor();
    }

    /** PostgreSQL crashed, and cannot start again until this is closed: its programs are elsewhere. */
    private record Outage(Path programs, Path elsewhere) implements AutoCloseable {
        static Outage of(WholeServer server) throws IOException {
            var folder = server.home().resolve("postgres");
            try (var entries = Files.list(folder)) {
                var programs = entries.filter(
                                entry -> entry.getFileName().toString().startsWith("postgres-"))
                        .findFirst()
                        .orElseThrow();
                var outage = new Outage(programs, folder.resolve("elsewhere"));
                Files.move(programs, outage.elsewhere());
                var pid = Files.readAllLines(folder.resolve("data/postmaster.pid"))
                        .getFirst()
                        .strip();
                var postgres = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
                postgres.destroyForcibly();
                postgres.onExit().join();
                return outage;
            }
        }

        @Override
        public void close() throws IOException {
            Files.move(elsewhere, programs);
        }
    }
}
