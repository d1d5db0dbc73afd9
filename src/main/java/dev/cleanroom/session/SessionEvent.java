package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One fact of a session, named in the past tense. The log is append-only and is the source of truth: the chat view, the
 * conversation that the model is sent, cost and audit are all folds over it. A component may be null where design 7 marks
 * it with {@code ?}; it is left out of the JSON then.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = SessionEvent.PromptSubmitted.class, name = "prompt-submitted"),
    @Type(value = SessionEvent.PromptChanged.class, name = "prompt-changed"),
    @Type(value = SessionEvent.TurnStarted.class, name = "turn-started"),
    @Type(value = SessionEvent.TextFinished.class, name = "text-finished"),
    @Type(value = SessionEvent.ThinkingFinished.class, name = "thinking-finished"),
    @Type(value = SessionEvent.ToolCalled.class, name = "tool-called"),
    @Type(value = SessionEvent.ApprovalRequested.class, name = "approval-requested"),
    @Type(value = SessionEvent.ApprovalGiven.class, name = "approval-given"),
    @Type(value = SessionEvent.ToolReturned.class, name = "tool-returned"),
    @Type(value = SessionEvent.CheckpointTaken.class, name = "checkpoint-taken"),
    @Type(value = SessionEvent.UsageRecorded.class, name = "usage-recorded"),
    @Type(value = SessionEvent.ModelRetried.class, name = "model-retried"),
    @Type(value = SessionEvent.InterruptRequested.class, name = "interrupt-requested"),
    @Type(value = SessionEvent.TurnEnded.class, name = "turn-ended"),
    @Type(value = SessionEvent.SandboxLost.class, name = "sandbox-lost"),
    @Type(value = SessionEvent.SandboxRestored.class, name = "sandbox-restored"),
    @Type(value = SessionEvent.GuestWaiting.class, name = "guest-waiting"),
    @Type(value = SessionEvent.MemberJoined.class, name = "member-joined"),
    @Type(value = SessionEvent.MemberLeft.class, name = "member-left"),
    @Type(value = SessionEvent.ConversationCompacted.class, name = "conversation-compacted"),
    @Type(value = SessionEvent.ModeChanged.class, name = "mode-changed"),
    @Type(value = SessionEvent.ModelChanged.class, name = "model-changed"),
    @Type(value = SessionEvent.SessionRenamed.class, name = "session-renamed"),
    @Type(value = SessionEvent.Rewound.class, name = "rewound"),
    @Type(value = SessionEvent.Forked.class, name = "forked"),
    @Type(value = SessionEvent.EgressRequested.class, name = "egress-requested"),
    @Type(value = SessionEvent.EgressAnswered.class, name = "egress-answered"),
})
public sealed interface SessionEvent {
    /** @param deliver {@code steer}: enters the running turn at its next step; else it queues. Text ≤ 1 MiB */
    record PromptSubmitted(UUID promptId, String text, List<Attachment> attachments, Deliver deliver)
            implements SessionEvent {}

    /** @param data base64, of an image, or null for a path in the worktree */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attachment(String name, String mediaType, String data, String path) {}

    enum Deliver {
        queue,
        steer
    }

    /** A waiting prompt was edited, withdrawn or moved. @param position from 0 among those that wait */
    record PromptChanged(UUID promptId, String text, Boolean withdrawn, Integer position) implements SessionEvent {}

    record TurnStarted(UUID turnId, UUID promptId, String model, String mode) implements SessionEvent {}

    /** @param block index within its step */
    record TextFinished(UUID turnId, int block, String text) implements SessionEvent {}

    /** @param durationMs between its first piece and its last; null where it came at once */
    record ThinkingFinished(UUID turnId, int block, String text, Long durationMs) implements SessionEvent {}

    /** @param callId ours, unique for ever; the provider's own id stays in the model's replay data */
    record ToolCalled(UUID callId, String tool, JsonNode input) implements SessionEvent {}

    /** @param why one sentence; {@code rules}: what "always" would save, at most 5 */
    record ApprovalRequested(UUID callId, String tool, JsonNode input, String why, List<OfferedRule> rules)
            implements SessionEvent {}

    record OfferedRule(String rule, String covers, String notCovers) {}

    record ApprovalGiven(UUID callId, Decision decision, Remember remember, String comment, JsonNode input)
            implements SessionEvent {}

    enum Decision {
        allow,
        deny
    }

    /** @param rules at most 5 */
    record Remember(List<String> rules, RememberScope scope) {}

    enum RememberScope {
        session,
        project
    }

    /** @param output what the model is shown: already cut, at most 30 000 UTF-16 units */
    record ToolReturned(UUID callId, String output, boolean failed, long durationMs, Integer exitCode, Outcome outcome)
            implements SessionEvent {}

    enum Outcome {
        unknown
    }

    /**
     * @param files what became of each since the checkpoint before it in this log, at most 1 000
     * @param leftOut files of the worktree that are in no checkpoint, at most 100; null for none
     */
    record CheckpointTaken(String commit, List<ChangedFile> files, List<LeftOut> leftOut) implements SessionEvent {
        public CheckpointTaken(String commit, List<ChangedFile> files) {
            this(commit, files, null);
        }
    }

    /** A file of 100 MB or more, or one that cannot be read. */
    record LeftOut(String path, long bytes) {}

    record ChangedFile(String path, ChangeKind kind, int added, int removed) {}

    enum ChangeKind {
        added,
        modified,
        deleted
    }

    /** @param seen sequence up to which the request held the log: a steering prompt after it was not read. Null in old logs, and of an attempt that was discarded */
    record UsageRecorded(
            long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens, Double costUsd, Long seen)
            implements SessionEvent {}

    record ModelRetried(int attempt, long afterMs, String reason) implements SessionEvent {}

    record InterruptRequested(UUID turnId) implements SessionEvent {}

    record TurnEnded(UUID turnId, Reason reason, Problem problem) implements SessionEvent {}

    enum Reason {
        @JsonProperty("answered")
        ANSWERED,
        @JsonProperty("interrupted")
        INTERRUPTED,
        @JsonProperty("step-limit")
        STEP_LIMIT,
        @JsonProperty("budget")
        BUDGET,
        @JsonProperty("refused")
        REFUSED,
        @JsonProperty("output-limit")
        OUTPUT_LIMIT,
        @JsonProperty("context-full")
        CONTEXT_FULL,
        @JsonProperty("model-failed")
        MODEL_FAILED
    }

    record SandboxLost() implements SessionEvent {}

    /**
     * @param checkpoint commit it was rebuilt from
     * @param sequence of the newest event when that checkpoint was begun: what calls that returned later did may be gone; on
     *     the wire {@code checkpointSequence}, since {@code sequence} is the event's own
     * @param at when that checkpoint was made, on the wire {@code checkpointAt}; null in older logs
     */
    record SandboxRestored(
            String checkpoint,
            @JsonProperty("checkpointSequence") Long sequence,
            @JsonProperty("checkpointAt") Instant at)
            implements SessionEvent {}

    record GuestWaiting(UUID guestId, String name, String role) implements SessionEvent {}

    record MemberJoined(Actor person, String role) implements SessionEvent {}

    record MemberLeft(Actor person) implements SessionEvent {}

    /** @param callIds whose results are one line from here on; the thinking before the newest of them is left out */
    record ConversationCompacted(List<UUID> callIds, String summary) implements SessionEvent {}

    record ModeChanged(String mode) implements SessionEvent {}

    record ModelChanged(String model) implements SessionEvent {}

    record SessionRenamed(String title) implements SessionEvent {}

    /**
     * Files, conversation or both were set back. Nothing of the log is lost: a later one to before this one undoes it.
     *
     * @param promptId whose turn's changes are gone, with all later ones; null: another place was asked for
     * @param commit what the files were set back to; null: they stayed
     * @param previous the checkpoint that has what was there, where the files were set back
     * @param toSequence the newest event that counts again; null in logs of before it was kept: only files were set back
     * @param conversation true: what the model is sent was set back as well, see {@link EffectiveLog}
     */
    record Rewound(UUID promptId, String commit, String previous, Long toSequence, Boolean conversation)
            implements SessionEvent {
        boolean cutsConversation() {
            return Boolean.TRUE.equals(conversation) && toSequence != null;
        }
    }

    /** Everything before this was copied from there, up to {@code fromSequence}; from here on this session is its own. */
    record Forked(UUID fromSession, long fromSequence) implements SessionEvent {}

    /**
     * Something in the sandbox wanted a host that the project's list lacks.
     *
     * @param callId the call that it came from, as the sandbox says; null: it did not say
     */
    record EgressRequested(UUID requestId, String host, int port, UUID callId) implements SessionEvent {}

    record EgressAnswered(UUID requestId, String host, int port, EgressDecision decision) implements SessionEvent {}

    /** {@code once}: in this session, for ten minutes; {@code project}: it was put on the project's list. */
    enum EgressDecision {
        once,
        project,
        no
    }
}
