package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupsTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void areDueAtOnceThenEverySoManyHours() {
        assertThat(Backups.next(List.of(), NOW, 24)).isEqualTo(NOW);
        assertThat(Backups.next(List.of(made(1)), NOW, 24)).isEqualTo(NOW.plus(Duration.ofHours(23)));
    }

    @Test
    void areTriedAgainAnHourAfterOneThatFailedOrWasCutOff() {
        assertThat(Backups.next(List.of(failed(1), made(25)), NOW, 24)).isEqualTo(NOW);
        assertThat(Backups.next(List.of(failed(0), failed(1)), NOW, 744)).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    /** One that somebody asked for in between changes nothing when it fails. */
    @Test
    void areNotDueEarlierBecauseOneFailed() {
        assertThat(Backups.next(List.of(failed(1), made(3)), NOW, 24)).isEqualTo(NOW.plus(Duration.ofHours(21)));
    }

    private static Run made(int hoursAgo) {
        var at = NOW.minus(Duration.ofHours(hoursAgo));
        return new Run(at, at, "a.backup", 1L, null);
    }

    private static Run failed(int hoursAgo) {
        return new Run(NOW.minus(Duration.ofHours(hoursAgo)), null, null, null, null);
    }
}
