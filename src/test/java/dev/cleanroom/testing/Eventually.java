package dev.cleanroom.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what comes by itself, with a deadline. The only place of the tests that lets time pass between two looks. */
public final class Eventually {
    private static final Duration DEADLINE = Duration.ofSeconds(30); // a loaded machine is slow
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration SAME = Duration.ofMillis(500); // without a change

    private Eventually() {}

    public static void isTrue(Callable<Boolean> condition) throws InterruptedException {
        isTrue(DEADLINE, () -> "it did not come true", condition);
    }

    public static void isTrue(Duration patience, Callable<Boolean> condition) throws InterruptedException {
        isTrue(patience, () -> "it did not come true", condition);
    }

    /** @param failure what to say, asked for when the patience is over */
    public static void isTrue(Duration patience, Supplier<String> failure, Callable<Boolean> condition)
            throws InterruptedException {
        isTrue(patience, PAUSE, failure, condition);
    }

    /** @param pause between two looks, where looking costs what is measured */
    public static void isTrue(Duration patience, Duration pause, Supplier<String> failure, Callable<Boolean> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(failure.get() + " within " + patience);
            }
            LockSupport.parkNanos(pause.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static boolean holds(Callable<Boolean> condition) throws InterruptedException {
        try {
            return condition.call();
        } catch (InterruptedException | RuntimeException asItIs) {
            throw asItIs;
        } catch (Exception failed) {
            throw new AssertionError("what was waited for cannot be looked at", failed);
        }
    }

    /** Until the value, once it is not 0, has stayed the same for half a second. */
    public static void settles(Callable<Number> value) throws InterruptedException {
        var last = new Object() {
            long value;
            long since = System.nanoTime();
        };
        isTrue(DEADLINE, () -> "it did not settle", () -> {
            long now = value.call().longValue();
            if (now != last.value || now == 0) {
                last.value = now;
                last.since = System.nanoTime();
            }
            return System.nanoTime() - last.since >= SAME.toNanos();
        });
    }
}
