package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.ProtocolException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;

/** One stream from the server to an fd: the reader offers, the poller writes. Holds at most {@link Frame#SMALL_WINDOW}. */
final class InStream {
    private static final int ACKNOWLEDGE_EVERY = 64 * 1024;

    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int headDone; // bytes of the first piece that were written
    private long received;
    private long written;
    private long acknowledged;
    private boolean ended;
    private boolean endDone;
    private boolean broken;
    private boolean reset;
    private Link link;
    private int id;

    synchronized void attach(Link to, int streamId) {
        link = to;
        id = streamId;
        acknowledged = written;
        to.bind(streamId, this);
        to.send(new Frame(Frame.Type.ACK, id, new Body().u64(written)));
    }

    /** Nothing of it is expected any more. */
    synchronized void detach() {
        if (link != null) {
            link.unbindIncoming(id);
            link = null;
        }
    }

    synchronized long received() {
        return received;
    }

    /** @throws ProtocolException for a gap, or for more than the window */
    synchronized void offer(long offset, byte[] bytes) throws ProtocolException {
        if (offset > received) {
            throw new ProtocolException("a gap in a stream");
        }
        int known = (int) Math.min(bytes.length, received - offset);
        if (known == bytes.length) {
            return;
        }
        if (ended || received - written + bytes.length - known > Frame.SMALL_WINDOW) {
            throw new ProtocolException(ended ? "bytes after the end" : "more bytes than the window");
        }
        var fresh = known == 0 ? bytes : Arrays.copyOfRange(bytes, known, bytes.length);
        received += fresh.length;
        if (broken) {
            advance(fresh.length);
        } else {
            pieces.add(fresh);
        }
    }

    synchronized void end(long offset) throws ProtocolException {
        if (offset != received) {
            throw new ProtocolException("an end before or after the last byte");
        }
        ended = true;
    }

    /** Something to write, or an end to pass on. */
    synchronized boolean wantsToWrite() {
        return !pieces.isEmpty() || (ended && !endDone);
    }

    /** Copies the next bytes, without taking them. @return how many */
    synchronized int peek(MemorySegment into) {
        int count = 0;
        int from = headDone;
        for (var piece : pieces) {
            int part = (int) Math.min(piece.length - from, into.byteSize() - count);
            MemorySegment.copy(piece, from, into, JAVA_BYTE, count, part);
            count += part;
            from = 0;
            if (count == into.byteSize()) {
                break;
            }
        }
        return count;
    }

    /** What was peeked has been written. Nothing to do if the stream was broken off meanwhile: it all counts as written. */
    synchronized void taken(int count) {
        if (broken) {
            return;
        }
        int left = count;
        while (left > 0) {
            int part = Math.min(left, pieces.getFirst().length - headDone);
            headDone += part;
            left -= part;
            if (headDone == pieces.getFirst().length) {
                pieces.removeFirst();
                headDone = 0;
            }
        }
        advance(count);
    }

    /** Nobody reads any more: what comes is thrown away, so that the server is not stuck. */
    synchronized void breakOff() {
        broken = true;
        pieces.clear();
        headDone = 0;
        advance(received - written);
    }

    /** True once: everything was written and the end is to be passed on. */
    synchronized boolean takeEnd() {
        if (ended && !endDone && pieces.isEmpty()) {
            endDone = true;
            return true;
        }
        return false;
    }

    /** The other side wants no more of it, in either direction. */
    synchronized void reset() {
        reset = true;
        breakOff();
    }

    synchronized boolean isReset() {
        return reset;
    }

    private void advance(long count) {
        written += count;
        if (link != null && written - acknowledged >= ACKNOWLEDGE_EVERY) {
            acknowledged = written;
            link.send(new Frame(Frame.Type.ACK, id, new Body().u64(written)));
        }
    }
}
