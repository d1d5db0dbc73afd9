package dev.cleanroom.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.problem.ProblemException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private final Passwords passwords = new Passwords();

    @Test
    void matchesTheRightPasswordOnly() {
        var stored = passwords.hash("correct horse");

        assertThat(stored).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.matches("correct horse", Optional.of(stored))).isTrue();
        assertThat(passwords.matches("correct horse ", Optional.of(stored))).isFalse();
        assertThat(passwords.matches("", Optional.of(stored))).isFalse();
        assertThat(passwords.matches("correct horse", Optional.empty())).isFalse();
    }

    @Test
    void saltsEachHash() {
        assertThat(passwords.hash("same")).isNotEqualTo(passwords.hash("same"));
    }

    @Test
    void anUnknownPersonTakesAsLongAsAWrongPassword() {
        var stored = Optional.of(passwords.hash("correct horse"));
        passwords.matches("warm", stored);

        long known = nanos(() -> passwords.matches("wrong", stored));
        long unknown = nanos(() -> passwords.matches("wrong", Optional.empty()));

        assertThat((double) unknown / known).isBetween(0.2, 5.0); // without the hash it is below 0.001
    }

    @Test
    void saysHowLongAPasswordIs() {
        assertThatThrownBy(() -> Passwords.check("seven77"))
                .isInstanceOf(ProblemException.class)
                .hasMessage("A password has 8 to 1024 characters.");
        Passwords.check("eight888");
    }

    private static long nanos(Runnable work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
