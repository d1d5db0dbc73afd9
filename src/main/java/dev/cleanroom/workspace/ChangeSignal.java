package dev.cleanroom.workspace;

import dev.cleanroom.session.Actor;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Says when a worktree that changed should be committed: soon after the last change, and not long after the first. */
final class ChangeSignal {
    private static final Duration QUIET = Duration.ofMillis(300); // an editor's save or a checkout is over by then
    private static final Duration LATEST =
            Duration.ofMillis(1_000); // of the 2 s that may be lost; watching and committing need the rest

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Actor> people = new HashSet<>();
    private boolean dirty;
    private long first;
    private long last; // of System.nanoTime

    /** Something changed; a person is named when he did it through us. */
    void raise(Set<Actor> by) {
        lock.lock();
        try {
            last = System.nanoTime();
            if (!dirty) {
                first = last;
            }
            dirty = true;
            people.addAll(by);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All changes until now are going to be committed. @return the people who saved since the last time */
    Set<Actor> clear() {
        lock.lock();
        try {
            dirty = false;
            var taken = Set.copyOf(people);
            people.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are changes that should be committed now. */
    void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (!dirty) {
                    changed.await();
                    continue;
                }
                long due = Math.min(last + QUIET.toNanos(), first + LATEST.toNanos()) - System.nanoTime();
                if (due <= 0) {
                    return;
                }
                changed.await(due, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
