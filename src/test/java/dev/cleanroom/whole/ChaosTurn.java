package dev.cleanroom.whole;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.Asked;
import dev.cleanroom.testing.Asked.Turn;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.whole.Strike.Victim;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One turn of {@link ChaosScript} in a project of its own, what is killed in it, and what is wrong with it afterwards. */
final class ChaosTurn {
    private static final Duration LONG = Duration.ofMinutes(2); // without a sign of life, on a loaded machine
    private static final Duration LOOK = Duration.ofMillis(20); // between two tries while something is away

    /** What can be seen of a step from outside, in its order. */
    enum Moment {
        REQUESTED,
        STREAMING,
        CALLED,
        ASKED,
        /** Together with a person's answer, which may arrive or not. */
        ANSWERING,
        ANSWERED,
        RUNNING,
        RETURNED,
        CHECKPOINTED,
        /** The n-th thing seen since the step began. */
        ANY,
        ENDED
    }

    /** @param more things seen in the step before it, for {@link Moment#ANY} @param twice once more while it starts again */
    record Kill(int step, Moment moment, int more, Strike strike, boolean twice) {}

    private record Seen(Moment moment, int step, String callId, long life, long at) {}

    private final WholeServer server;
    private final String name;
    private final Queue<Kill> kills;
    private final ChaosTally tally;
    private final String project;
    private final String session;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final List<JsonNode> streamed = Collections.synchronizedList(new ArrayList<>()); // over all lives
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> steps = new HashMap<>(); // by call; the watching thread's own
    private volatile long life; // connections of the watching thread
    private volatile boolean over;
    private String prefix = ""; // of the newest request; guarded by this

    ChaosTurn(WholeServer server, String name, List<Kill> kills, ChaosTally tally)
            throws IOException, InterruptedException {
        this.server = server;
        this.name = name;
        this.kills = new ArrayDeque<>(kills);
        this.tally = tally;
        project = server.project(name, ChaosScript.project());
        session = server.session(project);
    }

    /** Plays it to its end. @param undisturbed what it has to come to; null: this is that one */
    Transcript play(Transcript undisturbed) throws Exception {
        Shared.MODEL.when(this::isNoted, Answer.reply()); // only looks
        server.prompt(session, ChaosScript.PROMPT + " of " + name);
        Thread.ofVirtual().name("watch-" + name).start(this::watch);
        strikeAndAnswer();
        var transcript = Transcript.of(List.copyOf(streamed));
        if (violations.isEmpty()) {
            check(transcript, undisturbed == null ? transcript : undisturbed);
        }
        over = true;
        if (violations.isEmpty()) {
            server.delete(project, name);
        }
        violations.forEach(violation -> tally.violation(name + ", session " + session + ": " + violation));
        return transcript;
    }

    private void strikeAndAnswer() throws Exception {
        Kill next = kills.poll();
        int more = 0;
        var struck = new Object() {
            Kill kill;
            long at;
            long life;
        };
        while (true) {
            var now = seen.poll(LONG.toMillis(), TimeUnit.MILLISECONDS);
            if (now == null) {
                violations.add("no sign of life for " + LONG.toSeconds() + " s after "
                        + (struck.kill == null ? "its start" : struck.kill));
                return;
            }
            if (struck.kill != null
                    && now.at > struck.at
                    && (now.life > struck.life || !struck.kill.strike.hits(Victim.SERVER))) {
                tally.recovered(struck.kill, Duration.ofNanos(now.at - struck.at));
                struck.kill = null;
            }
            if (now.moment == Moment.ENDED) {
                return;
            }
            more = next != null && now.step == next.step ? more + 1 : 0;
            boolean hit = next != null && isHit(next, now, more);
            if (hit && next.moment == Moment.ANSWERING && now.moment == Moment.ASKED) {
                Thread.ofVirtual().start(() -> answerOnce(now.callId)).join(Duration.ofMillis(next.more));
            }
            if (hit) {
                struck.kill = next;
                struck.life = life;
                struck.at = System.nanoTime();
                strike(next);
                next = kills.poll();
                more = 0;
            }
            if (now.moment == Moment.ASKED) {
                answer(now.callId);
            }
        }
    }

    private static boolean isHit(Kill next, Seen now, int more) {
        if (now.step != next.step) {
            return now.step > next.step;
        }
        return switch (next.moment) {
            case ANY -> more > next.more;
            case ANSWERING -> now.moment == Moment.ASKED;
            default -> now.moment == next.moment;
        };
    }

    private void strike(Kill kill) throws Exception {
        kill.strike.fall(server, session);
        tally.struck(kill);
        if (kill.strike.hits(Victim.SERVER)) {
            if (kill.twice) {
                server.launch();
                Eventually.isTrue(LONG, () -> Files.exists(Strike.database(server)));
                server.kill();
                tally.struck(kill);
            }
            server.start();
        }
    }

    /** Until it has arrived: what runs may be away for a moment. */
    private void answer(String callId) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!answerOnce(callId)) {
            if (System.nanoTime() > end) {
                violations.add("an answer cannot be given for " + LONG.toSeconds() + " s");
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    private boolean answerOnce(String callId) {
        try {
            var answer = server.ask(
                    "POST", "/api/v1/sessions/" + session + "/approvals/" + callId, "{\"decision\":\"allow\"}");
            boolean arrived = answer.statusCode() == 204 || answer.statusCode() == 409;
            if (!arrived && answer.statusCode() < 500) {
                violations.add("an answer was refused: " + answer.statusCode() + " " + answer.body());
            }
            return arrived;
        } catch (IOException | InterruptedException away) {
            return false;
        }
    }

    /** Follows the session's stream as a client does that comes back from where it was. */
    private void watch() {
        while (!over) {
            try (var stream = server.stream(session, streamed.size())) {
                life++;
                while (note(stream.next()) != Moment.ENDED) {
                    // until the end of the turn or of the stream
                }
                return;
            } catch (IOException | IllegalStateException away) {
                pause();
            } catch (InterruptedException never) {
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private int step;

    private Moment note(EventStream.Streamed next) {
        var data = next.data();
        String callId = data.path("callId").asText();
        if (next.name().equals("delta")) {
            return callId.isEmpty()
                    ? see(Moment.STREAMING, data.path("step").asInt(), callId)
                    : see(Moment.RUNNING, steps.getOrDefault(callId, step), callId);
        }
        if (!next.name().equals("message")) {
            return Moment.ANY;
        }
        if (next.sequence() != streamed.size() + 1) {
            violations.add("event " + next.sequence() + " came after " + streamed.size());
        }
        streamed.add(data);
        return switch (next.type()) {
            case "tool-called" -> {
                step = data.path("step").asInt();
                steps.put(callId, step);
                yield see(Moment.CALLED, step, callId);
            }
            case "approval-requested" -> see(Moment.ASKED, steps.getOrDefault(callId, step), callId);
            case "approval-given" -> see(Moment.ANSWERED, steps.getOrDefault(callId, step), callId);
            case "tool-returned" -> see(Moment.RETURNED, steps.getOrDefault(callId, step), callId);
            case "checkpoint-taken" -> see(Moment.CHECKPOINTED, step, callId);
            case "turn-ended" -> see(Moment.ENDED, step, callId);
            default -> see(Moment.ANY, step, callId);
        };
    }

    private Moment see(Moment moment, int at, String callId) {
        seen.add(new Seen(moment, at, callId, life, System.nanoTime()));
        return moment;
    }

    /** On the model's side of the wire. */
    private synchronized boolean isNoted(Asked asked) {
        if (over || asked.prompts().stream().noneMatch(prompt -> prompt.contains(ChaosScript.PROMPT + " of " + name))) {
            return false;
        }
        if (!asked.prefix().startsWith(prefix)) {
            violations.add("a request does not begin as the one before it");
        }
        prefix = asked.prefix();
        int replies = (int)
                asked.turns().stream().filter(Turn.Reply.class::isInstance).count();
        seen.add(new Seen(Moment.REQUESTED, replies + 1, "", Long.MAX_VALUE, System.nanoTime()));
        return false;
    }

    private void check(Transcript transcript, Transcript undisturbed) throws Exception {
        var events = new ArrayList<JsonNode>();
        Eventually.isTrue(LONG, () -> {
            events.clear();
            server.events(session).forEach(events::add);
            return true;
        });
        if (!events.stream()
                .map(event -> event.path("sequence").asInt())
                .toList()
                .equals(IntStream.rangeClosed(1, events.size()).boxed().toList())) {
            violations.add("the sequence is not dense");
        }
        if (!events.subList(0, streamed.size()).equals(streamed)) {
            violations.add("what was streamed is not what was logged");
        }
        violations.addAll(transcript.differences(undisturbed));
        var lines = file(ChaosScript.LINES).lines().toList();
        for (var call : transcript.calls()) {
            String left = ChaosScript.leaves(call.input().path("command").asText());
            if (!left.isEmpty()) {
                count(lines, "begin " + left, call);
                count(lines, "end " + left, call);
            } else if (call.tool().equals("Edit")) {
                var note = file(call.input().path("file_path").asText());
                count(note.lines().toList(), ChaosScript.edit(call.step()), call);
            }
        }
    }

    private void count(List<String> lines, String line, Transcript.Call call) {
        int times = Collections.frequency(lines, line);
        if (call.unknown() ? times > 1 : times != (call.failed() ? 0 : 1)) {
            violations.add("\"" + line + "\" is there " + times + " times: " + call);
        }
    }

    private String file(String path) throws Exception {
        var content = new StringBuilder();
        Eventually.isTrue(LONG, () -> {
            var answer = server.ask("GET", "/api/v1/sessions/" + session + "/files/content?path=" + path, null);
            content.append(answer.statusCode() == 200 ? answer.body() : "");
            return answer.statusCode() == 200;
        });
        return content.toString();
    }
}
