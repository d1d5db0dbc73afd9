package dev.cleanroom.agent;

import dev.cleanroom.agent.Turn.Limits;
import dev.cleanroom.agent.Work.Outcome;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.ToolSpec;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.problem.DatabaseAway;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.EffectiveLog;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent.ConversationCompacted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** Drives a session's turns, from wherever its log stands: a new prompt, a pending approval, a call that a dead server had started. */
final class AgentLoop {
    private static final Duration LOOK_AGAIN =
            Duration.ofMinutes(1); // while waiting for a person: an event wakes at once

    private final SessionParts parts;
    private final Lease lease;
    private final TurnLog log;
    private final Work work = new Work();
    private TurnFold fold = new TurnFold();
    private final Room room;
    private final CallRuns calls;
    private final Answers answers;
    private final List<ToolSpec> tools;
    private Limits limits;

    /** @param stopping the server ends: from then on nothing is written, and the next one goes on where the log stands */
    AgentLoop(SessionParts parts, Lease lease, BooleanSupplier stopping) {
        this.parts = parts;
        this.lease = lease;
        log = new TurnLog(parts, lease, stopping);
        room = new Room(parts, lease);
        calls = new CallRuns(parts, lease, room, work);
        answers = new Answers(parts, log, room, calls);
        tools = ModelStep.tools(parts.toolbox());
    }

    /** Returns when nothing is to be done. */
    void run() throws InterruptedException {
        read();
        calls.inherit(fold.openCalls());
        while (true) {
            read();
            switch (fold.next(limits())) {
                case Turn.Idle _ -> {
                    return;
                }
                case Turn.Start(var prompt) -> start(prompt);
                case Turn.AskModel _ -> ifReady(this::ask);
                case Turn.RunCalls _, Turn.AwaitApproval _
                when answers.areDue(fold) -> ifReady(() -> answers.settle(fold));
                case Turn.RunCalls(var ready) -> ifReady(() -> calls.run(fold, ready, this::append));
                case Turn.AwaitApproval _ -> parts.log().await(lease.session(), fold.sequence(), LOOK_AGAIN);
                case Turn.Compact(var callIds) -> append(List.of(Entry.of(new ConversationCompacted(callIds, null))));
                case Turn.End(var reason, var problem) -> end(reason, problem);
            }
        }
    }

    /** Stops what runs for this turn: its log has the request. */
    void stop(UUID turn) {
        work.stop(turn);
    }

    private void read() {
        boolean idle = fold.turn().isEmpty() && fold.sequence() > 0;
        var news = idle
                ? parts.log().read(lease.session(), fold.sequence(), Integer.MAX_VALUE)
                : parts.log().read(lease.session());
        var unread = news.subList(idle ? 0 : (int) Math.min(fold.sequence(), news.size()), news.size());
        if (unread.stream().anyMatch(EffectiveLog::cuts)) {
            fold = new TurnFold();
            EffectiveLog.of(parts.log().read(lease.session())).forEach(this::apply);
        } else {
            unread.forEach(this::apply);
        }
    }

    private void apply(Logged logged) {
        fold.apply(logged);
        if (logged.event() instanceof TurnStarted) {
            limits = null;
            room.nextTurn();
        }
    }

    private Limits limits() {
        if (limits == null) {
            limits = new Limits(
                    parts.config().maxSteps(),
                    fold.turn()
                            .map(turn -> parts.models().contextWindow(turn.model()))
                            .orElse(0));
        }
        return limits;
    }

    private void start(UUID prompt) {
        room.checkpointBeforeTurn();
        var session = parts.sessions().find(lease.session()).orElseThrow();
        var started = new TurnStarted(UUID.randomUUID(), prompt, session.model(), session.mode());
        appendIfUnmoved(List.of(Entry.once(started, prompt)));
    }

    private interface Ready {
        void run() throws InterruptedException;
    }

    /** Opens the workspace first where it is not; a turn without one ends and says why. */
    private void ifReady(Ready next) throws InterruptedException {
        if (room.isReady()) {
            next.run();
            return;
        }
        Callable<Boolean> prepare = () -> {
            room.prepare(fold);
            return true;
        };
        switch (work.run(turn().turnId(), List.of(prepare)).getFirst()) {
            case Outcome.Done<Boolean> _ -> next.run();
            case Outcome.Stopped<Boolean> _ -> {} // the log says so
            case Outcome.Broken<Boolean>(var away) when DatabaseAway.causes(away) -> throw new StorageException(away);
            case Outcome.Broken<Boolean>(ProblemException refused) -> fail(Reason.INTERRUPTED, refused.toProblem());
            case Outcome.Broken<Boolean>(SandboxException broken) -> fail(Reason.MODEL_FAILED, noSandbox(broken));
            case Outcome.Broken<Boolean>(RuntimeException bug) -> throw bug;
            case Outcome.Broken<Boolean>(var bug) -> throw new IllegalStateException(bug);
        }
    }

    /** The contract has no reason of its own for this: the problem's type says whose failure it was. */
    private static Problem noSandbox(SandboxException broken) {
        var cause = broken.getMessage().endsWith(".") ? broken.getMessage() : broken.getMessage() + ".";
        return new Problem(
                "sandbox.unavailable",
                503,
                cause + " The model was not asked, and nothing is lost. Try again; if it stays so, whoever runs this"
                        + " server finds more in its log.");
    }

    private void ask() {
        var step = new ModelStep(parts, lease, log, room, fold, tools);
        Callable<Reply> request = () -> parts.model().reply(step.request(), step);
        switch (work.run(turn().turnId(), List.of(request)).getFirst()) {
            case Outcome.Done<Reply>(var reply) -> {
                room.awaitCheckpoint(); // in the log a step's files come before the next step
                var entries = new ArrayList<>(step.inStep(step.entries(reply)));
                var asked = ModelStep.calls(entries);
                entries.addAll(calls.questions(fold, asked));
                answers.judged(fold);
                calls.lookAhead(fold, asked);
                append(entries);
            }
            case Outcome.Stopped<Reply> _ -> append(step.inStep(step.interrupted()));
            case Outcome.Broken<Reply>(ModelException failed) -> failed(failed);
            case Outcome.Broken<Reply>(RuntimeException bug) -> throw bug;
            case Outcome.Broken<Reply>(var bug) -> throw new IllegalStateException(bug);
        }
    }

    private void failed(ModelException failed) {
        var clearable = fold.isCompacted() ? List.<UUID>of() : fold.clearable(limits());
        if (failed.kind() != ModelException.Kind.TOO_LONG) {
            fail(Reason.MODEL_FAILED, failed.problem());
        } else if (!clearable.isEmpty()) {
            append(List.of(Entry.of(new ConversationCompacted(clearable, null))));
        } else if (fold.hasReplied()) {
            fail(Reason.CONTEXT_FULL, TurnFold.CONTEXT_FULL);
        } else {
            fail(Reason.MODEL_FAILED, failed.problem());
        }
    }

    /** Because of what the log says; if it says more meanwhile, it is looked at again. */
    private void end(Reason reason, Problem problem) {
        if (calls.stopInherited(fold, this::append)) {
            return; // the log has their results now
        }
        room.checkpointPeople();
        appendIfUnmoved(Answers.ending(fold, parts.toolRuns(), reason, problem));
    }

    /** Because of what the log does not know. */
    private void fail(Reason reason, Problem problem) {
        room.awaitCheckpoint();
        do {
            read();
        } while (fold.turn().isPresent() && !appendIfUnmoved(Answers.ending(fold, parts.toolRuns(), reason, problem)));
    }

    private void append(List<Entry> entries) {
        log.append(Actor.AGENT, entries);
    }

    /** @return false if somebody appended since the log was read: nothing was appended then */
    private boolean appendIfUnmoved(List<Entry> entries) {
        return log.appendAt(fold.sequence(), entries);
    }

    private TurnStarted turn() {
        return fold.turn().orElseThrow();
    }
}
