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

    /**
     * A sandbox runs with its worktree in place.
     *
     * @param made the files were made now; else they were found as they are
     * @param checkpoint what they were made from, or empty if from {@code base}
     * @param sequence of the newest event when that checkpoint was begun, where it says so
     */
    void opened(boolean made, Optional<String> checkpoint, String base, Optional<Long> sequence) {
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
        entries.add(Entry.of(
                made
                        ? new SandboxRestored(
                                checkpoint.orElse(base), sequence.orElseGet(() -> sequence(history, checkpoint)))
                        : new SandboxRestored(null, null)));
        log.append(session, Actor.SYSTEM, entries);
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

    /** 0 if it was made from where the session began, or from a checkpoint that never reached the log. */
    private static long sequence(List<Logged> history, Optional<String> checkpoint) {
        return history.reversed().stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken taken
                        && checkpoint.filter(taken.commit()::equals).isPresent())
                .mapToLong(Logged::sequence)
                .findFirst()
                .orElse(0);
    }
}
