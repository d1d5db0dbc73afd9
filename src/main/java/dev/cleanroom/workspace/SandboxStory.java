package dev.cleanroom.workspace;

import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.Forked;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a session's log says of its sandbox: each loss once, and each loss has its restore. */
final class SandboxStory {
    private final SessionLog log;
    private final UUID session;

    SandboxStory(SessionLog log, UUID session) {
        this.log = log;
        this.session = session;
    }

    /** @param epoch of the runner that is gone */
    void lost(String epoch) {
        try {
            log.append(session, Actor.SYSTEM, List.of(Entry.once(new SandboxLost(), epoch)));
        } catch (AlreadyLogged told) {
            // another observer, or this server before its restart
        }
    }

    /** A server has died between this checkpoint and its place in the log. */
    void caughtUp(CheckpointTaken taken) {
        try {
            log.append(session, Actor.SYSTEM, List.of(Entry.once(taken, taken.commit())));
        } catch (AlreadyLogged told) {
            // who took it was only slow
        }
    }

    /** @param sequence of the newest event when it was begun, where it says so */
    record Checkpoint(String commit, Optional<Long> sequence, Instant at) {}

    /**
     * A sandbox runs with its worktree in place.
     *
     * @param made the files were made now; else they were found as they are
     * @param checkpoint what they were made from, or empty if from {@code base}
     */
    void opened(boolean made, Optional<Checkpoint> checkpoint, String base) {
        var history = log.read(session);
        boolean lost =
                newestOfSandbox(history).filter(SandboxLost.class::isInstance).isPresent();
        boolean rebuilt = made && checkpoint.isPresent() && !isFirstOfFork(history);
        if (!lost && !rebuilt) {
            return;
        }
        var entries = new ArrayList<Entry>();
        if (!lost) {
            entries.add(Entry.of(new SandboxLost()));
        }
        entries.add(Entry.of(made ? restored(history, checkpoint, base) : new SandboxRestored(null, null, null)));
        log.append(session, Actor.SYSTEM, entries);
    }

    private static SandboxRestored restored(List<Logged> history, Optional<Checkpoint> checkpoint, String base) {
        return checkpoint
                .map(from -> new SandboxRestored(
                        from.commit(), from.sequence().orElseGet(() -> sequence(history, from.commit())), from.at()))
                .orElseGet(() -> new SandboxRestored(base, 0L, null));
    }

    /** Its files come from another session's checkpoint: none of its own was lost. */
    private static boolean isFirstOfFork(List<Logged> history) {
        return history.reversed().stream()
                .map(Logged::event)
                .filter(event -> event instanceof Forked || event instanceof CheckpointTaken)
                .findFirst()
                .filter(Forked.class::isInstance)
                .isPresent();
    }

    private static Optional<SessionEvent> newestOfSandbox(List<Logged> history) {
        return history.reversed().stream()
                .map(Logged::event)
                .filter(event -> event instanceof SandboxLost || event instanceof SandboxRestored)
                .findFirst();
    }

    /** 0 if it never reached the log. */
    private static long sequence(List<Logged> history, String checkpoint) {
        return history.reversed().stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken taken && checkpoint.equals(taken.commit()))
                .mapToLong(Logged::sequence)
                .findFirst()
                .orElse(0);
    }
}
