package dev.cleanroom.bench;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;

import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.testing.ScriptedModel;
import dev.cleanroom.whole.WholeServer;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long people wait after something died: from {@code ./cleanroom} to the next event of a turn that was killed in a
 * command; from the death or the silence of the active server to the standby that is ready; and from a client's request
 * to the last of a session's events.
 */
public final class RecoveryBench {
    private static final int ROUNDS = 5;
    private static final int EVENTS = 10_000;
    private static final int MISSED = 100; // by a client that was away for a moment
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final String PROMPT = "go on after a restart";

    private RecoveryBench() {}

    public static void main(String[] arguments) throws Exception {
        try (var model = ScriptedModel.start()) {
            model.script(
                    PROMPT,
                    List.of(reply(call("Bash", "{\"command\":\"echo running; sleep 1\"}")), reply(text("On."))));
            restart(model);
            standby(model);
        }
    }

    private static void restart(ScriptedModel model) throws Exception {
        try (var server = WholeServer.withModel(Figures.home(), model.anthropicBase(), ScriptedModel.MODEL)) {
            server.start(); // builds, unpacks, trains
            var name = Figures.name("restarts");
            var project = server.project(name);
            var taken = new ArrayList<Long>();
            for (int i = 0; i < ROUNDS; i++) {
                var session = runningCommand(server, project);
                long before = server.events(session).size();
                server.kill();
                var begun = Instant.now();
                server.start();
                var next = server.await(
                        session, LOOK, event -> event.path("sequence").asLong() == before + 1);
                taken.add(Duration.between(begun, Instant.parse(next.path("at").asText()))
                        .toNanos());
                server.awaitEnd(session, LOOK);
            }
            Figures.print("restart.turn-resumed.p50", Figures.quantile(taken, 0.5) / 1e3, "s", 3);
            Figures.print("restart.turn-resumed.max", Figures.quantile(taken, 1) / 1e3, "s");
            server.delete(project, name);
        }
    }

    private static void standby(ScriptedModel model) throws Exception {
        var home =
                Files.createTempDirectory("cleanroom-two-"); // the servers close it to others, the database's user too
        run("cp", "-a", Figures.home().resolve("app").toString(), home.toString());
        var cluster = Files.createTempDirectory("cleanroom-cluster-");
        Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwxr-xr-x"));
        var postgres = EmbeddedPostgres.start(cluster.resolve("postgres"), List.of(), System.err::println);
        postgres.createDatabase("two");
        var first = WholeServer.on(postgres, "two", home, model.anthropicBase(), ScriptedModel.MODEL);
        var second = WholeServer.on(postgres, "two", home, model.anthropicBase(), ScriptedModel.MODEL);
        try (first;
                second) {
            first.start();
            var session = first.session(first.project("long"));
            fill(postgres, session);
            reconnect(first, session);
            takeover("KILL", first, second);
            takeover("STOP", second, first); // the other way round
            run("kill", "-KILL", Long.toString(second.process().pid()));
        } finally {
            postgres.stop();
            run("rm", "-r", home.toString(), cluster.toString());
        }
    }

    /** Sentences of an agent, as most events are. */
    private static void fill(EmbeddedPostgres postgres, String session) throws Exception {
        try (var database =
                        DriverManager.getConnection(postgres.jdbcUrl("two"), postgres.username(), postgres.password());
                var sql = database.createStatement()) {
            sql.execute("""
                    with moved as (update session set sequence = %1$d where id = '%2$s' returning id)
                    insert into session_event (session, sequence, at, actor, type, payload)
                    select moved.id, n, now(), cast('{"kind":"agent"}' as json), 'text-finished', cast(
                      '{"type":"text-finished","turnId":"%2$s","block":0,"text":"' || repeat('A sentence. ', 20) || '"}' as json)
                    from moved, generate_series(1, %1$d) n""".formatted(EVENTS, session));
        }
    }

    private static void reconnect(WholeServer server, String session) throws Exception {
        for (int after : List.of(0, EVENTS - MISSED)) {
            var taken = new ArrayList<Long>();
            for (int i = 0; i < 2 * ROUNDS; i++) {
                long begun = System.nanoTime();
                try (var stream = server.stream(session, after)) {
                    while (stream.next().sequence() < EVENTS) {
                        // until it is caught up
                    }
                }
                if (i >= ROUNDS) { // the first ones run half interpreted
                    taken.add(System.nanoTime() - begun);
                }
            }
            Figures.print("reconnect.missed-" + (EVENTS - after) + ".p50", Figures.quantile(taken, 0.5), "ms", 500);
        }
    }

    private static void takeover(String signal, WholeServer active, WholeServer waiting) throws Exception {
        waiting.launch();
        while (!waiting.log().contains("waits to take over")) {
            Thread.sleep(LOOK);
        }
        long begun = System.nanoTime();
        run("kill", "-" + signal, Long.toString(active.process().pid()));
        while (!waiting.isReady()) {
            Thread.sleep(LOOK);
        }
        Figures.print("takeover." + signal.toLowerCase(Locale.ROOT), (System.nanoTime() - begun) / 1e9, "s", 15);
    }

    private static String runningCommand(WholeServer server, String project) throws Exception {
        var session = server.session(project);
        server.prompt(session, PROMPT);
        try (var stream = server.stream(session, 0)) {
            while (!stream.next().data().has("stream")) {
                // until the command says that it runs
            }
        }
        return session;
    }

    private static void run(String... command) throws Exception {
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
