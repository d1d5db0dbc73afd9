package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogCacheTest {
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);
    private static final UUID THIRD = new UUID(0, 3);

    private final LogCache cache = new LogCache(10_000);

    @Test
    void letsGoOfTheLogThatWaitsLongest() {
        cache.put(FIRST, List.of(text(1, 4_000)));
        cache.put(SECOND, List.of(text(1, 4_000)));
        cache.read(FIRST);

        cache.put(THIRD, List.of(text(1, 4_000)));

        assertThat(cache.read(FIRST)).isPresent();
        assertThat(cache.read(SECOND)).isEmpty();
        assertThat(cache.read(THIRD)).isPresent();
    }

    @Test
    void makesRoomForALogThatGrowsAndKeepsItHoweverLargeItGets() {
        cache.put(FIRST, List.of(text(1, 4_000)));
        cache.put(SECOND, List.of(text(1, 4_000)));

        cache.appended(SECOND, List.of(text(2, 20_000)));

        assertThat(cache.read(FIRST)).isEmpty();
        assertThat(cache.read(SECOND).orElseThrow()).hasSize(2);
    }

    @Test
    void hasRoomAgainAfterATurnsEnd() {
        cache.put(FIRST, List.of(text(1, 8_000)));
        cache.appended(FIRST, List.of(new Logged(2, Instant.EPOCH, Actor.AGENT, null, end(), null)));

        cache.put(SECOND, List.of(text(1, 4_000)));
        cache.put(THIRD, List.of(text(1, 4_000)));

        assertThat(cache.read(FIRST)).isEmpty();
        assertThat(cache.read(SECOND)).isPresent();
        assertThat(cache.read(THIRD)).isPresent();
    }

    private static TurnEnded end() {
        return new TurnEnded(UUID.randomUUID(), Reason.ANSWERED, null);
    }

    private static Logged text(long sequence, int length) {
        return new Logged(
                sequence,
                Instant.EPOCH,
                Actor.AGENT,
                1,
                new TextFinished(UUID.randomUUID(), 0, "x".repeat(length)),
                null);
    }
}
