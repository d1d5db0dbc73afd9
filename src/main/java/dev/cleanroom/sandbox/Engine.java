package dev.cleanroom.sandbox;

import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Starts a runner in a box with limits, and ends it. The runner dials the socket {@code run/s} in the sandbox's folder,
 * so an engine knows nothing of the protocol. A sandbox outlives the server; every method may be repeated.
 */
interface Engine {
    /** The socket's folder, and the runner's program, as seen from inside. */
    String RUN = "/run/cleanroom";

    String RUNTIME = "/opt/runner";

    /** As it stands in the sandbox's row and in {@code CLEANROOM_SANDBOX_ENGINE}. */
    String name();

    /** What this engine can do on this machine; waits while it is looked at. */
    Preflight preflight() throws InterruptedException;

    /**
     * Starts the sandbox anew; returns when its processes are on their way, before the runner dials.
     *
     * @return whether it has a fresh, empty workspace
     * @throws SandboxException with what to do, when the engine cannot work here
     */
    boolean start(Box box) throws InterruptedException;

    /** Whether the processes that {@link #start} made are there, also those of an earlier server. */
    boolean isAlive(UUID session);

    /** Whether a socket's peer may be this sandbox's runner. Not a proof: any of its processes looks the same. */
    boolean isPeer(Box box, UserPrincipal peer);

    /** Kills every process; nothing if there is none. Keeps workspace and caches. */
    void stop(UUID session) throws InterruptedException;

    /** Stops it and deletes its folder. */
    void destroy(Box box) throws InterruptedException;

    /** Deletes the home that a person's sandboxes of a project shared; none of them is left. */
    void deleteCaches(Caches caches) throws InterruptedException;

    /** Sessions whose sandboxes run, known to the database or not. */
    List<UUID> list();

    /** The end of what the sandbox's start and runner said on standard error; empty if nothing. */
    String lastWords(UUID session);

    /** Whether commands inside find this program. */
    boolean has(String program);

    /** The socket to listen on, and what else the server keeps of it. */
    SandboxFolder folder(UUID session);

    /**
     * @param problem why nothing can be started, and what to do
     * @param limitations what holds less than it should on this machine, a sentence each
     */
    record Preflight(Optional<String> problem, List<String> limitations) {}

    /** Of each sandbox. @param cpus processors' worth of time */
    record Limits(long memoryBytes, double cpus, int pids, long tmpBytes) {}

    /**
     * @param slot from 1, numbers the pair of owner and project; decides the host uid
     */
    record Box(UUID session, UUID owner, UUID project, int slot) {
        Caches caches() {
            return new Caches(owner, project, slot);
        }
    }

    /** The home of all sandboxes that have this owner and project. */
    record Caches(UUID owner, UUID project, int slot) {}
}
