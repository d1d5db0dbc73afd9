package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/**
 * Receives one stream from a runner: checks offsets and credit, holds what was not consumed yet, acknowledges what was.
 * It outlives the connection; {@link #resumeFrom} says where the next one goes on.
 */
final class Inbound {
    private static final int ACKNOWLEDGE_EVERY = 256 * 1024; // bytes; each frame would cost as much as the data

    /** @param dropped bytes before {@code offset} that the runner left out; {@code bytes} may be empty */
    record Piece(long offset, byte[] bytes, long dropped) {}

    /** How the stream tells what was consumed. */
    interface Credit {
        void acknowledge(long offset);
    }

    private final int window;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private long received;
    private long consumed;
    private long acknowledged;
    private boolean ended;
    private boolean cutOff;

    Inbound(int window) {
        this.window = window;
    }

    synchronized long resumeFrom() {
        acknowledged = received; // the runner's window begins anew from here
        return received;
    }

    synchronized void data(long offset, byte[] bytes) throws ProtocolException {
        if (cutOff) {
            return; // it was on its way
        }
        if (offset > received) {
            throw new ProtocolException("a gap in a stream");
        }
        long known = received - offset;
        if (known >= bytes.length) {
            return;
        }
        if (ended) {
            throw new ProtocolException("bytes after the end of a stream");
        }
        var fresh = known == 0 ? bytes : Arrays.copyOfRange(bytes, (int) known, bytes.length);
        if (received + fresh.length - acknowledged > window || bytes.length > Frame.MAX_DATA) {
            throw new ProtocolException("more bytes than the window");
        }
        pieces.add(new Piece(received, fresh, 0));
        received += fresh.length;
        notifyAll();
    }

    synchronized void gap(long from, long to) throws ProtocolException {
        if (from != received || to <= from || ended) {
            throw new ProtocolException("a gap that is none");
        }
        pieces.add(new Piece(to, new byte[0], to - from));
        received = to;
        acknowledged = to; // as the runner counts
        notifyAll();
    }

    synchronized void end(long at) throws ProtocolException {
        if (cutOff) {
            return;
        }
        if (at != received) {
            throw new ProtocolException("an end before or after the last byte");
        }
        ended = true;
        notifyAll();
    }

    /** Nothing more will come: the rest is lost. */
    synchronized void cutOff() {
        cutOff = true;
        ended = true;
        notifyAll();
    }

    synchronized boolean isDrained() {
        return ended && pieces.isEmpty();
    }

    synchronized boolean hasMore() {
        return !pieces.isEmpty();
    }

    synchronized Optional<Piece> poll() {
        return Optional.ofNullable(pieces.poll());
    }

    /** @return empty at the end */
    synchronized Optional<Piece> take() throws InterruptedException {
        while (pieces.isEmpty() && !ended) {
            wait();
        }
        return poll();
    }

    /** This piece was processed: its bytes may be followed by others. */
    void consumed(Piece piece, Credit credit) {
        long offset;
        synchronized (this) {
            consumed = piece.offset() + piece.bytes().length;
            if (consumed - acknowledged < Math.min(ACKNOWLEDGE_EVERY, window / 4)) {
                return;
            }
            acknowledged = consumed;
            offset = consumed;
        }
        credit.acknowledge(offset);
    }
}
