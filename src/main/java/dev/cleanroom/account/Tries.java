package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts tries in a sliding window, a key at a time. In memory: a restart forgives. */
final class Tries {
    private static final int MAX_KEYS = 100_000; // about 20 MB; beyond, the one longest untouched is forgiven

    private final int allowed;
    private final Duration window;
    private final LongSupplier clock;
    private final Map<String, Deque<Long>> byKey = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** @param clock as {@link System#nanoTime}: a clock that is set must lock nobody out */
    Tries(int allowed, Duration window, LongSupplier clock) {
        this.allowed = allowed;
        this.window = window;
        this.clock = clock;
    }

    /** Counts one more. @throws ProblemException {@code account.too-many-tries} when the window is full; this one does not count */
    synchronized void take(String key) {
        check(key);
        byKey.computeIfAbsent(key, absent -> new ArrayDeque<>()).addLast(clock.getAsLong());
    }

    /** @throws ProblemException {@code account.too-many-tries} when the window is full */
    synchronized void check(String key) {
        var tries = byKey.get(key);
        if (tries == null) {
            return;
        }
        long now = clock.getAsLong();
        while (!tries.isEmpty() && now - tries.getFirst() >= window.toNanos()) {
            tries.removeFirst();
        }
        if (tries.isEmpty()) {
            byKey.remove(key);
        } else if (tries.size() >= allowed) {
            long seconds =
                    Math.ceilDiv(window.minusNanos(now - tries.getFirst()).toMillis(), 1_000);
            throw new ProblemException(
                    Kind.LIMIT, "account.too-many-tries", "Too many tries. Again in " + seconds + " s.");
        }
    }

    /** Takes back the newest try: it was right. */
    synchronized void forgive(String key) {
        var tries = byKey.get(key);
        if (tries != null) {
            tries.pollLast();
        }
    }
}
