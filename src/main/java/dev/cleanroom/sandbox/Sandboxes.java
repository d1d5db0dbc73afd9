package dev.cleanroom.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Every session's sandbox: starts it when somebody needs it, gives the running one otherwise. */
public interface Sandboxes {
    /**
     * @param session whose sandbox
     * @param owner quota, host uid and caches are this person's
     * @param project together with {@code owner} decides host uid and caches volume; its egress list applies
     */
    record Spec(UUID session, UUID owner, UUID project) {}

    /** @param problem why it does not run and what to do, when {@code state} is FAILED */
    record Status(State state, String engine, Optional<String> problem) {}

    enum State {
        ABSENT,
        STARTING,
        READY,
        /** The stream is lost, processes may live; reconnecting. */
        DETACHED,
        STOPPED,
        FAILED
    }

    /**
     * The session's running sandbox; starts or restarts it, waits until the runner answers.
     *
     * @throws SandboxException with a sentence that says what to do when it cannot start
     */
    Sandbox start(Spec spec) throws InterruptedException;

    /** The running one, or empty: starts nothing. */
    Optional<Sandbox> running(UUID session);

    /** As {@link #running}; one that an earlier server left running is taken over first, one that dials again awaited. */
    Optional<Sandbox> takeOver(UUID session) throws InterruptedException;

    /** It ended without being asked, and was not started since: its worktree may have what no checkpoint has. */
    boolean wasLost(UUID session);

    Status status(UUID session);

    /** Stops it and keeps its volumes. */
    void stop(UUID session, Duration grace) throws InterruptedException;

    /**
     * Stops it and deletes its worktree; the next start is that engine's, with an empty one.
     *
     * @param engine the one it has, or another of {@link #engines}
     * @throws SandboxException with a sentence that says what to do when that engine, or the one it has, cannot be used
     */
    void move(Spec spec, String engine) throws InterruptedException;

    /** Those that are configured, the one of new sandboxes first; waits while they are looked at. */
    List<EngineState> engines() throws InterruptedException;

    /**
     * @param preferred new sandboxes are its
     * @param problem why it can start nothing, and what to do
     * @param limitations what holds less than it should on this machine, a sentence each
     */
    record EngineState(String name, boolean preferred, Optional<String> problem, List<String> limitations) {}

    /** Stops it and deletes its worktree. */
    void destroy(UUID session) throws InterruptedException;

    /** Told to CDI observers, asynchronously: the runner of this session started with an empty or a kept worktree. */
    record SandboxStarted(UUID session, String epoch, boolean fresh) {}

    /** The runner ended without being asked: killed, crashed, its host gone. */
    record SandboxLost(UUID session, String epoch) {}
}
