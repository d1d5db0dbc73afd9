package dev.cleanroom.agent;

import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.LeaseLost;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The one way in which a loop writes to its log: nothing passes once the server stops, and the next one goes on from there. */
final class TurnLog {
    private static final Logger LOG = Logger.getLogger(TurnLog.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100); // before the database is tried again
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final SessionParts parts;
    private final Lease lease;
    private final BooleanSupplier stopping;

    TurnLog(SessionParts parts, Lease lease, BooleanSupplier stopping) {
        this.parts = parts;
        this.lease = lease;
        this.stopping = stopping;
    }

    /**
     * Writes what happened, or finds that it is written; waits for the database while it is away.
     *
     * @throws LeaseLost also if the server stops
     */
    void append(Actor by, List<Entry> entries) {
        patiently(() -> !parts.log().append(lease, by, entries).isEmpty());
    }

    /** As {@link #append}. @return false if somebody appended after {@code sequence}: nothing was appended then */
    boolean appendAt(long sequence, List<Entry> entries) {
        return patiently(() ->
                parts.log().appendAt(lease, sequence, Actor.AGENT, entries).isPresent());
    }

    /**
     * Writes at once: for threads that may be interrupted.
     *
     * @throws LeaseLost also if the server stops
     * @throws StorageException
     */
    void appendNow(Actor by, List<Entry> entries) {
        requireRunning();
        parts.log().append(lease, by, entries);
    }

    private boolean patiently(BooleanSupplier append) {
        long pause = FIRST_PAUSE.toMillis();
        var since = Optional.<Instant>empty();
        while (true) {
            requireRunning();
            try {
                boolean appended = append.getAsBoolean();
                since.ifPresent(_ -> parts.broadcast().storing(lease.session(), Optional.empty()));
                return appended;
            } catch (AlreadyLogged done) {
                since.ifPresent(_ -> parts.broadcast().storing(lease.session(), Optional.empty()));
                return true; // a commit whose answer was lost, or a person was quicker: the log has it
            } catch (StorageException away) {
                LOG.warnf("Session %s waits for the database: %s", lease.session(), away.getMessage());
                since = since.or(() -> Optional.of(Instant.now()));
                parts.broadcast().storing(lease.session(), since);
                LockSupport.parkNanos(pause * 1_000_000);
                pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
            }
        }
    }

    private void requireRunning() {
        if (stopping.getAsBoolean()) {
            throw new LeaseLost(lease);
        }
    }
}
