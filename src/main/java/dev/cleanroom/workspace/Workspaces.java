package dev.cleanroom.workspace;

import java.util.Optional;
import java.util.UUID;

/** Every session's workspace: a worktree in a sandbox, made from the newest checkpoint when there is none. */
public interface Workspaces {
    /**
     * The session's workspace with its sandbox running and its tree checked out; starts, restores and waits as needed.
     * A restore appends {@code sandbox-lost} / {@code sandbox-restored}.
     *
     * @throws dev.cleanroom.sandbox.SandboxException with a sentence that says what to do
     */
    Workspace open(UUID session) throws InterruptedException;

    /** The workspace if its sandbox runs now; starts nothing. */
    Optional<Workspace> running(UUID session);

    /** Starts it in the background: somebody began to type a prompt. */
    void warm(UUID session);
}
