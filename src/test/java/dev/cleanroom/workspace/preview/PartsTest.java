package dev.cleanroom.workspace.preview;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pieces that a preview is passed on by. */
class PartsTest {
    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    private static String body(String answer) throws IOException {
        return new String(Answer.read(bytes(answer), false).body().readAllBytes(), ISO_8859_1);
    }

    @Test
    void readsBodiesThatAreSizedChunkedOrEndWithTheConnection() throws IOException {
        assertThat(body("HTTP/1.1 200 OK\r\ncontent-LENGTH: 3\r\n\r\nabcdef")).isEqualTo("abc");
        assertThat(
                        body(
                                "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\nrest"))
                .isEqualTo("abcde");
        assertThat(body("HTTP/1.0 200 OK\n\nto the end")).isEqualTo("to the end");
        assertThat(body("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 204 None\r\n\r\nnot a body"))
                .isEmpty();
        assertThat(Answer.read(bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), true)
                        .body()
                        .read())
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 700 No\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
            })
    void refusesWhatIsNoAnswerOrEndsTooEarly(String answer) {
        assertThatThrownBy(() -> body(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> body("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000)))
                .hasMessageContaining("larger");
    }

    @ParameterizedTest
    @CsvSource({
        "<!doctype html><html><HEAD lang=x><title>, <!doctype html><html><HEAD lang=x>|<title>",
        "<!doctype html><html lang=x><body>, <!doctype html><html lang=x>|<body>",
        "<!DOCTYPE html><p>, <!DOCTYPE html>|<p>",
        "<header>hi, |<header>hi",
        "'', |",
    })
    void putsItsScriptFirstAndKeepsTheMode(String page, String marked) throws IOException {
        var made = new String(ConsoleScript.into(bytes(page)).readAllBytes(), ISO_8859_1);

        assertThat(made).isEqualTo(marked.replace("|", "<script src=\"/__cleanroom/console.js\"></script>"));
    }

    @Test
    void putsItsScriptIntoALongPageAndLosesNothing() throws IOException {
        var page = "<!doctype html><!--" + " ".repeat(2_000) + "--><head>";

        var made = new String(ConsoleScript.into(bytes(page)).readAllBytes(), ISO_8859_1);

        assertThat(made).startsWith("<!doctype html><script").hasSize(page.length() + 47);
    }

    @Test
    void keepsOurCookiesAndTheProgramsApart() {
        var header = "a=1; __Host-preview=secret; cleanroom=x; __Host-cleanroom-guest-1=y; b=2";

        assertThat(PreviewCookies.pass(header)).contains("secret");
        assertThat(PreviewCookies.toProgram(header)).isEqualTo("a=1; b=2");
        assertThat(PreviewCookies.toBrowser("s=1; Domain=localhost; Path=/; SameSite=Lax; HttpOnly"))
                .contains("s=1; Path=/; HttpOnly; SameSite=None; Secure; Partitioned");
        assertThat(PreviewCookies.toBrowser("__Host-preview=forged; Path=/")).isEmpty();
    }
}
