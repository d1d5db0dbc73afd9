package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.Asked;
import dev.cleanroom.testing.Asked.Turn;
import dev.cleanroom.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A turn of twenty steps, and the server killed in each of them: the turn goes on by itself, and nothing happens twice. */
class ChaosIT {
    private static final int STEPS = 20;
    private static final Duration LONG =
            Duration.ofMinutes(2); // a step of a loaded machine, start of the server included
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PACE = Duration.ofMillis(4); // between deltas: a stream lasts long enough to be hit
    private static final int SOME = 30; // things seen in a step, about: a random moment is one of them

    /** What can be seen of a step from outside, in its order; {@link #ANY} is the n-th thing seen since its request. */
    private enum Moment {
        REQUESTED,
        STREAMING,
        CALLED,
        RUNNING,
        RETURNED,
        CHECKPOINTED,
        ANY,
        STARTING,
        READY
    }

    private record Seen(Moment moment, int step) {}

    private final WholeServer server;
    private final String session;
    private final List<JsonNode> streamed = Collections.synchronizedList(new ArrayList<>()); // over all lives
    private volatile BlockingQueue<Seen> seen = new LinkedBlockingQueue<>(); // in this life

    ChaosIT() throws Exception {
        server = Shared.server();
        session = server.session(server.project("chaos"));
    }

    @Test
    void aTurnGoesOnByItselfWhereverTheServerIsKilledAndNoCommandRunsTwice() throws Exception {
        long seed = Long.getLong("chaos.seed", System.nanoTime() & 0xffff);
        System.out.println("chaos.seed=" + seed);
        Shared.MODEL.script(
                "twenty",
                IntStream.rangeClosed(1, STEPS).mapToObj(ChaosIT::step).toList());
        Shared.MODEL.when(this::noted, reply(text("never"))); // only looks
        server.prompt(session, "twenty steps");

        killInEveryStep(new Random(seed));

        assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        var events = new ArrayList<JsonNode>();
        server.events(session).forEach(events::add);
        assertThat(events.stream().map(event -> event.path("sequence").asInt()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(ofType(events, "tool-returned"))
                .hasSize(STEPS)
                .allSatisfy(returned -> assertThat(returned.path("failed").asBoolean())
                        .as(returned::toString)
                        .isFalse());
        assertThat(server.file(session, "runs.txt").lines()).containsExactlyElementsOf(expectedRuns());
        assertThat(server.file(session, "notes.txt")).isEqualTo("LINE 1\nLINE 2\nLINE 3\nLINE 4\n");
        try (var rest = server.stream(session, streamed.size())) {
            while (streamed.size() < events.size()) {
                note(rest.next());
            }
        }
        assertThat(streamed).isEqualTo(events);
        assertThat(Shared.MODEL.refusals()).isEmpty();
        var requests = Shared.MODEL.requests().stream().filter(ChaosIT::isOurs).toList();
        for (int i = 1; i < requests.size(); i++) {
            assertThat(requests.get(i).prefix()).startsWith(requests.get(i - 1).prefix());
        }
    }

    private static Answer step(int number) {
        var said = text("Step " + number + ": " + "I look at what is there and go on. ".repeat(4));
        return (number % 5 == 0
                        ? reply(thinking("I think. ".repeat(10)), said, what(number))
                        : reply(said, what(number)))
                .pace(PACE);
    }

    /** Every second step is a command that leaves a line when it begins and one when it ends. */
    private static Answer.Part what(int number) {
        if (number == 1) {
            return call("Write", "{\"file_path\":\"notes.txt\",\"content\":\"line 1\\nline 2\\nline 3\\nline 4\\n\"}");
        }
        if (number % 2 == 0) {
            return call(
                    "Bash",
                    "{\"command\":\"echo begin %d >> runs.txt; echo running; read -t 0.4 < <(tail -f /dev/null); echo end %d >> runs.txt\"}"
                            .formatted(number, number));
        }
        return switch (number) {
            case 3, 7, 11, 15 -> call("Read", "{\"file_path\":\"notes.txt\"}");
            case 19 -> call("Grep", "{\"pattern\":\"LINE\"}");
            default ->
                call(
                        "Edit",
                        "{\"file_path\":\"notes.txt\",\"old_string\":\"line %d\",\"new_string\":\"LINE %d\"}"
                                .formatted(number / 4, number / 4)); // 5, 9, 13, 17
        };
    }

    private static List<String> expectedRuns() {
        return IntStream.rangeClosed(1, STEPS / 2)
                .boxed()
                .flatMap(i -> List.of("begin " + 2 * i, "end " + 2 * i).stream())
                .toList();
    }

    /** In each step at a moment that fits it, in an order that chance decides; all moments have their turn. */
    private void killInEveryStep(Random random) throws Exception {
        var inCommands = shuffled(
                random,
                List.of(
                        Moment.RUNNING,
                        Moment.RUNNING,
                        Moment.RUNNING,
                        Moment.CALLED,
                        Moment.CALLED,
                        Moment.RETURNED,
                        Moment.RETURNED,
                        Moment.CHECKPOINTED,
                        Moment.STREAMING,
                        Moment.ANY));
        var inOthers = shuffled(
                random,
                List.of(
                        Moment.REQUESTED,
                        Moment.REQUESTED,
                        Moment.STREAMING,
                        Moment.CALLED,
                        Moment.RETURNED,
                        Moment.ANY,
                        Moment.ANY,
                        Moment.ANY,
                        Moment.STARTING,
                        Moment.READY));
        var watcher = watch();
        for (int step = 1; step <= STEPS; step++) {
            var moment = (step % 2 == 0 ? inCommands : inOthers).get((step - 1) / 2);
            var hit = moment == Moment.STARTING || moment == Moment.READY
                    ? restarted(moment)
                    : await(step, moment, random);
            server.kill();
            if (random.nextBoolean()) {
                killDatabase();
            }
            watcher.join();
            var took = server.start();
            System.out.printf("step %d: killed at %s, %s; ready after %d ms%n", step, moment, hit, took.toMillis());
            watcher = watch();
        }
    }

    private static List<Moment> shuffled(Random random, List<Moment> moments) {
        var shuffled = new ArrayList<>(moments);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Waits for the moment, or for the next step if this one had none such. */
    private Seen await(int step, Moment moment, Random random) throws Exception {
        int more = random.nextInt(SOME);
        while (true) {
            var next = seen.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(next)
                    .as(() -> "the turn goes on by itself before step " + step)
                    .isNotNull();
            boolean isIt =
                    moment == Moment.ANY ? next.step() == step && more-- == 0 : next.equals(new Seen(moment, step));
            if (isIt || next.step() > step) {
                return next;
            }
        }
    }

    /** Killed once more before the kill proper: in the middle of a start, or when it has just become ready. */
    private Seen restarted(Moment moment) throws Exception {
        server.kill();
        if (moment == Moment.READY) {
            server.start();
        } else {
            server.launch();
            var database = server.home().resolve("postgres/data/postmaster.pid");
            Eventually.isTrue(LONG, () -> Files.exists(database));
        }
        return new Seen(moment, 0);
    }

    private void killDatabase() throws IOException {
        var database = server.home().resolve("postgres/data/postmaster.pid");
        if (Files.exists(database)) {
            var lines = Files.readAllLines(database);
            if (!lines.isEmpty()) {
                ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** Follows the session's stream from where the last life's ended. */
    private Thread watch() throws Exception {
        var queue = new LinkedBlockingQueue<Seen>();
        seen = queue;
        var stream = server.stream(session, streamed.size());
        return Thread.ofVirtual().start(() -> {
            try (stream) {
                while (true) {
                    queue.add(note(stream.next()));
                }
            } catch (IOException killed) {
                // the next life's stream goes on
            }
        });
    }

    private final Map<String, Integer> steps = new HashMap<>(); // by call
    private int step;

    private synchronized Seen note(EventStream.Streamed streamed) {
        var data = streamed.data();
        if (streamed.name().equals("delta")) {
            return data.has("callId")
                    ? new Seen(
                            Moment.RUNNING,
                            steps.getOrDefault(data.path("callId").asText(), step))
                    : new Seen(Moment.STREAMING, data.path("step").asInt());
        }
        assertThat(streamed.sequence()).isEqualTo(this.streamed.size() + 1);
        this.streamed.add(data);
        switch (streamed.type()) {
            case "tool-called" -> {
                step = data.path("step").asInt();
                steps.put(data.path("callId").asText(), step);
                return new Seen(Moment.CALLED, step);
            }
            case "tool-returned" -> {
                return new Seen(Moment.RETURNED, step);
            }
            case "checkpoint-taken" -> {
                return new Seen(Moment.CHECKPOINTED, step);
            }
            default -> {
                return new Seen(Moment.ANY, step);
            }
        }
    }

    private boolean noted(Asked asked) {
        if (isOurs(asked)) {
            int replies = (int)
                    asked.turns().stream().filter(Turn.Reply.class::isInstance).count();
            seen.add(new Seen(Moment.REQUESTED, replies + 1));
        }
        return false;
    }

    private static boolean isOurs(Asked asked) {
        return asked.prompts().stream().anyMatch(prompt -> prompt.contains("twenty steps"));
    }

    private static List<JsonNode> ofType(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .toList();
    }
}
