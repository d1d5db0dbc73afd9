package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.agent.Judge.Verdict;
import dev.cleanroom.agent.Turn.Answer;
import dev.cleanroom.agent.Turn.Call;
import dev.cleanroom.agent.Work.Outcome;
import dev.cleanroom.problem.DatabaseAway;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.sandbox.Sandbox.ExecState;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.LeaseLost;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.Storable;
import dev.cleanroom.session.StorageException;
import dev.cleanroom.tool.Text;
import dev.cleanroom.tool.Tool;
import dev.cleanroom.tool.Tool.Result;
import dev.cleanroom.tool.ToolContext.FileState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Runs the calls of a reply: those that only look side by side, the others one after the other, results in the order
 * asked. A call that a dead server may have started is joined, or reported as unknown; it never runs twice.
 */
final class CallRuns {
    private static final Logger LOG = Logger.getLogger(CallRuns.class);
    private static final int SIDE_BY_SIDE = 10; // as Claude Code
    private static final int NOTED_FAILURES = 3; // of the same call: then the result says so (model-wires 3)
    private static final int LOST_SANDBOXES =
            3; // under a call that had no effect yet: then the next one would not help
    private static final int MAX_NOTE = 5_000; // UTF-16 units of a result: a comment of the longest, and our words
    private static final int MAX_MESSAGE = 72; // UTF-16 units; git's custom for the first line

    private final SessionParts parts;
    private final Lease lease;
    private final Room room;
    private final Work work;
    private final Set<UUID> inherited = new HashSet<>();
    private final Map<UUID, Integer> lostSandboxes = new HashMap<>(); // by call
    private Ahead ahead; // null: nothing runs

    /** A call that is to run. */
    private record Ready(Call call, Tool tool, CallContext context) {}

    private record Ran(Result result, long millis) {}

    /** What is next: answers that need no tool, then calls that may run at once. */
    private record Group(List<Entry> answered, List<Ready> ready) {
        List<UUID> callIds() {
            return ready.stream().map(each -> each.call().callId()).toList();
        }
    }

    /** A group that runs already. */
    private record Ahead(Group group, Work.Started<Ran> work) {}

    CallRuns(SessionParts parts, Lease lease, Room room, Work work) {
        this.parts = parts;
        this.lease = lease;
        this.room = room;
        this.work = work;
    }

    /** These calls may have been started by a server that died, or before the database went away. */
    void inherit(List<Call> calls) {
        calls.forEach(call -> inherited.add(call.callId()));
    }

    /** The questions that these calls raise. */
    List<Entry> questions(TurnFold fold, List<Call> calls) {
        var judge = judge(fold);
        var entries = new ArrayList<Entry>();
        for (var call : calls) {
            if (judge.judge(call, fold.failures(call)) instanceof Verdict.Ask(var question)) {
                entries.add(Entry.once(question, call.callId()));
            }
        }
        return entries;
    }

    /** Starts those of a reply's calls that only look: they need not wait until the log has the reply. */
    void lookAhead(TurnFold fold, List<Call> calls) {
        var group = group(fold, calls);
        if (group.answered().isEmpty()
                && !group.ready().isEmpty()
                && group.ready().stream()
                        .allMatch(each -> each.tool().isReadOnly(each.call().input()))) {
            ahead = new Ahead(group, start(fold, group));
        }
    }

    /** Runs the first of the calls, or as many as may run at once, and appends what they returned. */
    void run(TurnFold fold, List<Call> calls, Consumer<List<Entry>> log) {
        var running = ahead;
        ahead = null;
        var group = group(fold, calls);
        if (!group.answered().isEmpty()) {
            log.accept(group.answered());
        }
        if (running != null && running.group().callIds().equals(group.callIds())) {
            finish(fold, running.group(), running.work(), log);
        } else if (!group.ready().isEmpty()) {
            finish(fold, group, start(fold, group), log);
        }
    }

    /**
     * Takes the results of commands that a dead server had started, and stops those that still run: a turn that ends leaves
     * nothing behind.
     *
     * @return whether there were any; their results are appended
     */
    boolean stopInherited(TurnFold fold, Consumer<List<Entry>> log) {
        var commands = fold.openCalls().stream()
                .filter(call -> inherited.remove(call.callId()))
                .flatMap(call -> command(call).stream())
                .toList();
        for (var command : commands) {
            var own = new Work(); // the turn's may be stopped already: then nothing of it could be joined
            var turn = fold.turn().orElseThrow().turnId();
            var joined = own.start(turn, List.<Callable<Ran>>of(() -> run(command.ready())));
            if (command.runs()) {
                own.stop(turn);
            }
            finish(fold, new Group(List.of(), List.of(command.ready())), joined, log);
        }
        return !commands.isEmpty();
    }

    private record Command(Ready ready, boolean runs) {}

    /** The call if it is a command that was started in the sandbox as it is now. */
    private Optional<Command> command(Call call) {
        try {
            var begun = parts.toolRuns()
                    .find(call.callId())
                    .filter(run -> run.intents().isEmpty());
            var tool = parts.toolbox().find(call.tool());
            if (begun.isEmpty() || tool.isEmpty()) {
                return Optional.empty();
            }
            var sandbox = parts.workspaces().open(lease.session()).sandbox();
            var state = sandbox.epoch().equals(begun.get().runnerEpoch())
                    ? sandbox.state(call.callId())
                    : ExecState.UNKNOWN;
            var context = new CallContext(
                    parts, lease, call.callId(), sandbox, room.rules(), path -> Optional.empty(), begun);
            return state == ExecState.UNKNOWN
                    ? Optional.empty()
                    : Optional.of(new Command(new Ready(call, tool.get(), context), state == ExecState.RUNNING));
        } catch (SandboxException | ProblemException gone) {
            return Optional.empty();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody interrupts the turn's own thread
            return Optional.empty();
        }
    }

    private Group group(TurnFold fold, List<Call> calls) {
        var judge = judge(fold);
        var group = new Group(new ArrayList<>(), new ArrayList<>());
        for (var call : calls) {
            var begun = inherited.contains(call.callId())
                    ? parts.toolRuns().find(call.callId())
                    : Optional.<ToolRuns.Begun>empty();
            var tool = parts.toolbox().find(call.tool());
            if (begun.isPresent()
                    && !begun.get().runnerEpoch().equals(room.sandbox().epoch())) {
                group.answered().add(unknown(call, fold));
                continue;
            }
            var verdict = begun.isPresent() && tool.isPresent()
                    ? new Verdict.Run(tool.get())
                    : judge.judge(call, fold.failures(call));
            if (verdict instanceof Verdict.Refuse(var reason)) {
                group.answered().add(returned(call, new Result.Failed(reason), 0, List.of(), fold));
            } else if (verdict instanceof Verdict.Ask(var question)) {
                if (group.ready().isEmpty()) {
                    group.answered().add(Entry.once(question, call.callId()));
                }
                break;
            } else if (verdict instanceof Verdict.Run(var found)) {
                boolean looks = found.isReadOnly(call.input());
                if (!group.ready().isEmpty() && (!looks || group.ready().size() == SIDE_BY_SIDE)) {
                    break;
                }
                group.ready()
                        .add(new Ready(
                                call,
                                found,
                                new CallContext(
                                        parts, lease, call.callId(), room.sandbox(), room.rules(), fold::seen, begun)));
                if (!looks) {
                    break;
                }
            }
        }
        return group;
    }

    private Work.Started<Ran> start(TurnFold fold, Group group) {
        if (group.ready().stream()
                .anyMatch(each -> !each.tool().isReadOnly(each.call().input()))) {
            if (group.ready().stream().anyMatch(each -> each.context().hasBegun())) {
                room.awaitCheckpoint(); // a call that is joined: what changed meanwhile is its own
            } else {
                room.checkpointPeople();
            }
        }
        return work.start(
                fold.turn().orElseThrow().turnId(),
                group.ready().stream()
                        .<Callable<Ran>>map(each -> () -> run(each))
                        .toList());
    }

    private void finish(TurnFold fold, Group group, Work.Started<Ran> started, Consumer<List<Entry>> log) {
        var outcomes = started.join();
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < group.ready().size(); i++) {
            var each = group.ready().get(i);
            if (runsAgain(each, outcomes.get(i))) {
                room.lost();
                continue;
            }
            var ran = ran(each, outcomes.get(i));
            entries.add(returned(
                    each.call(), ran.result(), ran.millis(), each.context().whatItSaw(), fold));
        }
        if (!entries.isEmpty()) {
            log.accept(entries);
        }
        group.ready().forEach(this::follow);
    }

    /** The sandbox went away under a call that had no effect yet: it runs in the next one, and the model hears nothing of it. */
    private boolean runsAgain(Ready each, Outcome<Ran> outcome) {
        return outcome instanceof Outcome.Broken<Ran>(var cause)
                && cause instanceof SandboxException
                && !DatabaseAway.causes(cause)
                && !each.context().hasBegun()
                && lostSandboxes.merge(each.call().callId(), 1, Integer::sum) < LOST_SANDBOXES;
    }

    private static Ran run(Ready each) throws InterruptedException {
        long start = System.nanoTime();
        var result = each.tool().run(each.context(), each.call().input());
        var waited = Duration.ofNanos(System.nanoTime() - start);
        return new Ran(result, each.context().took().orElse(waited).toMillis());
    }

    /** Whatever happened to it, the model is told something. */
    private Ran ran(Ready each, Outcome<Ran> outcome) {
        return switch (outcome) {
            case Outcome.Done<Ran>(var ran) -> ran;
            case Outcome.Stopped<Ran> _ ->
                new Ran(each.context().hasBegun() ? unknown() : new Result.Failed("Interrupted by a person."), 0);
            case Outcome.Broken<Ran>(LeaseLost lost) -> throw lost;
            case Outcome.Broken<Ran>(var away)
            when DatabaseAway.causes(away) -> {
                inherited.add(each.call().callId());
                throw new StorageException(away);
            }
            case Outcome.Broken<Ran>(SandboxException broken) -> {
                room.lost();
                yield new Ran(
                        each.context().hasBegun()
                                ? unknown()
                                : new Result.Failed("The sandbox does not work: " + broken.getMessage()),
                        0);
            }
            case Outcome.Broken<Ran>(var bug) -> {
                LOG.errorf(bug, "Tool %s failed in session %s", each.call().tool(), lease.session());
                yield new Ran(
                        each.context().hasBegun()
                                ? unknown()
                                : new Result.Failed("The tool failed inside of the server: " + bug.getMessage()),
                        0);
            }
        };
    }

    private static Result unknown() {
        return new Result.Unknown(
                "This was cut off while it ran: by a person, or because the sandbox or the server went"
                        + " away. Whether it took effect is unknown. Look at what is there before you do it again.");
    }

    /** The result of a call that had begun and whose outcome nobody can tell. */
    static Entry unknown(Call call, TurnFold fold) {
        return returned(call, unknown(), 0, List.of(), fold);
    }

    private static Entry returned(Call call, Result result, long millis, List<FileState> saw, TurnFold fold) {
        boolean failed = !(result instanceof Result.Ok);
        String output = switch (result) {
            case Result.Ok ok -> ok.output();
            case Result.Failed no -> no.reason();
            case Result.Unknown no -> no.reason();
        };
        int failures = failed ? fold.failures(call) + 1 : 0;
        String note = failures >= NOTED_FAILURES
                ? "\n[This same call has failed " + failures + " times. Do something else.]"
                : "";
        if (call.answer() == Answer.ALLOWED
                && call.comment() != null
                && !call.comment().isBlank()) {
            note += "\n[The person who allowed it says: " + call.comment() + "]";
        }
        note = Storable.text(note, MAX_NOTE);
        var event = new ToolReturned(
                call.callId(),
                Text.middleCut(output, Text.MAX_OUTPUT - note.length(), "") + note,
                failed,
                millis,
                exitCode(result),
                result instanceof Result.Unknown ? SessionEvent.Outcome.unknown : null);
        return Entry.once(event, call.callId()).withReplay(reads(saw));
    }

    private static Integer exitCode(Result result) {
        return switch (result) {
            case Result.Ok ok -> ok.exitCode();
            case Result.Failed no -> no.exitCode();
            case Result.Unknown _ -> null;
        };
    }

    /** What the call saw or made: an edit must have seen what it changes. */
    private static JsonNode reads(List<FileState> saw) {
        if (saw.isEmpty()) {
            return null;
        }
        var replay = JsonNodeFactory.instance.objectNode();
        var reads = replay.putArray("reads");
        saw.forEach(file -> reads.addObject().put("path", file.path()).put("etag", file.etag()));
        return replay;
    }

    private void follow(Ready each) {
        if (!each.context().whatFollows().isEmpty()) {
            Thread.ofVirtual().start(() -> acknowledge(each.context()));
        }
        if (each.context().hasBegun()) {
            room.checkpoint(message(each.call()));
        }
    }

    private static void acknowledge(CallContext context) {
        try {
            for (var action : context.whatFollows()) {
                action.run();
            }
        } catch (InterruptedException | SandboxException gone) {
            // the runner forgets its results with its life
        }
    }

    private static String message(Call call) {
        String what = call.input().path("description").asText("");
        if (what.isBlank()) {
            what = call.input()
                    .path("command")
                    .asText(call.input().path("file_path").asText(""));
        }
        String line = call.tool() + ": " + what.strip().replaceAll("\\s+", " ");
        return Storable.text(line, MAX_MESSAGE);
    }

    private Judge judge(TurnFold fold) {
        return new Judge(parts.toolbox(), fold.mode(), room.rules());
    }
}
