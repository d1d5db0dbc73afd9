package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cleanroom.runner.wire.Frame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * All of one stream's output from its beginning, until the command is acknowledged: the first 64 KiB in memory, the rest
 * in a file that was unlinked at once. Beyond {@code head + tail} bytes the middle is left out. A full disk leaves out what
 * did not fit, but never the first 64 KiB.
 */
final class Spool implements Backlog {
    private static final int IN_MEMORY = 64 * 1024; // most commands say less and cost no file
    private static final int FIRST_MEMORY = 1024;

    /** The writer's: only its thread reads. */
    private static final MemorySegment READ = Arena.global().allocate(Frame.MAX_DATA, 8);

    private final byte[] directory;
    private final long head;
    private final long tail;
    private byte[] memory = new byte[FIRST_MEMORY];
    private int file = -1;
    private long end;
    private long headEnd; // [0, headEnd) is kept
    private long tailStart; // so is [tailStart, end), if beyond headEnd

    /** @param directory for the file; head and tail are bytes, head at least 64 KiB */
    Spool(byte[] directory, long head, long tail) {
        this.directory = directory;
        this.head = head;
        this.tail = tail;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public void append(MemorySegment bytes, int count) {
        int done = 0;
        while (done < count) {
            done += appendPiece(bytes.asSlice(done, count - done));
        }
    }

    /** @return bytes taken: up to the next border between memory, head and tail */
    private int appendPiece(MemorySegment bytes) {
        int count;
        boolean kept = true;
        if (end < IN_MEMORY) {
            count = (int) Math.min(bytes.byteSize(), IN_MEMORY - end);
            if (memory.length < end + count) {
                memory = Arrays.copyOf(memory, (int) Math.min(IN_MEMORY, Math.max(memory.length * 2L, end + count)));
            }
            MemorySegment.copy(bytes, JAVA_BYTE, 0, memory, (int) end, count);
        } else {
            long border = end < head ? head : end + tail - (end - head) % tail;
            count = (int) Math.min(bytes.byteSize(), border - end);
            kept = file() >= 0 && Sys.writeAllAt(file, bytes, count, position(end)) == 0;
        }
        if (kept && headEnd == end && end < head) {
            headEnd = end + count;
        }
        end += count;
        if (!kept) {
            tailStart = end;
        } else if (end - head > tail) {
            tailStart = Math.max(tailStart, end - tail);
        }
        return count;
    }

    @Override
    public long keptFrom(long offset) {
        return offset < headEnd ? offset : Math.min(end, Math.max(offset, tailStart));
    }

    @Override
    public byte[] read(long offset, int max) {
        if (offset < Math.min(end, IN_MEMORY)) {
            long to = Math.min(offset + max, Math.min(end, IN_MEMORY));
            return Arrays.copyOfRange(memory, (int) offset, (int) to);
        }
        long border = offset < headEnd ? headEnd : offset + tail - (offset - head) % tail;
        if (offset >= headEnd && offset < head) {
            border = head; // written again after a full disk made room
        }
        int count = (int) Math.min(max, Math.min(border, end) - offset);
        int read = Sys.readAt(file, READ, Math.min(count, READ.byteSize()), position(offset));
        return READ.asSlice(0, Math.max(0, read)).toArray(JAVA_BYTE);
    }

    @Override
    public void acknowledged(long offset) {
        // kept for whoever joins later
    }

    @Override
    public void close() {
        if (file >= 0) {
            Sys.close(file);
            file = -1;
        }
        memory = new byte[0];
        headEnd = 0;
        tailStart = end;
    }

    private long position(long offset) {
        return offset < head ? offset : head + (offset - head) % tail;
    }

    private int file() {
        if (file < 0) {
            var name = (new String(directory, StandardCharsets.UTF_8) + "/.runner-"
                            + Long.toHexString(System.nanoTime()))
                    .getBytes(StandardCharsets.UTF_8);
            file = Sys.open(Sys.AT_FDCWD, name, Sys.O_RDWR | Sys.O_CREAT | Sys.O_EXCL | Sys.O_NOFOLLOW, 0600);
            if (file >= 0) {
                Sys.unlink(Sys.AT_FDCWD, name, 0);
            }
        }
        return file;
    }
}
