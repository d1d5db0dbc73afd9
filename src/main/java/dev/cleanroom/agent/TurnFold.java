package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.agent.Prompts.Said;
import dev.cleanroom.agent.Turn.Answer;
import dev.cleanroom.agent.Turn.Call;
import dev.cleanroom.agent.Turn.Limits;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.EffectiveLog;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.ConversationCompacted;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Forked;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ThinkingFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a session's log comes to, for the turn: takes one event at a time, so that a step costs what is new. Takes only what
 * counts ({@link EffectiveLog}): one that cuts the conversation needs a new fold.
 */
final class TurnFold {
    private static final int MAX_LIMIT_RUNS = 3; // replies cut at the output limit, one after the other (model-wires 3)
    private static final int MAX_NUDGES = 2; // after empty replies (model-wires 3)
    private static final int MAX_PAUSES = 5; // model-wires 3
    private static final double FULL = 0.8; // of the window, at a turn's start: then old results are cleared
    private static final double CLEARED =
            0.5; // of the window: what clearing aims at, so that it is not needed each turn
    private static final double BYTES_A_TOKEN = 3.2; // code and prose, careful (model-wires 6)

    static final String GO_ON = "Go on where you stopped.";
    static final String EMPTY = "Your reply was empty. Answer, or call a tool.";
    static final String CUT = "Your reply was cut at the output limit. Go on exactly where it stopped.";
    static final String CUT_CALL = "Your reply was cut at the output limit inside of a tool call, which was not run. "
            + "Make it shorter: write a large file in parts.";
    static final String INTERRUPTED = "[A person interrupted you here.]";

    static final String PROCESSES_GONE =
            "[The sandbox was started anew. Its files are as they were; no process of before runs any more.]";
    static final String FILES_RESTORED =
            "[The sandbox was lost and is restored from its last checkpoint. No process of "
                    + "before runs any more, files that git ignores are gone, and so may be what the newest calls did: look before "
                    + "you rely on it.]";

    static final String REWOUND =
            "[A person set the files back to an earlier state: what you or they changed since may be "
                    + "gone. Look before you rely on it.]";
    static final String FILES_STAYED =
            "[A person set the conversation back to here; the files stay as they are, with changes that you do not see here. "
                    + "Look before you rely on it.]";
    static final String FORKED =
            "[This session goes on from a copy of another one: in a sandbox of its own, with the files as they were here. No "
                    + "process of before runs, and files that git ignores are gone.]";

    private static final Problem EMPTY_REPLIES = new Problem(
            "model.empty-reply", 502, "The model answered nothing, three times. Try again, or choose another model.");
    private static final Problem TOO_LONG_OUTPUT = new Problem(
            "model.output-limit",
            502,
            "The model's answer was cut at its output limit three times in a row. Ask for it in smaller parts.");
    static final Problem CONTEXT_FULL = new Problem(
            "model.context-full",
            409,
            "The conversation is longer than the model can read. Start a new session from this branch, or choose a model "
                    + "with a larger window.");

    /** One call of the newest reply. */
    private static final class CallState {
        final ToolCalled called;
        boolean requested;
        ApprovalGiven given;
        boolean returned;

        CallState(ToolCalled called) {
            this.called = called;
        }

        boolean waits() {
            return requested && given == null;
        }

        Call toCall() {
            if (given == null) {
                return new Call(called.callId(), called.tool(), called.input(), Answer.NOT_ASKED, null);
            }
            var answer = given.decision() == Decision.allow ? Answer.ALLOWED : Answer.DENIED;
            return new Call(
                    called.callId(),
                    called.tool(),
                    given.input() == null ? called.input() : given.input(),
                    answer,
                    given.comment());
        }
    }

    /** An answer that is to be remembered, and whose it is. */
    record Remembered(ApprovalGiven given, Actor actor) {}

    private final Conversation conversation = new Conversation();
    private final Prompts prompts = new Prompts();
    private final Map<UUID, CallState> calls = new LinkedHashMap<>(); // of the newest reply
    private final Map<String, String> seen = new HashMap<>(); // etag by path
    private final Map<String, Integer> failures = new HashMap<>(); // of one turn, by tool and input
    private final List<Remembered> remembered = new ArrayList<>(); // of one turn
    private long sequence;
    private TurnStarted turn; // null: none runs
    private String mode;
    private long modeChanged;
    private boolean interrupted;
    private int step;
    private Stop stop; // of the newest reply in this turn
    private String refusal;
    private boolean hadText;
    private boolean replyHasText;
    private boolean replyHasCalls;
    private int limitRuns;
    private int nudges;
    private int pauses;
    private boolean compacted; // since the newest reply
    private String nudge;
    private String system;
    private String typed; // the turn's prompt while no reply came to it; null: none
    private boolean hasReplied;
    private long tokens; // of the newest request and reply, by the provider's count; 0: none yet

    /** @param log a whole session */
    static TurnFold of(List<Logged> log) {
        var fold = new TurnFold();
        EffectiveLog.of(log).forEach(fold::apply);
        return fold;
    }

    long sequence() {
        return sequence;
    }

    Optional<TurnStarted> turn() {
        return Optional.ofNullable(turn);
    }

    /** The turn's mode, as last changed. */
    String mode() {
        return mode;
    }

    /** Sequence of the event that changed the mode last in this turn; 0: none did. */
    long modeChanged() {
        return modeChanged;
    }

    /** The step that comes next, from 1. */
    int step() {
        return step + 1;
    }

    /** Who prompted this turn. */
    Optional<Actor> prompter() {
        return turn().flatMap(started -> prompts.actorOf(started.promptId()));
    }

    Optional<String> seen(String path) {
        return Optional.ofNullable(seen.get(path));
    }

    int failures(Call call) {
        return failures.getOrDefault(key(call.tool(), call.input()), 0);
    }

    List<Remembered> remembered() {
        return List.copyOf(remembered);
    }

    /** The system prompt that the session began with, once it has had a reply. */
    Optional<String> system() {
        return Optional.ofNullable(system);
    }

    /** Whether the session ever had a reply: from then on its instructions are in the log. */
    boolean hasReplied() {
        return hasReplied;
    }

    /** The turn's prompt as it was typed, until a reply comes to it. */
    Optional<String> prompted() {
        return Optional.ofNullable(typed);
    }

    /**
     * What the next request sends.
     *
     * @param instructions only used before the session's first reply
     * @param expanded what a slash command in {@link #prompted} says instead
     */
    List<Message> messages(String instructions, Optional<String> expanded) {
        if (!hasReplied) {
            conversation.instructions(instructions);
        }
        expanded.ifPresent(this::expand);
        var more = new ArrayList<Said>();
        if (nudge != null) {
            more.add(new Said(nudge));
        }
        more.addAll(prompts.steering());
        return conversation.messages(more);
    }

    private void expand(String expanded) {
        if (typed != null) {
            conversation.replace(typed, expanded);
        }
    }

    /** Bytes of the next request but for what steers it, by what they are of. */
    Map<Conversation.Part, Long> bytesByPart() {
        return conversation.bytesByPart();
    }

    /** Whether {@link #estimate} rests on a provider's count. */
    boolean isCounted() {
        return tokens > 0;
    }

    /** What so many bytes come to, carefully; no tokenizer is asked. */
    static long tokensOf(long bytes) {
        return (long) Math.ceil(bytes / BYTES_A_TOKEN);
    }

    /** Calls of the newest reply without a result, in order. */
    List<Call> openCalls() {
        return calls.values().stream()
                .filter(call -> !call.returned)
                .map(CallState::toCall)
                .toList();
    }

    List<Call> waitingCalls() {
        return calls.values().stream()
                .filter(call -> !call.returned && call.waits())
                .map(CallState::toCall)
                .toList();
    }

    void apply(Logged logged) {
        sequence = logged.sequence();
        switch (logged.event()) {
            case PromptSubmitted prompt -> prompts.submitted(prompt, logged.sequence(), logged.actor());
            case PromptChanged change -> prompts.changed(change, logged.sequence());
            case TurnStarted started -> started(started);
            case TextFinished text -> {
                conversation.text(text.text(), logged.replay());
                replyHasText |= !text.text().isBlank();
            }
            case ThinkingFinished thinking -> conversation.thinking(thinking.text(), logged.replay());
            case ToolCalled call -> called(call, logged.replay());
            case UsageRecorded usage when logged.replay() != null -> replied(usage, StepRecord.of(logged.replay()));
            case ToolReturned returned -> returned(returned, logged.replay());
            case ApprovalRequested request -> find(request.callId()).ifPresent(call -> call.requested = true);
            case ApprovalGiven given -> given(given, logged.actor());
            case InterruptRequested request ->
                interrupted |= turn != null && turn.turnId().equals(request.turnId());
            case ModeChanged change -> {
                mode = change.mode();
                modeChanged = sequence;
            }
            case ConversationCompacted compaction -> compact(compaction.callIds());
            case SandboxRestored restored -> restored(restored);
            case Rewound rewound -> rewound(rewound, EffectiveLog.cuts(logged));
            case Forked _ -> prompts.notice(FORKED, sequence);
            case TurnEnded ended -> ended(ended);
            default -> {} // the other facts do not move a turn
        }
    }

    private void started(TurnStarted started) {
        turn = started;
        mode = started.mode();
        modeChanged = 0;
        step = 0;
        stop = null;
        refusal = null;
        hadText = false;
        interrupted = false;
        limitRuns = 0;
        nudges = 0;
        pauses = 0;
        calls.clear();
        failures.clear();
        remembered.clear();
        var prompt = prompts.take(started.promptId());
        if (prompt.isPresent()) {
            typed = prompt.get().said().text();
            conversation.say(prompt.get().said());
        } else if (!conversation.hasSomethingToSay()) {
            conversation.say(GO_ON);
        }
    }

    private void called(ToolCalled call, JsonNode replay) {
        if (!replyHasCalls) {
            calls.clear();
        }
        replyHasCalls = true;
        calls.put(call.callId(), new CallState(call));
        conversation.call(call, replay);
    }

    private void replied(UsageRecorded usage, StepRecord record) {
        if (record.instructions() != null) {
            conversation.instructions(record.instructions());
        }
        system = record.system() == null ? system : record.system();
        if (record.expanded() != null) {
            expand(record.expanded());
        }
        typed = null;
        hasReplied = true;
        if (nudge != null) {
            conversation.say(nudge);
            nudge = null;
        }
        prompts.steered(record.seen()).forEach(conversation::say);
        conversation.replied(record.model(), record.opaque());
        step++;
        stop = record.stop();
        refusal = record.refusal();
        compacted = false;
        tokens = usage.inputTokens() + usage.cacheReadTokens() + usage.cacheWriteTokens() + usage.outputTokens();
        if (!replyHasCalls) {
            calls.clear();
        }
        count(record);
        hadText |= replyHasText;
        replyHasText = false;
        replyHasCalls = false;
    }

    /** What the next request must say because of how this reply ended. */
    private void count(StepRecord record) {
        boolean empty = !replyHasText && !replyHasCalls;
        boolean cut = record.stop() == Stop.OUTPUT_LIMIT || record.stop() == Stop.WINDOW;
        limitRuns = record.stop() == Stop.OUTPUT_LIMIT ? limitRuns + 1 : 0;
        if (cut) {
            nudge = record.cutCall() ? CUT_CALL : CUT;
        } else if (record.stop() == Stop.PAUSED) {
            pauses++;
            nudge = GO_ON;
        } else if (record.stop() == Stop.REFUSED || record.stop() == null) {
            nudge = null;
        } else if (empty) {
            nudges++;
            nudge = EMPTY;
        } else {
            nudges = 0;
        }
    }

    private void returned(ToolReturned returned, JsonNode replay) {
        conversation.returned(returned);
        find(returned.callId()).ifPresent(call -> {
            call.returned = true;
            var key = key(call.called.tool(), call.toCall().input());
            if (returned.failed()) {
                failures.merge(key, 1, Integer::sum);
            } else {
                failures.remove(key);
            }
        });
        if (replay != null) {
            replay.path("reads")
                    .forEach(read -> seen.put(
                            read.path("path").asText(), read.path("etag").asText()));
        }
    }

    private void given(ApprovalGiven given, Actor actor) {
        find(given.callId()).ifPresent(call -> call.given = given);
        if (given.remember() != null) {
            remembered.add(new Remembered(given, actor));
        }
    }

    private void restored(SandboxRestored restored) {
        boolean kept = restored.checkpoint() == null;
        if (!kept) {
            seen.clear();
        }
        prompts.notice(kept ? PROCESSES_GONE : FILES_RESTORED, sequence);
    }

    /** A conversation that was cut inside of a turn rests there. */
    private void rewound(Rewound rewound, boolean cuts) {
        if (cuts) {
            turn = null;
            nudge = null;
            calls.clear();
        }
        boolean files = rewound.commit() != null;
        if (files != cuts) {
            seen.clear();
            prompts.notice(files ? REWOUND : FILES_STAYED, sequence);
        }
    }

    private void compact(List<UUID> callIds) {
        if (callIds == null) {
            return;
        }
        long bytes = conversation.bytes();
        conversation.compact(callIds);
        tokens = Math.max(0, tokens - (long) ((bytes - conversation.bytes()) / (BYTES_A_TOKEN + 1)));
        compacted = true;
    }

    private void ended(TurnEnded ended) {
        if (ended.reason() == Reason.INTERRUPTED) {
            conversation.say(INTERRUPTED);
        }
        turn = null;
        nudge = null;
        calls.clear();
    }

    Turn next(Limits limits) {
        if (turn == null) {
            return prompts.next().<Turn>map(Turn.Start::new).orElseGet(Turn.Idle::new);
        }
        if (interrupted || calls.values().stream().anyMatch(TurnFold::isRefusedOutright)) {
            return new Turn.End(Reason.INTERRUPTED, null);
        }
        var open = calls.values().stream().filter(call -> !call.returned).toList();
        if (!open.isEmpty()) {
            var ready = new ArrayList<Call>();
            for (var call : open) {
                if (call.waits()) {
                    break;
                }
                ready.add(call.toCall());
            }
            return ready.isEmpty()
                    ? new Turn.AwaitApproval(open.getFirst().called.callId())
                    : new Turn.RunCalls(ready);
        }
        return step == 0 ? first(limits) : afterReply(limits);
    }

    /** A denial with a comment is given to the model; one without ends the turn. */
    private static boolean isRefusedOutright(CallState call) {
        return !call.returned
                && call.given != null
                && call.given.decision() == Decision.deny
                && (call.given.comment() == null || call.given.comment().isBlank());
    }

    private Turn first(Limits limits) {
        if (estimate() <= FULL * limits.window()) {
            return new Turn.AskModel(1);
        }
        var clearable = compacted ? List.<UUID>of() : toClear(limits);
        if (!clearable.isEmpty()) {
            return new Turn.Compact(clearable);
        }
        return estimate() < limits.window() ? new Turn.AskModel(1) : new Turn.End(Reason.CONTEXT_FULL, CONTEXT_FULL);
    }

    private Turn afterReply(Limits limits) {
        boolean calledTools = !calls.isEmpty();
        if (stop == Stop.REFUSED) {
            String words = refusal == null || refusal.isBlank() ? "" : " It says: " + refusal;
            return new Turn.End(
                    Reason.REFUSED,
                    new Problem(
                            "model.refused",
                            422,
                            "The model refused to answer." + words + " Change the prompt, or choose another model."));
        }
        if (limitRuns >= MAX_LIMIT_RUNS) {
            return new Turn.End(Reason.OUTPUT_LIMIT, TOO_LONG_OUTPUT);
        }
        if (stop == Stop.WINDOW) {
            var clearable = compacted ? List.<UUID>of() : toClear(limits);
            if (!clearable.isEmpty()) {
                return new Turn.Compact(clearable);
            }
            return compacted ? ask(limits) : new Turn.End(Reason.CONTEXT_FULL, CONTEXT_FULL);
        }
        boolean goesOn = calledTools
                || stop == Stop.OUTPUT_LIMIT
                || stop == Stop.PAUSED && pauses <= MAX_PAUSES
                || stop == null
                || prompts.isSteered();
        if (goesOn) {
            return ask(limits);
        }
        if (EMPTY.equals(nudge)) {
            if (nudges <= MAX_NUDGES) {
                return ask(limits);
            }
            return hadText ? new Turn.End(Reason.ANSWERED, null) : new Turn.End(Reason.MODEL_FAILED, EMPTY_REPLIES);
        }
        return new Turn.End(Reason.ANSWERED, null);
    }

    private Turn ask(Limits limits) {
        return step >= limits.maxSteps()
                ? new Turn.End(
                        Reason.STEP_LIMIT,
                        new Problem(
                                "agent.step-limit",
                                429,
                                "The turn took " + limits.maxSteps()
                                        + " steps. Continue it if it is on the right way."))
                : new Turn.AskModel(step + 1);
    }

    /** Tokens of the next request, by the provider's last count and our estimate of what is new. */
    long estimate() {
        return tokens == 0
                ? (long) (conversation.bytes() / 3.0) // before a first answer (model-wires 6)
                : tokens + (long) (conversation.newBytes() / BYTES_A_TOKEN);
    }

    /** The oldest results until the conversation would be well below the window; empty where nothing can be cleared. */
    List<UUID> toClear(Limits limits) {
        long aim = (long) (CLEARED * limits.window());
        long now = estimate();
        var some = new ArrayList<UUID>();
        for (var id : conversation.clearable()) {
            if (now <= aim) {
                break;
            }
            some.add(id);
            now -= (long) (conversation.resultBytes(id) / BYTES_A_TOKEN);
        }
        return some;
    }

    /** What can be cleared when the provider says that the conversation is too long, whatever we estimated. */
    List<UUID> clearable(Limits limits) {
        var some = toClear(limits);
        return some.isEmpty() ? conversation.clearable() : some;
    }

    /** Whether results were cleared since the newest reply: clearing again would change nothing. */
    boolean isCompacted() {
        return compacted;
    }

    private Optional<CallState> find(UUID callId) {
        return Optional.ofNullable(calls.get(callId));
    }

    private static String key(String tool, JsonNode input) {
        return tool + input;
    }
}
