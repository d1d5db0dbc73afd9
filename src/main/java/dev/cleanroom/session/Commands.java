package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.account.Caller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.ModelChanged;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Remember;
import dev.cleanroom.session.SessionEvent.SessionRenamed;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What people do to a session, the same by REST and by socket. Each command looks at the log, decides, and appends only if
 * the log is still as it looked ({@link SessionLog#appendAt}); what may happen once has a key besides.
 */
@ApplicationScoped
public class Commands {
    private static final int MAX_WAITING = 100; // prompts in a queue; nobody reads more
    private static final int TRIES = 20; // a running turn appends a few times a second, not more often than we look

    private final SessionLog log;
    private final EventStore events;
    private final SessionAccess access;
    private final SessionStore sessions;
    private final Event<PromptSubmitted> submitted;

    Commands(
            SessionLog log,
            EventStore events,
            SessionAccess access,
            SessionStore sessions,
            Event<PromptSubmitted> submitted) {
        this.log = log;
        this.events = events;
        this.access = access;
        this.sessions = sessions;
        this.submitted = submitted;
    }

    record Submitted(long sequence, UUID promptId) {}

    record Continued(long sequence) {}

    /** @param idempotencyKey a repeat with the same one returns the first answer; null: each is a new prompt */
    Submitted submit(
            Caller caller,
            UUID session,
            String text,
            List<Attachment> attachments,
            Deliver deliver,
            String idempotencyKey) {
        Session found = access.require(caller, session, SessionRole.DRIVE);
        String key = idempotencyKey == null ? null : caller.id() + ":" + LogText.idempotencyKey(idempotencyKey);
        var earlier = key == null ? Optional.<Submitted>empty() : submitted(session, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        String checked = LogText.prompt(text);
        List<Attachment> checkedAttachments = LogText.attachments(attachments);
        if (PromptQueue.of(log.read(session)).size() >= MAX_WAITING) {
            throw new ProblemException(
                    Kind.LIMIT,
                    "session.queue-full",
                    "%d prompts wait already. Withdraw some first.".formatted(MAX_WAITING));
        }
        UUID promptId = UUID.randomUUID();
        var prompt = new SessionEvent.PromptSubmitted(
                promptId, checked, checkedAttachments.isEmpty() ? null : checkedAttachments, deliver);
        var entries = new ArrayList<Entry>();
        entries.add(new Entry(prompt, null, key, null));
        if (!found.titled()) {
            entries.add(Entry.of(new SessionRenamed(titleOf(checked))));
        }
        Submitted answer;
        try {
            answer = new Submitted(
                    log.append(session, actor(caller), entries).getFirst().sequence(), promptId);
        } catch (AlreadyLogged repeated) {
            answer = submitted(session, key).orElseThrow(() -> repeated);
        }
        submitted.fireAsync(new PromptSubmitted(session));
        return answer;
    }

    private Optional<Submitted> submitted(UUID session, String key) {
        return events.find(session, "prompt-submitted", key)
                .map(first ->
                        new Submitted(first.sequence(), ((SessionEvent.PromptSubmitted) first.event()).promptId()));
    }

    void change(Caller caller, UUID session, UUID promptId, String text, Integer position, boolean withdraw) {
        access.require(caller, session, SessionRole.DRIVE);
        String checked = text == null ? null : LogText.prompt(text);
        decide(session, caller, log -> {
            var waiting = PromptQueue.of(log).stream()
                    .filter(prompt -> prompt.promptId().equals(promptId))
                    .findFirst()
                    .orElseThrow(() -> new ProblemException(
                            Kind.CONFLICT,
                            "session.prompt-started",
                            "This prompt does not wait any more: its turn has started, or somebody withdrew it."));
            if (checked != null && !caller.id().equals(waiting.actor().id())) {
                throw new ProblemException( // the turn runs with its author's rights
                        Kind.FORBIDDEN,
                        "session.prompt-author",
                        "Only who wrote a prompt may change its words. Withdraw it, and send your own.");
            }
            return List.of(Entry.of(new PromptChanged(promptId, checked, withdraw ? true : null, position)));
        });
        submitted.fireAsync(new PromptSubmitted(session));
    }

    /** Asks the running turn to stop; nothing happens where none runs. */
    public void interrupt(Caller caller, UUID session) {
        access.require(caller, session, SessionRole.DRIVE);
        try {
            decide(
                    session,
                    caller,
                    log -> runningTurn(log)
                            .map(turn -> List.of(Entry.once(new InterruptRequested(turn), turn)))
                            .orElse(List.of()));
        } catch (AlreadyLogged asked) {
            // somebody was quicker
        }
        submitted.fireAsync(new PromptSubmitted(session));
    }

    void answer(
            Caller caller,
            UUID session,
            UUID callId,
            Decision decision,
            Remember remember,
            String comment,
            JsonNode input) {
        access.require(caller, session, SessionRole.DRIVE);
        if (decision == null) {
            throw new ProblemException(Kind.INVALID, "session.approval-decision", "Say \"allow\" or \"deny\".");
        }
        if (remember != null || input != null) {
            requirePerson(caller, "Guests answer for this one call only.");
        }
        Remember checked = LogText.remember(remember);
        String said = LogText.comment(comment);
        JsonNode changed = LogText.input(input);
        try {
            decide(session, caller, log -> {
                requireWaiting(log, callId);
                return List.of(Entry.once(new ApprovalGiven(callId, decision, checked, said, changed), callId));
            });
        } catch (AlreadyLogged answered) {
            throw answered();
        }
        submitted.fireAsync(new PromptSubmitted(session));
    }

    private static void requireWaiting(List<Logged> log, UUID callId) {
        boolean asked = false;
        for (Logged logged : log) {
            switch (logged.event()) {
                case ApprovalRequested request when request.callId().equals(callId) -> asked = true;
                case ApprovalGiven given when given.callId().equals(callId) -> throw answered();
                case SessionEvent.ToolReturned returned when returned.callId().equals(callId) -> throw answered();
                default -> {} // another call's
            }
        }
        if (!asked) {
            throw new ProblemException(
                    Kind.NOT_FOUND,
                    "session.approval-not-found",
                    "No question with this id was asked in this session.");
        }
    }

    private static ProblemException answered() {
        return new ProblemException(
                Kind.CONFLICT,
                "session.approval-answered",
                "This question was answered already, or its turn was stopped.");
    }

    /** Goes on with the last turn when it ended other than answered: a new turn of the same prompt. */
    Continued continueTurn(Caller caller, UUID session, UUID turnId) {
        Session found = access.require(caller, session, SessionRole.DRIVE);
        var appended = decide(session, caller, log -> {
            TurnStarted last = null;
            Reason ended = null;
            for (Logged logged : EffectiveLog.of(log)) {
                switch (logged.event()) {
                    case TurnStarted started -> {
                        last = started;
                        ended = null;
                    }
                    case TurnEnded end -> ended = end.reason();
                    case SessionEvent.Rewound _
                    when EffectiveLog.cuts(logged) -> ended = ended == null ? Reason.INTERRUPTED : ended;
                    default -> {} // does not matter here
                }
            }
            if (last == null || !last.turnId().equals(turnId) || ended == null || ended == Reason.ANSWERED) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "session.turn-not-continuable",
                        "Only the last turn can go on, when it ended without an answer. Reload to see how it ended.");
            }
            var next = new TurnStarted(UUID.randomUUID(), last.promptId(), found.model(), found.mode());
            return List.of(Entry.of(next));
        });
        submitted.fireAsync(new PromptSubmitted(session));
        return new Continued(appended.getFirst().sequence());
    }

    void rename(Caller caller, UUID session, String title) {
        access.require(caller, session, SessionRole.DRIVE);
        requirePerson(caller, "Members change a session's title.");
        log.append(session, actor(caller), List.of(Entry.of(new SessionRenamed(LogText.title(title)))));
    }

    void chooseModel(Caller caller, UUID session, String model) {
        access.require(caller, session, SessionRole.DRIVE);
        requirePerson(caller, "Members choose the model.");
        log.append(session, actor(caller), List.of(Entry.of(new ModelChanged(LogText.model(model)))));
    }

    void chooseMode(Caller caller, UUID session, String mode) {
        access.require(caller, session, SessionRole.DRIVE);
        requirePerson(caller, "Members choose the mode.");
        log.append(session, actor(caller), List.of(Entry.of(new ModeChanged(LogText.mode(mode)))));
        submitted.fireAsync(new PromptSubmitted(session));
    }

    /** Hides it from lists; it goes on as it is. */
    void archive(Caller caller, UUID session, boolean archived) {
        access.require(caller, session, SessionRole.DRIVE);
        requirePerson(caller, "Members archive sessions.");
        sessions.archive(session, archived);
    }

    static void requirePerson(Caller caller, String sentence) {
        if (!caller.isPerson()) {
            throw new ProblemException(Kind.FORBIDDEN, "session.members-only", sentence);
        }
    }

    static Actor actor(Caller caller) {
        return Actor.of(caller);
    }

    static Optional<UUID> runningTurn(List<Logged> log) {
        for (Logged logged : log.reversed()) {
            switch (logged.event()) {
                case TurnEnded _ -> {
                    return Optional.empty();
                }
                case TurnStarted started -> {
                    return Optional.of(started.turnId());
                }
                default -> {} // look further back
            }
        }
        return Optional.empty();
    }

    private List<Logged> decide(UUID session, Caller caller, Function<List<Logged>, List<Entry>> decision) {
        for (int i = 0; i < TRIES; i++) {
            List<Logged> seen = log.read(session);
            List<Entry> entries = decision.apply(seen);
            long expected = seen.isEmpty() ? 0 : seen.getLast().sequence();
            var appended = log.appendAt(session, expected, actor(caller), entries);
            if (appended.isPresent()) {
                return appended.get();
            }
        }
        throw new ProblemException(
                Kind.UNAVAILABLE, "session.busy", "The session changes too quickly right now. Try again.");
    }

    /** First line of the first prompt, at most {@link LogText#MAX_TITLE}. */
    private static String titleOf(String prompt) {
        String line = prompt.strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.codePointCount(0, line.length()) <= LogText.MAX_TITLE
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LogText.MAX_TITLE - 1))
                                .strip() + "…";
    }
}
