package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-, 0, 10",
        "bytes=3-5, 3, 6",
        "bytes=3-99, 3, 10",
        "bytes=-4, 6, 10",
        "bytes=-99, 0, 10",
        "bytes=-0, 10, 10",
        "bytes=10-, 10, 10",
        "bytes=9-9, 9, 10"
    })
    void isHalfOpenWithinTheFile(String header, long start, long end) {
        var range = ByteRange.parse(header).orElseThrow();

        assertThat(range.start(10)).isEqualTo(start);
        assertThat(range.end(10)).isEqualTo(end);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "bytes=-",
                "bytes=5-3",
                "bytes=1-2,4-5",
                "lines=1-2",
                "bytes=a-b",
                "bytes=99999999999999999999-"
            })
    void isNotReadFromAnythingElse(String header) {
        assertThat(ByteRange.parse(header)).isEmpty();
    }
}
