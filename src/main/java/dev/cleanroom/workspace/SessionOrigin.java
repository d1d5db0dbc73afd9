package dev.cleanroom.workspace;

import dev.cleanroom.git.GitServer;
import dev.cleanroom.git.GitServer.Operation;
import dev.cleanroom.git.LimitedInput;
import dev.cleanroom.git.Pusher;
import dev.cleanroom.git.RefAuthor;
import dev.cleanroom.sandbox.Origin;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/**
 * The project's repository as {@code origin} of a session's worktree: git's smart HTTP, asked for without any credential.
 * Reads what members read; writes the session's own branch.
 */
@ApplicationScoped
class SessionOrigin implements Origin {
    private static final long MAX_FETCH_BYTES = 32L << 20; // wants and haves of a million commits
    private static final String ADVERTISEMENT = "/info/refs";

    private final SessionStore sessions;
    private final SessionLog log;
    private final GitServer git;

    SessionOrigin(SessionStore sessions, SessionLog log, GitServer git) {
        this.sessions = sessions;
        this.log = log;
        this.git = git;
    }

    /** The address as a worktree has it. */
    static String address(UUID project) {
        return "http://" + HOST + path(project);
    }

    private static String path(UUID project) {
        return "/git/" + project + ".git";
    }

    @Override
    public Answer answer(UUID id, Request request) {
        var session = sessions.find(id);
        if (session.isEmpty()) {
            return refused(404, "This session does not exist any more.");
        }
        var project = session.get().project();
        if (!request.path().startsWith(path(project) + "/")) {
            return refused(404, "From this sandbox only " + address(project) + " can be reached.");
        }
        var asked = request.path().substring(path(project).length());
        if (asked.equals(ADVERTISEMENT) && request.method().equals("GET")) {
            return Operation.of(request.query().replaceFirst("^service=", ""))
                    .map(operation -> advertise(session.get(), operation, request))
                    .orElseGet(() -> refused(403, "Only git's smart protocol is spoken here: use git 1.6.6 or later."));
        }
        return Operation.of(asked.substring(1))
                .filter(operation -> request.method().equals("POST"))
                .map(operation -> serve(session.get(), operation, request))
                .orElseGet(() -> refused(404, "There is nothing but a git repository here."));
    }

    private Answer advertise(Session session, Operation operation, Request request) {
        return new Answer(
                200,
                "application/x-" + operation.service() + "-advertisement",
                out -> git.advertise(session.project(), pusher(session, operation), operation, protocol(request), out));
    }

    private Answer serve(Session session, Operation operation, Request request) {
        return new Answer(200, "application/x-" + operation.service() + "-result", out -> {
            try (var body = body(operation, request)) {
                git.answer(session.project(), pusher(session, operation), operation, protocol(request), body, out);
            }
        });
    }

    private static InputStream body(Operation operation, Request request) throws IOException {
        boolean zipped = "gzip".equals(request.headers().get("content-encoding"));
        var plain = zipped ? new GZIPInputStream(request.body()) : request.body();
        return operation == Operation.FETCH ? new LimitedInput(plain, MAX_FETCH_BYTES) : plain;
    }

    private static String protocol(Request request) {
        return request.headers().get("git-protocol");
    }

    /** With the turn that runs: its commands push, and so do people in a terminal beside it. */
    private Pusher pusher(Session session, Operation operation) {
        var turn = operation == Operation.PUSH ? turn(session.id()) : Optional.<UUID>empty();
        var title = session.title() == null || session.title().isBlank() ? "A session" : session.title();
        return new Pusher.Sandbox(RefAuthor.session(session.id(), turn, Optional.empty(), title), session.branch());
    }

    private Optional<UUID> turn(UUID session) {
        UUID running = null;
        for (var logged : log.read(session)) {
            switch (logged.event()) {
                case TurnStarted started -> running = started.turnId();
                case TurnEnded ended -> running = null;
                default -> {} // begins and ends no turn
            }
        }
        return Optional.ofNullable(running);
    }

    private static Answer refused(int status, String sentence) {
        return new Answer(
                status,
                "text/plain; charset=utf-8",
                out -> out.write((sentence + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
