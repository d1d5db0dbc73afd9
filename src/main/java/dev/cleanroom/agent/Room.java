package dev.cleanroom.agent;

import dev.cleanroom.permission.Rules;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.StorageException;
import dev.cleanroom.workspace.Workspace;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Where a turn works: the session's workspace, the rules that hold in it, and its checkpoints. */
final class Room {
    private static final Logger LOG = Logger.getLogger(Room.class);
    private static final Duration CHECKPOINT_PATIENCE =
            Duration.ofMinutes(2); // then the turn goes on, and the checkpoint beside it

    private final SessionParts parts;
    private final Lease lease;
    private volatile Session session;
    private volatile Workspace workspace;
    private volatile Rules rules;
    private volatile String instructions;
    private volatile Optional<String> expanded = Optional.empty();
    private Thread checkpoint;

    Room(SessionParts parts, Lease lease) {
        this.parts = parts;
        this.lease = lease;
    }

    /** A new turn: rules and rights are looked at again. */
    void nextTurn() {
        rules = null;
        session = null;
        expanded = Optional.empty();
        workspace = null; // its sandbox may be gone; opening one that is there costs nothing
    }

    boolean isReady() {
        return workspace != null && rules != null && session != null;
    }

    /**
     * Opens the workspace, and reads what the turn needs from it; does nothing the second time.
     *
     * @throws SandboxException where it cannot be opened
     * @throws ProblemException where the turn may not go on
     */
    void prepare(TurnFold fold) throws InterruptedException {
        if (session == null) {
            session = parts.sessions().find(lease.session()).orElseThrow(Room::gone);
            var refusal = parts.authority().refusal(session, fold.prompter());
            if (refusal.isPresent()) {
                throw new ProblemException(
                        Kind.FORBIDDEN, refusal.get().type(), refusal.get().detail());
            }
        }
        if (workspace == null) {
            workspace = parts.workspaces().open(lease.session());
        }
        if (rules == null) {
            expanded = fold.prompted().isEmpty()
                    ? Optional.empty()
                    : SlashCommands.of(workspace.sandbox())
                            .expand(fold.prompted().get());
            rules = parts.authority().rules(session, fold.prompter(), workspace.sandbox());
        }
        if (instructions == null && !fold.hasReplied()) {
            instructions = Instructions.of(workspace.sandbox());
        }
    }

    private static ProblemException gone() {
        return new ProblemException(Kind.NOT_FOUND, "session.not-found", "This session does not exist.");
    }

    Session session() {
        return session;
    }

    Sandbox sandbox() {
        return workspace.sandbox();
    }

    Rules rules() {
        return rules;
    }

    /** Rules that somebody just saved hold from here on. */
    void allow(Rules more) {
        rules = rules.and(more);
    }

    /** Of the project, read once a session. */
    String instructions() {
        return instructions == null ? "" : instructions;
    }

    /** What the turn's prompt says if it is a slash command of the project, as its file was when the turn began. */
    Optional<String> expanded() {
        return expanded;
    }

    /** The sandbox broke: the next call opens it again. */
    void lost() {
        workspace = null;
    }

    /** Takes a checkpoint beside the turn; the next one waits for it. */
    void checkpoint(String message) {
        awaitCheckpoint();
        var open = workspace;
        if (open == null) {
            return;
        }
        checkpoint = Thread.ofVirtual().name("checkpoint-" + lease.session()).start(() -> {
            try {
                open.checkpoint(message);
            } catch (InterruptedException over) {
                // it is taken all the same
            } catch (SandboxException | FileProblem | StorageException | ProblemException failed) {
                LOG.warnf("No checkpoint of session %s: %s", lease.session(), failed.getMessage());
            }
        });
    }

    /** What people changed before a call that may write is theirs, and in the log before it. */
    void checkpointPeople() {
        awaitCheckpoint();
        if (workspace != null) {
            checkpointPeople(workspace);
        }
    }

    /** The same before the turn, if a sandbox runs; else nobody can have changed anything. */
    void checkpointBeforeTurn() {
        parts.workspaces().running(lease.session()).ifPresent(this::checkpointPeople);
    }

    private void checkpointPeople(Workspace open) {
        try {
            open.checkpointPeople();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody interrupts the turn's own thread
        } catch (SandboxException | FileProblem | StorageException | ProblemException failed) {
            LOG.warnf("No checkpoint of what people changed in session %s: %s", lease.session(), failed.getMessage());
        }
    }

    /** Returns when no checkpoint is being taken. */
    void awaitCheckpoint() {
        var running = checkpoint;
        if (running == null) {
            return;
        }
        try {
            running.join(CHECKPOINT_PATIENCE);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody interrupts the turn's own thread
        }
        checkpoint = null;
    }
}
