package dev.cleanroom.workspace;

import dev.cleanroom.account.AccessAged;
import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Credentials;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectSecrets;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.sandbox.Sandbox.ExecState;
import dev.cleanroom.sandbox.Sandbox.Size;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionLocks;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Every session's terminals and who looks at them. A shell's id follows from its session, its name and a count, so that
 * after a restart of the server the same name finds the same shell.
 */
@ApplicationScoped
class Terminals {
    private static final int MAX_TERMINALS = 16; // a session; each is a shell and 1 MiB here
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
    private static final List<String> SHELL = List.of("sh", "-c", "command -v bash > /dev/null && exec bash; exec sh");

    private record Key(UUID session, String name) {}

    /** One open socket. */
    record Connection(String id, UUID session, String terminal, Caller caller, Terminal.Screen screen) {}

    private record Viewing(Connection connection, Terminal terminal) {}

    private final SessionWorkspaces workspaces;
    private final SessionAccess access;
    private final Credentials credentials;
    private final SessionStore sessions;
    private final ProjectSecrets secrets;
    private final Map<Key, Terminal> terminals = new ConcurrentHashMap<>();
    private final Map<String, Viewing> open = new ConcurrentHashMap<>(); // by connection
    private final SessionLocks opening = new SessionLocks(); // one sandbox may be slow

    Terminals(
            SessionWorkspaces workspaces,
            SessionAccess access,
            Credentials credentials,
            SessionStore sessions,
            ProjectSecrets secrets) {
        this.sessions = sessions;
        this.secrets = secrets;
        this.workspaces = workspaces;
        this.access = access;
        this.credentials = credentials;
    }

    /**
     * Shows a terminal on one more screen; starts its shell if the caller may type and there is none.
     *
     * @throws ProblemException if the caller may not watch, or the terminal is not there
     */
    void join(Connection connection, Size size) throws InterruptedException {
        access.require(connection.caller(), connection.session(), SessionRole.WATCH);
        if (!NAME.matcher(connection.terminal()).matches()) {
            throw new ProblemException(
                    Kind.INVALID,
                    "terminal.name",
                    "A terminal's name has at most 40 letters, digits, dots and dashes.");
        }
        var viewing = new Viewing(connection, terminal(connection, size));
        open.put(connection.id(), viewing);
        try {
            judge(viewing); // after it is listed: a change of access from here on finds it
        } catch (RuntimeException unknown) {
            leave(connection.id());
            throw unknown;
        }
    }

    void leave(String connection) {
        var gone = open.remove(connection);
        if (gone != null) {
            synchronized (gone) { // after a judgement that shows it, and before none
                gone.terminal().leave(connection);
            }
        }
    }

    /** The terminal of an open connection. */
    Optional<Terminal> of(String connection) {
        return Optional.ofNullable(open.get(connection)).map(Viewing::terminal);
    }

    /** A session's terminals by name. */
    Map<String, Terminal> list(UUID session) {
        var found = new TreeMap<String, Terminal>();
        terminals.forEach((key, terminal) -> {
            if (key.session().equals(session)) {
                found.put(key.name(), terminal);
            }
        });
        return found;
    }

    void judgeAgain(@Observes(during = TransactionPhase.AFTER_SUCCESS) AccessChanged change) {
        open.values().stream()
                .filter(viewing -> viewing.connection().caller().id().equals(change.who()))
                .forEach(viewing -> Thread.ofVirtual()
                        .name("judge-" + viewing.connection().id())
                        .start(() -> judgeAgain(viewing)));
    }

    void judgeAged(@Observes AccessAged aged) {
        open.values().stream()
                .filter(viewing ->
                        credentials.hasEnded(viewing.connection().caller().credential()))
                .forEach(this::judgeAgain);
    }

    private void judgeAgain(Viewing viewing) {
        try {
            judge(viewing);
        } catch (RuntimeException unknown) { // nobody keeps a right because it cannot be looked up
            leave(viewing.connection().id());
            viewing.connection().screen().end();
        }
    }

    /** Shows the terminal to who may see it. One judgement after the other: the last one has seen the last change. */
    private void judge(Viewing viewing) {
        var connection = viewing.connection();
        synchronized (viewing) {
            if (!mayWatch(connection)) {
                connection.screen().accessEnded(); // before its sender ends and says less
                leave(connection.id());
            } else if (open.containsKey(connection.id())) {
                viewing.terminal()
                        .admit(connection.id(), connection.caller().name(), mayType(connection), connection.screen());
            }
        }
    }

    private boolean mayWatch(Connection connection) {
        return credentials.isLive(connection.caller().credential())
                && access.role(connection.caller(), connection.session()).isPresent();
    }

    /** Members who drive: a guest's keys would pass every approval. */
    private boolean mayType(Connection connection) {
        return connection.caller().isPerson()
                && access.role(connection.caller(), connection.session())
                        .filter(role -> role.includes(SessionRole.DRIVE))
                        .isPresent();
    }

    private Optional<Terminal> of(Connection connection) {
        return Optional.ofNullable(terminals.get(new Key(connection.session(), connection.terminal())));
    }

    private Terminal terminal(Connection connection, Size size) throws InterruptedException {
        var known = of(connection);
        if (known.isPresent()) {
            return known.get();
        }
        if (!mayType(connection)) {
            throw new ProblemException(
                    Kind.NOT_FOUND,
                    "terminal.not-found",
                    "This terminal is not open; a member who drives can open it.");
        }
        var sandbox = workspaces.open(connection.session()).sandbox();
        try (var _ = opening.lockInterruptibly(connection.session())) {
            var meanwhile = of(connection);
            return meanwhile.isPresent() ? meanwhile.get() : start(connection, sandbox, size);
        }
    }

    private Terminal start(Connection connection, Sandbox sandbox, Size size) throws InterruptedException {
        if (list(connection.session()).size() >= MAX_TERMINALS) {
            throw new ProblemException(
                    Kind.LIMIT, "terminal.limit", "A session has at most " + MAX_TERMINALS + " terminals; close one.");
        }
        var project = sessions.find(connection.session()).map(Session::project);
        var environment = new HashMap<>(project.map(secrets::environment).orElse(Map.of()));
        if (!environment.isEmpty()) {
            secrets.used(project.orElseThrow(), null);
        }
        environment.put("TERM", "xterm-256color");
        var shell = sandbox.exec(new ExecRequest(
                unfinished(connection, sandbox), SHELL, environment, "", Optional.empty(), null, Optional.of(size)));
        var terminal = new Terminal(shell, () -> project.map(secrets::masker).orElse(Masker.NONE));
        var key = new Key(connection.session(), connection.terminal());
        terminals.put(key, terminal);
        Thread.ofVirtual().name("terminal-" + connection.terminal()).start(() -> {
            terminal.run();
            terminals.remove(key, terminal);
        });
        return terminal;
    }

    /** The id of the shell that runs under this name, or of the next one. */
    private static UUID unfinished(Connection connection, Sandbox sandbox) throws InterruptedException {
        for (int count = 1; ; count++) {
            var name = "terminal/" + connection.session() + "/" + connection.terminal() + "/" + count;
            var id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
            if (sandbox.state(id) != ExecState.FINISHED) {
                return id;
            }
        }
    }
}
