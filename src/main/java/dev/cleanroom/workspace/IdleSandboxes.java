package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Stops sandboxes that nobody needs: no browser looks at the session, no turn runs or waits, nothing runs in a terminal.
 * Each comes back by itself, with its files, when it is next used.
 */
@ApplicationScoped
class IdleSandboxes {
    private static final Logger LOG = Logger.getLogger(IdleSandboxes.class);
    private static final Duration ROUND = Duration.ofMinutes(1); // between two looks
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(10); // some hundred small files of /proc

    /**
     * A process with a terminal that is not its shell: a shell of ours is a child of the runner, as this command is, and leads
     * both its session and its group. Fields of proc(5)'s stat without the name: process, state, parent, group, session, terminal.
     */
    private static final String BUSY = """
            all=$(sed 's/ (.*) / /' /proc/[0-9]*/stat 2>/dev/null)
            shells=$(echo "$all" | while read -r process state parent group session rest; do
              [ "$parent" != "$PPID" ] || [ "$process" != "$session" ] || echo "$process"
            done)
            echo "$all" | while read -r process state parent group session terminal rest; do
              [ "$terminal" != 0 ] && [ "$group" != "$session" ] || continue
              for shell in $shells; do [ "$shell" != "$session" ] || { echo busy; exit; }; done
            done""";

    private final SessionWorkspaces workspaces;
    private final Terminals terminals;
    private final SessionStore sessions;
    private final SessionBroadcast broadcast;
    private final Duration after;
    private Thread rounds;

    IdleSandboxes(
            SessionWorkspaces workspaces,
            Terminals terminals,
            SessionStore sessions,
            SessionBroadcast broadcast,
            @ConfigProperty(name = "cleanroom.workspace.stop-after", defaultValue = "30M") Duration after) {
        this.workspaces = workspaces;
        this.terminals = terminals;
        this.sessions = sessions;
        this.broadcast = broadcast;
        this.after = after;
    }

    void begin(@Observes StartupEvent started) {
        rounds = Thread.ofVirtual().name("idle-sandboxes").start(this::goRound);
    }

    void end(@Observes ShutdownEvent stopping) {
        if (rounds != null) {
            rounds.interrupt();
        }
    }

    private void goRound() {
        try {
            while (true) {
                Thread.sleep(ROUND);
                lookOrLater();
            }
        } catch (InterruptedException stopped) {
            // the server is stopping
        }
    }

    private void lookOrLater() throws InterruptedException {
        try {
            look();
        } catch (RuntimeException unknown) { // the database may be away: the rounds go on
            LOG.warnf("Idle sandboxes are looked at in the next round: %s", unknown.getMessage());
        }
    }

    void look() throws InterruptedException {
        for (var workspace : workspaces.opened()) {
            try {
                if (isNeeded(workspace)) {
                    workspace.used();
                } else if (workspace.unusedFor().compareTo(after) >= 0) {
                    workspaces.stop(workspace, after);
                }
            } catch (SandboxException | FileProblem | ProblemException later) {
                LOG.debugf("Session %s: %s; looked at again", workspace.session(), later.getMessage());
            }
        }
    }

    private boolean isNeeded(OpenWorkspace workspace) throws InterruptedException {
        return broadcast.isWatched(workspace.session())
                || sessions.find(workspace.session())
                        .filter(session -> session.status() != Session.Status.idle)
                        .isPresent()
                || hasBusyTerminal(workspace);
    }

    private boolean hasBusyTerminal(OpenWorkspace workspace) throws InterruptedException {
        var opened = terminals.list(workspace.session()).values();
        return opened.stream().anyMatch(terminal -> terminal.viewers() > 0)
                || !opened.isEmpty() && isBusy(workspace.sandbox());
    }

    private static boolean isBusy(Sandbox sandbox) throws InterruptedException {
        var found = SandboxCommand.run(sandbox, LOOK_LIMIT, Map.of(), List.of("sh", "-c", BUSY), Optional.empty());
        return new String(found.output(), StandardCharsets.US_ASCII).contains("busy");
    }
}
