package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputTailTest {
    @Test
    void keepsTheNewestBytesWhateverThePieces() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var tail = new OutputTail(1 + random.nextInt(50));
            var all = new ByteArrayOutputStream();
            for (int piece = 0; piece < 30; piece++) {
                byte[] bytes = new byte[random.nextInt(70)];
                random.nextBytes(bytes);
                tail.add(bytes);
                all.writeBytes(bytes);

                byte[] expected = Arrays.copyOfRange(all.toByteArray(), (int) tail.start(), all.size());
                assertThat(tail.copy(tail.start(), Integer.MAX_VALUE))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
                assertThat(tail.end()).isEqualTo(all.size());
            }
        }
    }
}
