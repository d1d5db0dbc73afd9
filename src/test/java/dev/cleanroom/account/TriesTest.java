package dev.cleanroom.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TriesTest {
    private Duration now = Duration.ZERO;
    private final Tries tries = new Tries(2, Duration.ofMinutes(1), () -> now.toNanos());

    @Test
    void refusesTheThirdTryUntilTheFirstIsAMinuteOld() {
        tries.take("ana");
        now = now.plusSeconds(20);
        tries.take("ana");

        assertThatThrownBy(() -> tries.take("ana")).hasMessage("Too many tries. Again in 40 s.");
        now = now.plusSeconds(40);
        tries.take("ana");

        assertThatThrownBy(() -> tries.take("ana")).hasMessage("Too many tries. Again in 20 s.");
    }

    @Test
    void countsEachKeyByItself() {
        tries.take("ana");
        tries.take("ana");

        tries.take("jonas");
    }

    @Test
    void forgivesARightOne() {
        for (int i = 0; i < 10; i++) {
            tries.take("ana");
            tries.forgive("ana");
        }

        tries.take("ana");
        tries.take("ana");
        assertThatThrownBy(() -> tries.check("ana")).isInstanceOf(RuntimeException.class);
        assertThat(now).isZero();
    }
}
