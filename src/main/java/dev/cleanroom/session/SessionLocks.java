package dev.cleanroom.session;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A lock a session, which is kept only while somebody holds it or waits for it. */
public final class SessionLocks {
    /** To be closed by the thread that got it. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Shared {
        final ReentrantLock lock = new ReentrantLock();
        int users; // changed inside of the map's compute only
    }

    private final Map<UUID, Shared> locks = new ConcurrentHashMap<>();

    /** Reentrant. */
    public Held lock(UUID session) {
        var shared = use(session);
        shared.lock.lock();
        return held(session, shared);
    }

    /** As {@link #lock}. */
    public Held lockInterruptibly(UUID session) throws InterruptedException {
        var shared = use(session);
        try {
            shared.lock.lockInterruptibly();
        } catch (InterruptedException stopped) {
            leave(session);
            throw stopped;
        }
        return held(session, shared);
    }

    /** Sessions whose lock is kept. */
    int count() {
        return locks.size();
    }

    private Shared use(UUID session) {
        return locks.compute(session, (_, known) -> {
            var shared = known == null ? new Shared() : known;
            shared.users++;
            return shared;
        });
    }

    private void leave(UUID session) {
        locks.computeIfPresent(session, (_, shared) -> --shared.users == 0 ? null : shared);
    }

    private Held held(UUID session, Shared shared) {
        return () -> {
            shared.lock.unlock();
            leave(session);
        };
    }
}
