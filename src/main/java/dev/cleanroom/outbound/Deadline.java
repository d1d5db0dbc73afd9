package dev.cleanroom.outbound;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** A point in time after which nothing is waited for. */
record Deadline(long nanos) {
    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /**
     * How long to wait now, in milliseconds: at least 1, since 0 means for ever to a socket.
     *
     * @throws SocketTimeoutException if the time is over
     */
    int millis(Duration atMost) throws SocketTimeoutException {
        long left = (nanos - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("the time for the whole request is over");
        }
        return (int) Math.min(left, Math.clamp(atMost.toMillis(), 1, Integer.MAX_VALUE));
    }
}
