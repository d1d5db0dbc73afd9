package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The append-only log of every session. An append is one transaction whose row lock on the session makes sequence order
 * commit order, so "after n" is complete. Listeners are woken in memory after the commit. No method is disturbed by an
 * interrupt of its caller, except {@link #await}: the flag stays as it was.
 */
public interface SessionLog {
    /** @param key what may happen once: unique per session and type; null for most. {@code replay} null for most */
    record Entry(SessionEvent event, Integer step, String key, JsonNode replay) {
        public static Entry of(SessionEvent event) {
            return new Entry(event, null, null, null);
        }

        public static Entry once(SessionEvent event, Object key) {
            return new Entry(event, null, key.toString(), null);
        }

        public Entry inStep(int number) {
            return new Entry(event, number, key, replay);
        }

        public Entry withReplay(JsonNode data) {
            return new Entry(event, step, key, data);
        }
    }

    /** What was tried a second time. */
    final class AlreadyLogged extends RuntimeException {
        public AlreadyLogged(String what) {
            super(what);
        }
    }

    /** Events with {@code sequence > after}, oldest first, at most {@code limit}. */
    List<Logged> read(UUID session, long after, int limit);

    /** The whole log, oldest first; kept in memory for a session whose turn runs, so cheap to call at each step. */
    List<Logged> read(UUID session);

    /** @throws AlreadyLogged if an entry's key was used before; then nothing was appended */
    List<Logged> append(UUID session, Actor actor, List<Entry> entries);

    /**
     * Appends only if {@code expected} is still the newest sequence: for what was decided by looking at the log.
     *
     * @return empty if somebody appended meanwhile: look again
     */
    Optional<List<Logged>> appendAt(UUID session, long expected, Actor actor, List<Entry> entries);

    /** The turn's way to append; the session's status follows from the events. @throws LeaseLost */
    List<Logged> append(Lease lease, Actor actor, List<Entry> entries);

    /** As {@link #appendAt(UUID, long, Actor, List)}, under a lease: for starting a turn or ending one, since a prompt may come or go meanwhile. */
    Optional<List<Logged>> appendAt(Lease lease, long expected, Actor actor, List<Entry> entries);

    /** What must not meet a turn. */
    interface Rest<T> {
        T run() throws InterruptedException;
    }

    /**
     * Does something while no turn runs: one that starts meanwhile waits until it is done, and its prompt in the queue.
     *
     * @throws ProblemException {@code session.turn-running}
     */
    <T> T atRest(UUID session, Rest<T> work) throws InterruptedException;

    /**
     * As {@link #atRest(UUID, Rest)}, but a turn that runs is asked to end by {@code interrupt} and its end awaited; no other
     * one starts in between.
     *
     * @throws ProblemException {@code session.turn-running} if it does not end within a minute
     */
    <T> T atRest(UUID session, Runnable interrupt, Rest<T> work) throws InterruptedException;

    /** Takes the right to drive the session: epoch + 1. */
    Lease takeLease(UUID session);

    /** Sessions in which a turn is unfinished or a prompt may wait (a superset: the log decides): for recovery at start. */
    List<UUID> unfinished();

    /** Waits until the log has an event with {@code sequence > after}, or the time is over. */
    void await(UUID session, long after, Duration limit) throws InterruptedException;
}
