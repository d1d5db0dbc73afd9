package dev.cleanroom.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAwayTest {
    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "57P01", "57P02", "57P03", "53300"})
    void isSeenBehindWhateverWrapsIt(String state) {
        var failure = new IllegalStateException(new IOException(new SQLException("gone", state)));

        assertThat(DatabaseAway.causes(failure)).isTrue();
    }

    @Test
    void isSeenWhereThePoolGaveNoConnection() {
        assertThat(DatabaseAway.causes(new SQLException("Acquisition timeout"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "42601", "57014"})
    void isNotARefusedStatement(String state) {
        assertThat(DatabaseAway.causes(new SQLException("refused", state))).isFalse();
    }

    @Test
    void isNoOtherFailureAndSurvivesARingOfCauses() {
        var one = new IllegalStateException("one");
        var two = new IllegalStateException("two", one);
        one.initCause(two);

        assertThat(DatabaseAway.causes(one)).isFalse();
    }
}
