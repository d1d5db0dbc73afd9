package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;

/**
 * The append-only log of every session. An append is one transaction whose row lock on the session makes sequence order
 * commit order, so "after n" is complete. Listeners are woken in memory after the commit.
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

    /** The turn's way to append; status of the session follows from the events (turn-started, approvals, turn-ended). @throws LeaseLost */
    List<Logged> append(Lease lease, Actor actor, List<Entry> entries);

    /** Takes the right to drive the session: epoch + 1. */
    Lease takeLease(UUID session);

    /** Sessions whose log says that a turn is due or unfinished: for recovery at start. */
    List<UUID> unfinished();

    /** Waits until the log has an event with {@code sequence > after}, or the time is over. */
    void await(UUID session, long after, java.time.Duration limit) throws InterruptedException;
}
