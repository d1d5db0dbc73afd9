package dev.cleanroom.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final int HEAD = 100_000;
    private static final int TAIL = 70_000;

    @TempDir
    Path directory;

    private Spool spool(String where) {
        return new Spool(where.getBytes(StandardCharsets.UTF_8), HEAD, TAIL);
    }

    private static void append(Backlog backlog, byte[] bytes) {
        try (var arena = Arena.ofConfined()) {
            backlog.append(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
        }
    }

    /** Reads as the writer does: what was left out is skipped. */
    private static long keptBytes(Backlog backlog, byte[] all, int end) {
        long kept = 0;
        for (long at = backlog.keptFrom(0); at < end; at = backlog.keptFrom(at)) {
            var piece = backlog.read(at, 5_000);
            assertThat(piece).isNotEmpty().isEqualTo(Arrays.copyOfRange(all, (int) at, (int) at + piece.length));
            kept += piece.length;
            at += piece.length;
        }
        return kept;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void keepsHeadAndTailWhateverThePieces(int seed) {
        var random = new Random(seed);
        var all = new byte[400_000];
        random.nextBytes(all);
        var spool = spool(directory.toString());
        int end = 0;
        while (end < all.length) {
            int count = Math.min(all.length - end, 1 + random.nextInt(seed % 2 == 0 ? 65_536 : 3_000));
            append(spool, Arrays.copyOfRange(all, end, end + count));
            end += count;
            assertThat(keptBytes(spool, all, end)).isEqualTo(Math.min(end, HEAD + TAIL));
        }
        spool.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutADiskItKeepsTheFirstBytesAndGoesOn() {
        var all = new byte[300_000];
        new Random(7).nextBytes(all);
        var spool = spool("/nowhere");

        append(spool, all);

        assertThat(spool.end()).isEqualTo(all.length);
        assertThat(keptBytes(spool, all, all.length)).isEqualTo(64 * 1024);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aRingKeepsWhatWasNotAcknowledged(int seed) {
        var random = new Random(seed);
        var all = new byte[3_000_000];
        random.nextBytes(all);
        var ring = new Ring();
        long acknowledged = 0;
        int end = 0;
        while (end < all.length) {
            int room = (int) (256 * 1024 - (end - acknowledged));
            int count = Math.min(all.length - end, random.nextInt(Math.min(room, 65_536) + 1));
            append(ring, Arrays.copyOfRange(all, end, end + count));
            end += count;
            if (end > acknowledged) {
                var piece = ring.read(acknowledged, 65_536);
                assertThat(piece)
                        .isEqualTo(Arrays.copyOfRange(all, (int) acknowledged, (int) acknowledged + piece.length));
                acknowledged += random.nextInt(piece.length + 1);
                ring.acknowledged(acknowledged);
            }
        }
    }
}
