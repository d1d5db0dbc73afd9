package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    private static final String LIST =
            ":000000 100644 0 1 A\0new\nfile\0:100644 000000 1 0 D\0gone\0:100644 120000 1 2 T\0kind\0"
                    + "3\t0\tnew\nfile\0-\t-\tgone\0001\t2\tkind\0";

    @Test
    void joinsKindsAndLineCounts() {
        assertThat(parse("head\n" + LIST, 5))
                .containsExactly(
                        new ChangedFile("new\nfile", ChangeKind.added, 3, 0),
                        new ChangedFile("gone", ChangeKind.deleted, 0, 0),
                        new ChangedFile("kind", ChangeKind.modified, 1, 2));
    }

    @Test
    void readsWhatIsThereOfAListThatWasCutOff() {
        for (int length = 0; length < LIST.length(); length++) {
            assertThat(parse(LIST.substring(0, length), 0)).hasSizeLessThanOrEqualTo(3);
        }
        assertThat(parse(LIST.substring(0, LIST.indexOf("3\t0")), 0)).hasSize(3);
    }

    private static java.util.List<ChangedFile> parse(String output, int from) {
        return Differences.parse(output.getBytes(StandardCharsets.UTF_8), from);
    }
}
