package dev.cleanroom.model.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Server-sent events as WHATWG's "event stream interpretation" has them: lines end with CRLF, LF or CR, also mixed; one
 * leading byte order mark is skipped; comments are passed over. Lines are decoded whole, so no character is ever cut.
 */
final class SseReader {
    /**
     * @param event empty where the stream named none
     * @param complete false for what the end of the stream cut off before its empty line
     */
    record Sse(String event, String data, boolean complete) {}

    private static final int MAX_LINE_BYTES = 16 << 20; // far above any event of a real provider
    private static final long MAX_STREAM_BYTES = 512L << 20; // 5 MB of text in 4-character deltas is about 200 MB

    private final InputStream in;
    private final byte[] chunk = new byte[16_384];
    private int chunkAt;
    private int chunkEnd;
    private long total;

    private byte[] line = new byte[1_024];
    private int length;
    private boolean afterCr;
    private boolean firstLine = true;

    private String event = "";
    private StringBuilder data;

    SseReader(InputStream in) {
        this.in = in;
    }

    /** The next event; empty at the end of the stream. */
    Optional<Sse> next() throws IOException {
        for (int b = read(); b >= 0; b = read()) {
            if (b == '\n' && afterCr) {
                afterCr = false;
                continue;
            }
            afterCr = b == '\r';
            if (b != '\n' && b != '\r') {
                append((byte) b);
                continue;
            }
            var ready = endLine();
            if (ready.isPresent()) {
                return ready;
            }
        }
        if (length > 0) {
            endLine();
        }
        return dispatch(false);
    }

    private int read() throws IOException {
        if (chunkAt == chunkEnd) {
            chunkEnd = in.read(chunk);
            chunkAt = 0;
            if (chunkEnd <= 0) {
                chunkEnd = 0;
                return -1;
            }
            total += chunkEnd;
            if (total > MAX_STREAM_BYTES) {
                throw new IOException("the reply is longer than " + MAX_STREAM_BYTES + " bytes");
            }
        }
        return chunk[chunkAt++] & 0xff;
    }

    private void append(byte b) throws IOException {
        if (length == MAX_LINE_BYTES) {
            throw new IOException("a line of the reply is longer than " + MAX_LINE_BYTES + " bytes");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = b;
    }

    private Optional<Sse> endLine() {
        var text = new String(line, 0, length, StandardCharsets.UTF_8);
        length = 0;
        if (firstLine) {
            firstLine = false;
            text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            return dispatch(true);
        }
        int colon = text.indexOf(':');
        var field = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        switch (field) {
            case "event" -> event = value;
            case "data" ->
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
            default -> {} // comments, id, retry and what is not known
        }
        return Optional.empty();
    }

    private Optional<Sse> dispatch(boolean complete) {
        var ready = Optional.ofNullable(data).map(text -> new Sse(event, text.toString(), complete));
        event = "";
        data = null;
        return ready;
    }
}
