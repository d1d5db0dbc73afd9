package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.TurnEnded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Logs of sessions whose turn runs, whole: a turn reads its log at each step. A gap, or a turn's end, drops a log. */
final class LogCache {
    private final Map<UUID, ArrayList<Logged>> logs = new ConcurrentHashMap<>();

    Optional<List<Logged>> read(UUID session) {
        var log = logs.get(session);
        if (log == null) {
            return Optional.empty();
        }
        synchronized (log) {
            return Optional.of(List.copyOf(log));
        }
    }

    /** Keeps a log only while a turn runs in it: the others are read seldom. */
    void put(UUID session, List<Logged> all) {
        boolean running = !all.isEmpty() && !(all.getLast().event() instanceof TurnEnded);
        if (running) {
            logs.put(session, new ArrayList<>(all));
        }
    }

    void drop(UUID session) {
        logs.remove(session);
    }

    void appended(UUID session, List<Logged> events) {
        var log = logs.get(session);
        if (log == null) {
            return;
        }
        synchronized (log) {
            boolean follows = log.getLast().sequence() + 1 == events.getFirst().sequence();
            if (!follows || events.getLast().event() instanceof TurnEnded) {
                logs.remove(session, log);
            } else {
                log.addAll(events);
            }
        }
    }
}
