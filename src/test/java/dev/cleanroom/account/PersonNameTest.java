package dev.cleanroom.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNameTest {
    @Test
    void normalizes() {
        assertThat(PersonName.clean("  Ａｎａ   Ruiz ")).isEqualTo("Ana Ruiz");
        assertThat(PersonName.clean("Zoë")).isEqualTo("Zo\u00eb");
        assertThat(PersonName.clean("李雷")).isEqualTo("李雷");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a\nb",
                "a\u0000b",
                "a\u200bb",
                "a\u202eb",
                "a\ud800b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void refuses(String name) {
        assertThatThrownBy(() -> PersonName.clean(name)).isInstanceOf(ProblemException.class);
    }

    @Test
    void seesThroughCaseAccentsAndSpaces() {
        assertThat(PersonName.skeleton("ána-ruiz")).isEqualTo(PersonName.skeleton("Ana Ruiz"));
    }
}
