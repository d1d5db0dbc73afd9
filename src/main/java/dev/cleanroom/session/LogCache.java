package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.TurnEnded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Logs of sessions whose turn runs, whole: a turn reads its log at each step. A gap, or a turn's end, drops a log; those
 * that wait longest for their next step go first when all are too large together. Only the newest may be larger by itself.
 */
final class LogCache {
    private static final long MAX_SIZE = 32 << 20; // UTF-16 units of JSON: a hundred running sessions of 300 KB

    private static final class Log {
        final List<Logged> events = new ArrayList<>();
        long size; // UTF-16 units of JSON

        void add(List<Logged> more) {
            events.addAll(more);
            more.forEach(each -> size += sizeOf(each));
        }
    }

    private final Map<UUID, Log> logs = new LinkedHashMap<>(16, 0.75f, true); // least recently used first
    private final long maxSize;
    private long size;

    LogCache() {
        this(MAX_SIZE);
    }

    LogCache(long maxSize) {
        this.maxSize = maxSize;
    }

    synchronized Optional<List<Logged>> read(UUID session) {
        return Optional.ofNullable(logs.get(session)).map(log -> List.copyOf(log.events));
    }

    /** Keeps a log only while a turn runs in it: the others are read seldom. */
    void put(UUID session, List<Logged> all) {
        boolean running = !all.isEmpty() && !(all.getLast().event() instanceof TurnEnded);
        if (running) {
            var log = new Log();
            log.add(all);
            keep(session, log);
        }
    }

    private synchronized void keep(UUID session, Log log) {
        drop(session);
        logs.put(session, log);
        size += log.size;
        dropOldest();
    }

    synchronized void drop(UUID session) {
        var log = logs.remove(session);
        size -= log == null ? 0 : log.size;
    }

    synchronized void appended(UUID session, List<Logged> events) {
        var log = logs.get(session);
        if (log == null) {
            return;
        }
        boolean follows =
                log.events.getLast().sequence() + 1 == events.getFirst().sequence();
        if (!follows || events.getLast().event() instanceof TurnEnded) {
            drop(session);
            return;
        }
        long before = log.size;
        log.add(events);
        size += log.size - before;
        dropOldest();
    }

    private void dropOldest() {
        while (size > maxSize && logs.size() > 1) {
            drop(logs.keySet().iterator().next());
        }
    }

    private static long sizeOf(Logged logged) {
        long replay =
                logged.replay() == null ? 0 : SessionJson.write(logged.replay()).length();
        return SessionJson.write(logged.event()).length() + replay;
    }
}
