package dev.cleanroom.workspace;

import dev.cleanroom.account.Caller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import dev.cleanroom.sandbox.HostQuestions;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionDeleted;
import dev.cleanroom.session.SessionEvent.EgressAnswered;
import dev.cleanroom.session.SessionEvent.EgressDecision;
import dev.cleanroom.session.SessionEvent.EgressRequested;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * "The agent wants example.com:443": one question a host and session, in the session's log, which outlives reload and
 * restart. A connection waits for the answer only while somebody looks at the session; the next one finds it.
 */
@ApplicationScoped
class EgressQuestions implements HostQuestions {
    static final Duration ONCE =
            Duration.ofMinutes(10); // "once" is for a command and its retries, not for one connection
    private static final Duration PATIENCE = Duration.ofSeconds(20); // under the time limits of most clients
    private static final int MAX_WAITING = 8; // connections of a sandbox: the others of its 64 stay usable
    private static final int MAX_OPEN = 5; // questions without an answer: nobody reads more
    private static final int MAX_ASKED = 100; // questions of a session: a loop of names must not fill its log

    private final SessionLog log;
    private final SessionAccess access;
    private final SessionStore sessions;
    private final SessionBroadcast broadcast;
    private final ProjectAccess projectAccess;
    private final ProjectStore projects;
    private final AuditLog audit;
    private final Map<UUID, Asked> rooms = new ConcurrentHashMap<>();

    EgressQuestions(
            SessionLog log,
            SessionAccess access,
            SessionStore sessions,
            SessionBroadcast broadcast,
            ProjectAccess projectAccess,
            ProjectStore projects,
            AuditLog audit) {
        this.log = log;
        this.access = access;
        this.sessions = sessions;
        this.broadcast = broadcast;
        this.projectAccess = projectAccess;
        this.projects = projects;
        this.audit = audit;
    }

    /** @param by null while there is no answer */
    private record Question(UUID id, String host, int port, EgressDecision answer, String by, Instant answeredAt) {
        String shown() {
            return HostQuestions.shown(host, port);
        }

        boolean isOpen() {
            return answer == null;
        }
    }

    /** What was asked in one session; its lock orders questions and answers. */
    private static final class Asked {
        final ReentrantLock lock = new ReentrantLock();
        final Condition answered = lock.newCondition();
        final Map<String, Question> newest = new HashMap<>(); // by host and port
        int count;
        int waiting;

        void ask(Question question) {
            newest.put(question.shown(), question);
            count++;
        }

        void answer(EgressAnswered given, String by, Instant at) {
            newest.computeIfPresent(
                    HostQuestions.shown(given.host(), given.port()),
                    (host, asked) -> asked.id().equals(given.requestId())
                            ? new Question(asked.id(), asked.host(), asked.port(), given.decision(), by, at)
                            : asked);
            answered.signalAll();
        }

        long open() {
            return newest.values().stream().filter(Question::isOpen).count();
        }

        Optional<Question> find(UUID id) {
            return newest.values().stream()
                    .filter(question -> question.id().equals(id))
                    .findFirst();
        }
    }

    void forget(@Observes SessionDeleted deleted) {
        rooms.remove(deleted.session());
    }

    private Asked room(UUID session) {
        return rooms.computeIfAbsent(session, this::read);
    }

    private Asked read(UUID session) {
        var room = new Asked();
        room.lock.lock();
        try {
            for (var logged : log.read(session)) {
                switch (logged.event()) {
                    case EgressRequested asked ->
                        room.ask(new Question(asked.requestId(), asked.host(), asked.port(), null, null, null));
                    case EgressAnswered given ->
                        room.answer(given, logged.actor().name(), logged.at());
                    default -> {} // nothing of egress
                }
            }
            return room;
        } finally {
            room.lock.unlock();
        }
    }

    @Override
    public Optional<String> refusal(UUID session, String host, int port, Optional<UUID> call)
            throws InterruptedException {
        String shown = HostQuestions.shown(host, port);
        var found = sessions.find(session);
        if (found.isEmpty()) {
            return Optional.of(HostQuestions.notListed(shown));
        }
        var room = room(session);
        room.lock.lockInterruptibly();
        try {
            var question = room.newest.get(shown);
            if (question == null || isOver(question, found.get().project())) {
                if (room.open() >= MAX_OPEN || room.count >= MAX_ASKED) {
                    return Optional.of(HostQuestions.notListed(shown));
                }
                question = ask(session, room, host, port, call);
            }
            await(session, room, shown);
            return said(room.newest.get(shown));
        } finally {
            room.lock.unlock();
        }
    }

    /** What was allowed once is asked again later, and what an editor has taken off the list since. */
    private boolean isOver(Question question, UUID project) {
        return question.answer() == EgressDecision.once
                        && question.answeredAt().plus(ONCE).isBefore(Instant.now())
                || question.answer() == EgressDecision.project
                        && !projects.egress(project).contains(question.shown());
    }

    private Question ask(UUID session, Asked room, String host, int port, Optional<UUID> call) {
        var asked = new EgressRequested(UUID.randomUUID(), host, port, call.orElse(null));
        log.append(session, Actor.SYSTEM, List.of(Entry.once(asked, asked.requestId())));
        var question = new Question(asked.requestId(), host, port, null, null, null);
        room.ask(question);
        return question;
    }

    private void await(UUID session, Asked room, String shown) throws InterruptedException {
        if (room.waiting >= MAX_WAITING || !broadcast.isWatched(session)) {
            return;
        }
        room.waiting++;
        try {
            long left = PATIENCE.toNanos();
            while (left > 0 && room.newest.get(shown).isOpen()) {
                left = room.answered.awaitNanos(left);
            }
        } finally {
            room.waiting--;
        }
    }

    private static Optional<String> said(Question question) {
        return switch (question.answer()) {
            case once, project -> Optional.empty();
            case no ->
                Optional.of((question.by() == null ? "Somebody" : question.by()) + " said no to " + question.shown()
                        + " in this session: an editor can add it in the project's settings under Network");
            case null ->
                Optional.of(question.shown() + " is not on this project's list of hosts. The members who drive this"
                        + " session have been asked and can allow it there; try again when one has");
        };
    }

    /**
     * @throws ProblemException {@code session.role}, {@code session.members-only}, {@code egress.request-not-found},
     *     {@code egress.answered}; for {@code project} also {@code project.role} and {@code account.token-scope}
     */
    void answer(Caller caller, UUID session, UUID request, EgressDecision decision) {
        var found = access.require(caller, session, SessionRole.DRIVE);
        if (!caller.isPerson()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "session.members-only", "Members decide what leaves the sandbox.");
        }
        if (decision == null) {
            throw new ProblemException(Kind.INVALID, "egress.decision", "Say \"once\", \"project\" or \"no\".");
        }
        if (decision == EgressDecision.project) {
            requireEditor(caller, found.project());
        }
        var room = room(session);
        room.lock.lock();
        try {
            var question = room.find(request)
                    .orElseThrow(() -> new ProblemException(
                            Kind.NOT_FOUND,
                            "egress.request-not-found",
                            "No question with this id waits in this session. Reload."));
            if (!question.isOpen()) {
                throw answered();
            }
            if (decision == EgressDecision.project) {
                projects.openHost(found.project(), question.shown());
                audit.record(
                        caller.name(),
                        caller.id(),
                        "project.egress-changed",
                        found.project().toString(),
                        "opened " + question.shown() + " from session " + session);
            }
            var given = new EgressAnswered(request, question.host(), question.port(), decision);
            var logged = log.append(session, Actor.of(caller), List.of(Entry.once(given, request)));
            room.answer(given, caller.name(), logged.getFirst().at());
        } catch (AlreadyLogged earlier) {
            throw answered();
        } finally {
            room.lock.unlock();
        }
    }

    private void requireEditor(Caller caller, UUID project) {
        projectAccess.require(caller, project, Role.EDITOR);
        if (!caller.may(Caller.Scope.ALL)) {
            throw new ProblemException(
                    Kind.FORBIDDEN,
                    "account.token-scope",
                    "This access token may not open hosts for the project: it needs the scope \"all\".");
        }
    }

    private static ProblemException answered() {
        return new ProblemException(Kind.CONFLICT, "egress.answered", "Somebody has answered this already.");
    }
}
