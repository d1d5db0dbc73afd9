package dev.cleanroom.runner;

import java.lang.foreign.MemorySegment;

/** Bytes of one stream on their way to the server, addressed by their offset from the stream's beginning. Guarded by its stream. */
interface Backlog {
    /** Where the next byte will be. */
    long end();

    void append(MemorySegment bytes, int count);

    /** The first offset at or after this one that is still there, or {@link #end}. */
    long keptFrom(long offset);

    /** At most {@code max} kept bytes from this offset on, at least one if it is below {@link #end}. */
    byte[] read(long offset, int max);

    /** The server has processed what is before. */
    void acknowledged(long offset);

    void close();
}
