package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import java.util.Optional;
import java.util.UUID;

/** One session's tree in its running sandbox. All of {@link Sandbox}'s rules for paths and errors hold. */
public interface Workspace {
    /** Where it is in the sandbox. */
    String ROOT = "/workspace";

    UUID session();

    /** Files and commands, straight through the runner. */
    Sandbox sandbox();

    /**
     * Makes a commit of the whole worktree (untracked files included) if it differs from the newest checkpoint, brings it
     * into the project's repository, moves the session's hidden ref and its branch by compare-and-swap, and tells the log,
     * as the agent's. Serialised per session. Called by the turn after each call that may have changed a file; edits by
     * people and terminals are taken by themselves within 2 s.
     *
     * @param message one line: what made the change
     * @return what was logged: all since the checkpoint that the log was told of last; or empty if nothing changed
     */
    Optional<CheckpointTaken> checkpoint(String message) throws InterruptedException;

    /**
     * Takes a checkpoint of what people and their commands changed, and appends it to the log, so that the next one holds only
     * what was done since. Asks the sandbox for nothing but whether something changed.
     */
    void checkpointPeople() throws InterruptedException;

    /** A relative path of the workspace for what a tool was given: relative, or absolute below {@link #ROOT}. */
    static Optional<String> relative(String path) {
        String rest = path.equals(ROOT) ? "" : path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : path;
        return rest.startsWith("/") || ("/" + rest + "/").contains("/../") ? Optional.empty() : Optional.of(rest);
    }
}
