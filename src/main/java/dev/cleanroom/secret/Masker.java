package dev.cleanroom.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Overwrites known secrets with asterisks, one for each byte, so that offsets stay what they are. A value that is encoded
 * (base64, a URL, JSON's escapes) is another text and is not known.
 */
public final class Masker {
    /** A shorter value would hide ordinary words. */
    public static final int SHORTEST = 8; // bytes

    public static final Masker NONE = new Masker(List.of());

    private final byte[][] values;
    private final int longest;

    /** @param values those shorter than {@link #SHORTEST} are not masked */
    public Masker(Collection<String> values) {
        this.values = values.stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .filter(value -> value.length >= SHORTEST)
                .toArray(byte[][]::new);
        this.longest =
                Arrays.stream(this.values).mapToInt(value -> value.length).max().orElse(0);
    }

    public boolean isEmpty() {
        return values.length == 0;
    }

    /** Of the longest value; 0 for none. */
    public int longest() {
        return longest;
    }

    public String mask(String text) {
        if (text == null || isEmpty()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return mask(bytes) ? new String(bytes, StandardCharsets.UTF_8) : text;
    }

    /** In place. @return whether anything was overwritten */
    public boolean mask(byte[] bytes) {
        var hidden = hidden(bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (hidden[i]) {
                bytes[i] = '*';
            }
        }
        return contains(hidden);
    }

    private static boolean contains(boolean[] hidden) {
        for (boolean each : hidden) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /** Which bytes belong to a value; values may overlap. */
    private boolean[] hidden(byte[] bytes) {
        var hidden = new boolean[bytes.length];
        for (var value : values) {
            for (int at = 0; at + value.length <= bytes.length; at++) {
                if (bytes[at] == value[0] && Arrays.equals(bytes, at, at + value.length, value, 0, value.length)) {
                    Arrays.fill(hidden, at, at + value.length, true);
                }
            }
        }
        return hidden;
    }

    /** For bytes that come in pieces. */
    public Stream stream() {
        return new Stream();
    }

    /** Holds back what may be the beginning of a value until the next piece decides. Not thread-safe. */
    public final class Stream {
        private byte[] held = new byte[0];
        private boolean[] hidden = new boolean[0]; // of those that are held: part of a value that overlaps the next one

        private Stream() {}

        /** @return what is decided by now, often all of it */
        public byte[] add(byte[] piece) {
            byte[] bytes = Arrays.copyOf(held, held.length + piece.length);
            System.arraycopy(piece, 0, bytes, held.length, piece.length);
            var covered = hidden(bytes);
            for (int i = 0; i < hidden.length; i++) {
                covered[i] |= hidden[i];
            }
            int decided = bytes.length - undecided(bytes);
            held = Arrays.copyOfRange(bytes, decided, bytes.length);
            hidden = Arrays.copyOfRange(covered, decided, bytes.length);
            return masked(Arrays.copyOf(bytes, decided), covered);
        }

        /** What was held back. */
        public byte[] end() {
            byte[] rest = masked(held, hidden);
            held = new byte[0];
            hidden = new boolean[0];
            return rest;
        }

        private byte[] masked(byte[] bytes, boolean[] covered) {
            for (int i = 0; i < bytes.length; i++) {
                if (covered[i]) {
                    bytes[i] = '*';
                }
            }
            return bytes;
        }

        /** The longest end of the bytes that is the beginning of a value. */
        private int undecided(byte[] bytes) {
            for (int length = Math.min(longest - 1, bytes.length); length > 0; length--) {
                for (var value : values) {
                    if (value.length > length
                            && Arrays.equals(bytes, bytes.length - length, bytes.length, value, 0, length)) {
                        return length;
                    }
                }
            }
            return 0;
        }
    }
}
