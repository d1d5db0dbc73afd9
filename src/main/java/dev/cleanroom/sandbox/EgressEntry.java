package dev.cleanroom.sandbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** One connection that a sandbox asked for, while it lasts. */
final class EgressEntry {
    private final UUID session;
    private final UUID project;
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final String host;
    private final int port;
    private final String verdict;
    private final Optional<Cause> cause;
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();
    private volatile boolean over;

    /** @param verdict {@link EgressLedger#ALLOWED}, {@link EgressLedger#GIT}, or why not: then it is over */
    EgressEntry(UUID session, UUID project, String host, int port, String verdict, Optional<Cause> cause) {
        this.session = session;
        this.project = project;
        this.host = host;
        this.port = port;
        this.verdict = verdict;
        this.cause = cause;
        this.over = isRefused();
    }

    /** The command that the connection came from, as the sandbox says: nothing proves it. */
    record Cause(Kind kind, UUID id) {
        enum Kind {
            call,
            terminal
        }

        /** @param text the runner's, such as {@code call 0197…}; anything else says nothing */
        static Optional<Cause> of(String text) {
            var words = text == null ? new String[0] : text.split(" ", 2);
            try {
                return words.length < 2
                        ? Optional.empty()
                        : Optional.of(new Cause(Kind.valueOf(words[0]), UUID.fromString(words[1])));
            } catch (IllegalArgumentException nonsense) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return kind + " " + id;
        }
    }

    UUID session() {
        return session;
    }

    UUID project() {
        return project;
    }

    Instant at() {
        return at;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String verdict() {
        return verdict;
    }

    Optional<Cause> cause() {
        return cause;
    }

    /** Bytes from the sandbox. */
    AtomicLong up() {
        return up;
    }

    AtomicLong down() {
        return down;
    }

    boolean isRefused() {
        return !verdict.equals(EgressLedger.ALLOWED) && !verdict.equals(EgressLedger.GIT);
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }
}
