package dev.cleanroom.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.problem.CannotStart;
import dev.cleanroom.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortableKeyTest {
    private static final String THERE = key(1);
    private static final String HERE = key(2);
    private static final String PASSPHRASE = "correct horse battery";

    @TempDir
    Path home;

    @Test
    void opensWithItsPassphraseOnly() {
        String sealed = PortableKey.seal(THERE, PASSPHRASE);

        assertThat(PortableKey.open(sealed, PASSPHRASE)).isEqualTo(THERE);
        for (var wrong : new String[] {sealed, "p1.9999999.3.AAAA.AAAA", "p1.65536.3", "", sealed + "A"}) {
            assertThatThrownBy(() -> PortableKey.open(wrong, "correct horse batterz"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo("secret.passphrase-wrong"));
        }
        assertThatThrownBy(() -> PortableKey.seal(THERE, "short"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo("secret.passphrase-short"));
    }

    @Test
    void putsTheKeysOfThereBeforeThoseOfHereSoThatBothOpen() throws IOException {
        Files.writeString(home.resolve("master.key"), HERE + "\n");

        PortableKey.install(THERE, home, Optional.empty());
        PortableKey.install(THERE, home, Optional.empty());

        String now = PortableKey.find(home, Optional.empty()).orElseThrow();
        assertThat(now.lines()).containsExactly(THERE, HERE);
        assertThat(PortableKey.ids(now))
                .containsExactly(
                        PortableKey.ids(THERE).getFirst(), PortableKey.ids(HERE).getFirst());
        assertThat(Files.getPosixFilePermissions(home.resolve("master.key"))).hasSize(2);
    }

    @Test
    void refusesToChangeAKeyThatTheEnvironmentSets() {
        assertThatThrownBy(() -> PortableKey.install(THERE, home, Optional.of(HERE)))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("CLEANROOM_MASTER_KEY");
        PortableKey.install(THERE, home, Optional.of(HERE + "," + THERE));

        assertThat(home.resolve("master.key")).doesNotExist();
    }

    private static String key(int filler) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) filler);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
