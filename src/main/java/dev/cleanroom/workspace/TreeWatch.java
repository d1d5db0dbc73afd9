package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.Changed;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.Sandbox.Watch;
import dev.cleanroom.sandbox.Sandbox.WatchBatch;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionBroadcast.FileChange;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells a session's browsers which files changed, and the committer that something did. Where nothing can be watched
 * (the machine's inotify instances are used up) the committer looks every two seconds instead.
 */
final class TreeWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TreeWatch.class);
    private static final int WAITING = 100; // batches; beyond, browsers are told to look at everything again
    private static final int MAX_CHANGES = 200; // files named in one message; a branch switch is a resync
    private static final Duration POLL = Duration.ofSeconds(2); // what may be lost at most

    private final UUID session;
    private final Sandbox sandbox;
    private final SessionBroadcast broadcast;
    private final ChangeSignal changed;
    private final BlockingQueue<WatchBatch> batches = new ArrayBlockingQueue<>(WAITING);
    private final Thread teller;

    TreeWatch(UUID session, Sandbox sandbox, SessionBroadcast broadcast, ChangeSignal changed) {
        this.session = session;
        this.sandbox = sandbox;
        this.broadcast = broadcast;
        this.changed = changed;
        this.teller = Thread.ofVirtual().name("watch-" + session).unstarted(this::run);
    }

    void start() {
        teller.start();
    }

    @Override
    public void close() {
        teller.interrupt();
    }

    private void run() {
        try {
            Watch watch = begin();
            try (watch) {
                changed.watchedBy(watch::settle);
                tell(new WatchBatch(List.of(), true)); // between checkout and watch something may have happened
                while (true) {
                    tell(batches.take());
                }
            }
        } catch (InterruptedException stopped) {
            // closed
        }
    }

    private Watch begin() throws InterruptedException {
        boolean said = false;
        while (true) {
            try {
                return sandbox.watch(this::receive);
            } catch (SandboxException | FileProblem failed) {
                if (!said) {
                    LOG.warnf("Session %s: files are not watched: %s", session, failed.getMessage());
                    said = true;
                }
                changed.changedAnywhere();
                TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            }
        }
    }

    /** On a thread of the connection's: must not wait. */
    private void receive(WatchBatch batch) {
        if (batch.resync()) {
            changed.changedAnywhere();
        } else {
            changed.changed(batch.changes().stream().map(Changed::path).toList());
        }
        if (!batches.offer(batch)) {
            batches.clear();
            batches.offer(new WatchBatch(List.of(), true));
        }
    }

    private void tell(WatchBatch batch) throws InterruptedException {
        boolean resync = batch.resync() || batch.changes().size() > MAX_CHANGES;
        var changes = new ArrayList<FileChange>();
        if (!resync) {
            for (Changed one : batch.changes()) {
                changes.add(describe(one));
            }
        }
        broadcast.filesChanged(session, changes, resync);
    }

    /** Only what is not there is deleted: of what cannot be looked at, the watcher's word holds. */
    private FileChange describe(Changed one) throws InterruptedException {
        try {
            var stat = sandbox.stat(one.path());
            return stat.isPresent()
                    ? new FileChange(
                            one.path(),
                            one.change() == Sandbox.Change.ADDED ? ChangeKind.added : ChangeKind.modified,
                            etag(stat.get()))
                    : new FileChange(one.path(), ChangeKind.deleted, null);
        } catch (FileProblem | SandboxException unknown) {
            LOG.debugf("%s: %s", one.path(), unknown.getMessage());
            return new FileChange(one.path(), kind(one.change()), null);
        }
    }

    private static ChangeKind kind(Sandbox.Change change) {
        return switch (change) {
            case ADDED -> ChangeKind.added;
            case MODIFIED -> ChangeKind.modified;
            case DELETED -> ChangeKind.deleted;
        };
    }

    private static String etag(FileStat stat) {
        return stat.etag().isEmpty() ? null : stat.etag();
    }
}
