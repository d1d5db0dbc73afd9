package dev.cleanroom.sandbox;

import java.io.IOException;
import java.io.InputStream;

/** A body that is sent in chunks (RFC 9112, 7.1), to the end of its trailers. */
final class ChunkedInput extends InputStream {
    private static final int MAX_LINE = 1_024; // bytes; a size has 16 digits
    private static final int MAX_TRAILERS = 20; // git sends none

    private final InputStream input;
    private long left; // of the chunk
    private boolean begun;
    private boolean ended;

    ChunkedInput(InputStream input) {
        this.input = input;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            next();
        }
        if (ended) {
            return -1;
        }
        int count = input.read(target, offset, (int) Math.min(most, left));
        if (count < 0) {
            throw new IOException("the body ended in a chunk");
        }
        left -= count;
        return count;
    }

    private void next() throws IOException {
        if (begun && !line().isEmpty()) {
            throw new IOException("a chunk is longer than it said");
        }
        begun = true;
        var size = line().split(";", 2)[0].strip();
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new IOException("a chunk's size cannot be read");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            ended = true;
            for (int i = 0; !line().isEmpty(); i++) {
                if (i == MAX_TRAILERS) {
                    throw new IOException("too many trailers");
                }
            }
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = input.read(); b != '\n'; b = input.read()) {
            if (b < 0 || line.length() == MAX_LINE) {
                throw new IOException("a line of the body cannot be read");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
