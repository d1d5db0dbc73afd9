package dev.cleanroom.workspace;

import dev.cleanroom.session.Actor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What changed in a worktree since the last checkpoint began, and when it should be committed: soon after the last change,
 * and not long after the first.
 */
final class ChangeSignal {
    private static final Duration QUIET = Duration.ofMillis(300); // an editor's save or a checkout is over by then
    private static final Duration LATEST =
            Duration.ofMillis(1_000); // of the 2 s that may be lost; watching and committing need the rest

    private static final int MAX_PATHS = 2_000; // as many as a runner tells at once; for more a scan is quicker
    private static final char UNREADABLE = '\uFFFD'; // of a name that is no UTF-8: it cannot be asked for

    /**
     * @param people who saved through us
     * @param paths where; empty: anywhere
     */
    record Changes(Set<Actor> people, Optional<Set<String>> paths) {
        boolean isEmpty() {
            return people.isEmpty() && paths.filter(Set::isEmpty).isPresent();
        }
    }

    /** Lets whoever watches tell what he knows. */
    interface Watcher {
        /** @return false if he does not know all that changed until now */
        boolean settle() throws InterruptedException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Actor> people = new HashSet<>();
    private final Set<String> paths = new HashSet<>();
    private volatile Watcher watcher = () -> false;
    private boolean anywhere;
    private boolean dirty;
    private long first;
    private long last; // of System.nanoTime

    /** @param watcher tells {@link #changed} from here on */
    void watchedBy(Watcher watcher) {
        this.watcher = watcher;
    }

    /** He saved something through us; where, the watcher tells. */
    void savedBy(Actor person) {
        raise(() -> people.add(person));
    }

    void changed(Collection<String> where) {
        raise(() -> add(where));
    }

    /** Of too many none is remembered. */
    private void add(Collection<String> where) {
        if (!anywhere) {
            paths.addAll(where);
            anywhere = paths.size() > MAX_PATHS || where.stream().anyMatch(path -> path.indexOf(UNREADABLE) >= 0);
        }
        if (anywhere) {
            paths.clear();
        }
    }

    void changedAnywhere() {
        raise(() -> anywhere = true);
    }

    /** These were taken, and are in no checkpoint. */
    void again(Changes taken) {
        raise(() -> {
            people.addAll(taken.people());
            taken.paths().ifPresentOrElse(this::add, () -> anywhere = true);
        });
    }

    private void raise(Runnable noted) {
        lock.lock();
        try {
            noted.run();
            last = System.nanoTime();
            if (!dirty) {
                first = last;
            }
            dirty = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All changes until now, which are going to be committed. */
    Changes take() throws InterruptedException {
        boolean settled = watcher.settle();
        lock.lock();
        try {
            var taken = new Changes(
                    Set.copyOf(people), anywhere || !settled ? Optional.empty() : Optional.of(Set.copyOf(paths)));
            dirty = false;
            anywhere = false;
            people.clear();
            paths.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are changes that should be committed now, at most until {@code latest}, of {@link System#nanoTime}. */
    void await(long latest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = System.nanoTime();
                long due = latest - now;
                if (dirty) {
                    due = Math.min(due, Math.min(last + QUIET.toNanos(), first + LATEST.toNanos()) - now);
                }
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
