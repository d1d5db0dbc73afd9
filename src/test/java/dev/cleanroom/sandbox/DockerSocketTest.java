package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as daemons give them, and as they should not. */
class DockerSocketTest {
    @Test
    void readsPiecesAndWholes() throws IOException {
        assertThat(read("""
                HTTP/1.1 200 OK
                Content-Type: application/json
                Transfer-Encoding: chunked

                6;x=y
                {"a":1
                1
                }
                0

                """).body().path("a").asInt()).isEqualTo(1);
        assertThat(read("HTTP/1.1 404 Not Found\nContent-Length: 2\n\n{}more").bytes())
                .hasSize(2);
        assertThat(read("HTTP/1.1 500 Broken\n\nto the end").bytes()).hasSize(10);
        assertThat(read("HTTP/1.1 204 No Content\n\n").body().isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-x\n\n",
                "HTTP/1.1 200\nContent-Length: 10\n\ncut",
                "HTTP/1.1 200\nContent-Length: 99999999\n\n",
                "HTTP/1.1 200\nContent-Length: -1\n\n",
                "HTTP/1.1 200\nContent-Length: 99999999999999999999\n\n",
                "HTTP/1.1 200\nTransfer-Encoding: chunked\n\nffffff0\n",
                "HTTP/1.1 200\nTransfer-Encoding: chunked\n\n-5\n",
                "HTTP/1.1 200\nTransfer-Encoding: chunked\n\n5\nabc",
                "HTTP/1.1 200\nno header\n\n",
                "HTTP/1.1 x\n\n"
            })
    void refusesWhatIsNoAnswer(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void partsTheStreamsOfALog() {
        byte[] log = {1, 0, 0, 0, 0, 0, 0, 2, 'a', 'b', 2, 0, 0, 0, 0, 0, 0, 1, 'c', 1, 0, 0, 0, 127, 0, 0, 0, 'd'};

        assertThat(DockerEngine.words(log)).isEqualTo("abcd");
    }

    private static DockerSocket.Reply read(String answer) throws IOException {
        return DockerSocket.read(
                new ByteArrayInputStream(answer.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
    }
}
