package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cleanroom.runner.wire.Frame;
import java.lang.foreign.MemorySegment;

/** A backlog in memory that keeps only what was not acknowledged; never more than {@link Frame#SMALL_WINDOW}. */
final class Ring implements Backlog {
    private byte[] bytes = new byte[16 * 1024]; // grows by doubling: most connections are small
    private long start;
    private long end;

    @Override
    public long end() {
        return end;
    }

    @Override
    public void append(MemorySegment from, int count) {
        while (end - start + count > bytes.length) {
            grow();
        }
        int at = (int) (end % bytes.length);
        int first = Math.min(count, bytes.length - at);
        MemorySegment.copy(from, JAVA_BYTE, 0, bytes, at, first);
        MemorySegment.copy(from, JAVA_BYTE, first, bytes, 0, count - first);
        end += count;
    }

    private void grow() {
        int kept = (int) (end - start);
        var old = kept == 0 ? new byte[0] : copy(start, kept);
        bytes = new byte[bytes.length * 2];
        for (int i = 0; i < kept; i++) {
            bytes[(int) ((start + i) % bytes.length)] = old[i];
        }
    }

    @Override
    public long keptFrom(long offset) {
        return offset;
    }

    @Override
    public byte[] read(long offset, int max) {
        return copy(offset, (int) Math.min(max, end - offset));
    }

    private byte[] copy(long offset, int count) {
        var copy = new byte[count];
        int at = (int) (offset % bytes.length);
        int first = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, copy, 0, first);
        System.arraycopy(bytes, 0, copy, first, count - first);
        return copy;
    }

    @Override
    public void acknowledged(long offset) {
        start = offset;
    }

    @Override
    public void close() {
        bytes = new byte[1];
    }
}
