package dev.cleanroom.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what comes by itself, with a deadline. */
public final class Eventually {
    private static final long DEADLINE = 30_000_000_000L; // ns; a loaded machine is slow
    private static final int PAUSE = 10; // ms
    private static final int SAME = 50; // pauses without a change

    private Eventually() {}

    public static void isTrue(Callable<Boolean> condition) throws Exception {
        isTrue(Duration.ofNanos(DEADLINE), condition);
    }

    public static void isTrue(Duration limit, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come true in " + limit.toSeconds() + " s");
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Until the value, once it is not 0, has stayed the same for half a second. */
    public static void settles(Callable<Number> value) throws Exception {
        long deadline = System.nanoTime() + DEADLINE;
        long last = 0;
        for (int same = 0; same < SAME; ) {
            long now = value.call().longValue();
            same = now == last && now != 0 ? same + 1 : 0;
            last = now;
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not settle in 30 s");
            }
            Thread.sleep(PAUSE);
        }
    }
}
