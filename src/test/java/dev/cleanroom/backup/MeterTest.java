package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void saysSmallAndLargeAmountsInUnitsThatFit() {
        assertThat(Meter.sum(0, SECOND)).isEqualTo("0 B, 0 B/s");
        assertThat(Meter.sum(812, 2 * SECOND)).isEqualTo("812 B, 406 B/s");
        assertThat(Meter.sum(41_300, SECOND / 10)).isEqualTo("41 KB, 413 KB/s");
        assertThat(Meter.sum(999_600, SECOND)).isEqualTo("1.0 MB, 1.0 MB/s");
        assertThat(Meter.sum(3_200_000_000L, 40 * SECOND)).isEqualTo("3.2 GB, 80 MB/s");
    }
}
