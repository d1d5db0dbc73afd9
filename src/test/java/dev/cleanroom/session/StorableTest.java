package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StorableTest {
    @Test
    void replacesNulAndLoneSurrogates() {
        assertThat(Storable.text("a\0b\ud800c\udc00d😀")).isEqualTo("a\ufffdb\ufffdc\ufffdd😀");
    }

    @Test
    void cutsNeverInsideACodePoint() {
        assertThat(Storable.text("ab😀", 3)).isEqualTo("ab");
        assertThat(Storable.text("ab😀", 4)).isEqualTo("ab😀");
    }

    @Test
    void makesAnyTextOneThatUtf8CarriesUnchanged() {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append((char) (random.nextBoolean() ? 0xD7F0 + random.nextInt(0x820) : random.nextInt(128)));
            }

            String clean = Storable.text(text.toString(), random.nextInt(14));

            assertThat(new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(clean);
            assertThat(clean).doesNotContain("\0");
        }
    }
}
