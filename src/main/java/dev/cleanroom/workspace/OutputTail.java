package dev.cleanroom.workspace;

import dev.cleanroom.secret.Masker;

/** The newest bytes of a stream, by their offset in it. Not thread-safe. */
final class OutputTail {
    private final byte[] ring;
    private long end;

    OutputTail(int capacity) {
        ring = new byte[capacity];
    }

    /** After the newest byte. */
    long end() {
        return end;
    }

    /** Of the oldest byte that is still here. */
    long start() {
        return Math.max(0, end - ring.length);
    }

    void add(byte[] bytes) {
        int from = Math.max(0, bytes.length - ring.length);
        for (int at = from; at < bytes.length; ) {
            int to = (int) ((end + at) % ring.length);
            int count = Math.min(bytes.length - at, ring.length - to);
            System.arraycopy(bytes, at, ring, to, count);
            at += count;
        }
        end += bytes.length;
    }

    /** Hides what became whole with the newest bytes, where it stands. */
    void mask(int newest, Masker masker) {
        if (masker.isEmpty()) {
            return;
        }
        long from = Math.max(start(), end - newest - masker.longest() + 1);
        byte[] bytes = copy(from, (int) (end - from));
        if (masker.mask(bytes)) {
            end = from;
            add(bytes);
        }
    }

    /** Bytes {@code [from, from + most)}, fewer at the end. @param from at or after {@link #start} */
    byte[] copy(long from, int most) {
        byte[] copy = new byte[(int) Math.min(most, end - from)];
        for (int at = 0; at < copy.length; ) {
            int source = (int) ((from + at) % ring.length);
            int count = Math.min(copy.length - at, ring.length - source);
            System.arraycopy(ring, source, copy, at, count);
            at += count;
        }
        return copy;
    }
}
