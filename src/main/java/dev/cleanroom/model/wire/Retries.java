package dev.cleanroom.model.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Whether and when one reply is asked for again. */
final class Retries {
    private static final Duration JITTER_ABOVE_ASKED = Duration.ofSeconds(1); // never below what a provider asks for

    private final Limits limits;
    private int failures;
    private int unreachable;
    private boolean triedAtOnce;
    private long firstFailure; // System.nanoTime()

    Retries(Limits limits) {
        this.limits = limits;
    }

    /** How long to wait before the next try; empty: give up. */
    Optional<Duration> after(Trouble trouble) {
        long now = System.nanoTime();
        if (failures++ == 0) {
            firstFailure = now;
        }
        if (trouble.kind() == Trouble.Kind.NO_ANSWER && !triedAtOnce) {
            triedAtOnce = true;
            return Optional.of(Duration.ZERO);
        }
        boolean unreached = trouble.kind() == Trouble.Kind.UNREACHABLE || trouble.kind() == Trouble.Kind.NO_ANSWER;
        if (failures > limits.retries() || unreached && ++unreachable > limits.unreachableRetries()) {
            return Optional.empty();
        }
        var wait = trouble.after().map(Retries::withJitterAbove).orElseGet(this::backoff);
        boolean tooLate =
                now - firstFailure + wait.toNanos() > limits.retrying().toNanos();
        return tooLate ? Optional.empty() : Optional.of(wait);
    }

    private Duration backoff() {
        int doublings = Math.min(failures - 1, 20);
        var own = limits.backoff().multipliedBy(1L << doublings);
        var capped = own.compareTo(limits.backoffMax()) < 0 ? own : limits.backoffMax();
        return Duration.ofNanos(
                (long) (capped.toNanos() * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }

    private static Duration withJitterAbove(Duration asked) {
        long above = Math.min(asked.toNanos() / 10, JITTER_ABOVE_ASKED.toNanos());
        return asked.plusNanos(ThreadLocalRandom.current().nextLong(above + 1));
    }
}
