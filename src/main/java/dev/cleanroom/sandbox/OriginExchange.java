package dev.cleanroom.sandbox;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** One request of a sandbox to the server itself, and its answer, over the proxy's stream (RFC 9112). */
final class OriginExchange {
    private static final int BUFFER = 32 * 1024; // bytes: git writes four at a time, and each write is a frame

    private final EgressRequest request;
    private final Duplex stream;
    private final long maxBytes;
    private final AtomicLong up;
    private final AtomicLong down;
    private final Runnable moved;

    /** @param maxBytes of the body; {@code moved}: is told whenever bytes have come or gone */
    OriginExchange(
            EgressRequest request, Duplex stream, long maxBytes, AtomicLong up, AtomicLong down, Runnable moved) {
        this.request = request;
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.up = up;
        this.down = down;
        this.moved = moved;
    }

    void run(UUID session, Origin origin) throws IOException {
        var lines = new String(request.head(), StandardCharsets.ISO_8859_1).split("\r\n");
        var first = lines[0].split(" ");
        var target = first[1].split("\\?", 2);
        var headers = headers(lines);
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            write(stream.output(), "HTTP/1.1 100 Continue\r\n\r\n");
            stream.output().flush();
        }
        var answer = origin.answer(
                session, new Origin.Request(first[0], target[0], target.length > 1 ? target[1] : "", headers, body()));
        try (var out = new BufferedOutputStream(counted(stream.output()), BUFFER)) {
            write(
                    out,
                    "HTTP/1.1 " + answer.status() + " " + (answer.status() < 300 ? "OK" : "Refused")
                            + "\r\nContent-Type: " + answer.type()
                            + "\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n");
            answer.body().writeTo(out);
        }
    }

    private static Map<String, String> headers(String[] lines) {
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return headers;
    }

    private InputStream body() {
        return request.bodyLength() < 0
                ? counted(new ChunkedInput(stream.input()), maxBytes, true)
                : counted(stream.input(), request.bodyLength(), false);
    }

    /** At most so many bytes; more is an error where it was not said before how many come. */
    private InputStream counted(InputStream input, long most, boolean strict) {
        return new InputStream() { // whose skip reads: git's reader skips to the end
            private long left = most;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left == 0 && strict) {
                    throw new IOException("the request is larger than " + most + " bytes");
                }
                if (left == 0) {
                    return -1;
                }
                int count = input.read(target, offset, (int) Math.min(length, left));
                if (count > 0) {
                    left -= count;
                    up.addAndGet(count);
                    moved.run();
                }
                return count;
            }
        };
    }

    private OutputStream counted(OutputStream output) {
        return new FilterOutputStream(output) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                down.addAndGet(length);
                moved.run();
            }
        };
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
