package dev.cleanroom.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.wire.SseReader.Sse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseReaderTest {
    private static List<Sse> read(InputStream in) throws IOException {
        var events = new ArrayList<Sse>();
        var reader = new SseReader(in);
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        return events;
    }

    private static List<Sse> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Sse data(String data) {
        return new Sse("", data, true);
    }

    @Test
    void readsWhatTheStandardSays() throws Exception {
        assertThat(read("data: a\n\n")).containsExactly(data("a"));
        assertThat(read("data:a\n\n")).containsExactly(data("a"));
        assertThat(read("data:  a\n\n")).containsExactly(data(" a"));
        assertThat(read("data\n\n")).containsExactly(data(""));
        assertThat(read("data: a\ndata: b\n\n")).containsExactly(data("a\nb"));
        assertThat(read(": comment\nid: 1\nretry: 2\nodd: x\nodd\ndata: a\n\n")).containsExactly(data("a"));
        assertThat(read("event: x\n\ndata: a\n\n")).containsExactly(data("a"));
        assertThat(read("event: x\ndata: a\n\ndata: b\n\n")).containsExactly(new Sse("x", "a", true), data("b"));
        assertThat(read("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly(data("a"));
        assertThat(read("data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r")).containsExactly(data("a\nb\nc"), data("d"));
        assertThat(read("\n\n\n")).isEmpty();
    }

    @Test
    void marksWhatTheEndCutOff() throws Exception {
        assertThat(read("data: a\n\ndata: b")).containsExactly(data("a"), new Sse("", "b", false));
        assertThat(read("data: a\n\ndata: b\n")).containsExactly(data("a"), new Sse("", "b", false));
        assertThat(read("data: a\n\nevent: b\n")).containsExactly(data("a"));
    }

    @Test
    void readsTheSameHoweverItIsSplit() throws Exception {
        var random = new Random(7);
        var ends = List.of("\n", "\r\n", "\r");
        for (int round = 0; round < 300; round++) {
            var text = new StringBuilder(round % 3 == 0 ? "\uFEFF" : "");
            var expected = new ArrayList<Sse>();
            for (int i = 0; i < 5; i++) {
                var end = ends.get(random.nextInt(3));
                var payload = "{\"t\":\"日本 👩‍💻 ü " + random.nextInt() + "\"}";
                text.append(": c").append(end).append("event: e").append(i).append(end);
                text.append("data: ").append(payload).append(end).append(end.equals("\r") ? "\r" : end);
                expected.add(new Sse("e" + i, payload, true));
            }
            var bytes = text.toString().getBytes(StandardCharsets.UTF_8);

            var events = read(new InPieces(bytes, random));

            assertThat(events).isEqualTo(expected);
        }
    }

    /** Hands out a random number of bytes at a time. */
    private static final class InPieces extends ByteArrayInputStream {
        private final Random random;

        InPieces(byte[] bytes, Random random) {
            super(bytes);
            this.random = random;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(9)));
        }
    }
}
