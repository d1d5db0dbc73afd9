package dev.cleanroom.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskerTest {
    @Test
    void hidesEveryKnownValueByteForByte() {
        var masker = new Masker(List.of("hunter22-token", "schlüssel"));

        assertThat(masker.mask("a hunter22-token, hunter22-tokenhunter22-token"))
                .isEqualTo("a **************, ****************************");
        assertThat(masker.mask("der schlüssel")).isEqualTo("der **********");
        assertThat(masker.mask("hunter22-toke")).isEqualTo("hunter22-toke");
        assertThat(new Masker(List.of("short")).mask("short")).isEqualTo("short");
        assertThat(new Masker(List.of("aaaaaaaa")).mask("aaaaaaaaaaab")).isEqualTo("***********b");
    }

    /** Few letters, so that values overlap, begin in each other and end where a piece ends. */
    @Test
    void hidesInPiecesWhatItHidesInTheWhole() {
        for (int seed = 0; seed < 3_000; seed++) {
            var random = new Random(seed);
            var values = new ArrayList<String>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                values.add(letters(random, Masker.SHORTEST + random.nextInt(6)));
            }
            var masker = new Masker(values);
            var text = new StringBuilder();
            while (text.length() < 80) {
                text.append(
                        random.nextInt(3) == 0
                                ? values.get(random.nextInt(values.size()))
                                : letters(random, random.nextInt(9)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            var stream = masker.stream();
            var out = new ByteArrayOutputStream();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, random.nextInt(12));
                out.writeBytes(stream.add(Arrays.copyOfRange(bytes, at, at + length)));
                assertThat(at + length - out.size()).isLessThan(masker.longest()); // no more is held back
                at += length;
            }
            out.writeBytes(stream.end());

            assertThat(out.toString(StandardCharsets.UTF_8)).as("seed " + seed).isEqualTo(masker.mask(text.toString()));
        }
    }

    private static String letters(Random random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
