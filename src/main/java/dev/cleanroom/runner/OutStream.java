package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.ProtocolException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One stream to the server. The poller appends, the link's writer takes frames as the credit allows. It outlives a
 * link: who attaches next says from which offset.
 */
final class OutStream {
    private final Backlog backlog;
    private final int window;
    private Link link;
    private int id;
    private long sent;
    private long acknowledged;
    private boolean ended;
    private boolean endSent;
    private boolean queued;

    OutStream(Backlog backlog, int window) {
        this.backlog = backlog;
        this.window = window;
    }

    synchronized void attach(Link to, int streamId, long from) {
        link = to;
        id = streamId;
        sent = Math.min(from, backlog.end());
        acknowledged = sent;
        endSent = false;
        queued = false;
        to.bind(streamId, this);
        queue();
    }

    /** True: the server is there and slow, so the source must wait. */
    synchronized boolean isFull() {
        return link != null && link.isOpen() && backlog.end() - acknowledged >= window;
    }

    /** Bytes that may be appended now. */
    synchronized int room() {
        return (int) Math.max(0, window - (backlog.end() - acknowledged));
    }

    synchronized void append(MemorySegment bytes, int count) {
        if (!ended) {
            backlog.append(bytes, count);
            queue();
        }
    }

    synchronized void end() {
        if (!ended) {
            ended = true;
            queue();
        }
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** The window opens up to here. */
    synchronized void acknowledge(long offset) throws ProtocolException {
        if (offset > sent) {
            throw new ProtocolException("acknowledged more than was sent");
        }
        acknowledged = Math.max(acknowledged, offset);
        backlog.acknowledged(acknowledged);
        queue();
    }

    /** The next frame that may go now, for this link's writer. */
    synchronized Optional<Frame> next(Link asking) {
        queued = false;
        if (asking != link) {
            return Optional.empty();
        }
        if (sent < backlog.end()) {
            long kept = backlog.keptFrom(sent);
            if (kept > sent) {
                var gap = new Frame(Frame.Type.GAP, id, new Body().u64(sent).u64(kept));
                sent = kept;
                acknowledged = kept;
                queue();
                return Optional.of(gap);
            }
            int credit = (int) Math.min(Frame.MAX_DATA, acknowledged + window - sent);
            if (credit <= 0) {
                return Optional.empty();
            }
            var bytes = backlog.read(sent, credit);
            if (bytes.length == 0) { // the spool's file cannot be read
                return Optional.of(new Frame(Frame.Type.RESET, id, new Body().text("the output is lost")));
            }
            var data = new Body(8 + bytes.length).u64(sent).raw(bytes);
            sent += bytes.length;
            queue();
            return Optional.of(new Frame(Frame.Type.DATA, id, data));
        }
        if (ended && !endSent) {
            endSent = true;
            link.unbindOutgoing(id); // what is acknowledged after the end interests nobody
            return Optional.of(new Frame(Frame.Type.END, id, new Body().u64(sent)));
        }
        return Optional.empty();
    }

    /** Its bytes may go. */
    synchronized void forget() {
        ended = true;
        if (link != null) {
            link.unbindOutgoing(id);
            link = null;
        }
        backlog.close();
    }

    private void queue() {
        if (link != null && !queued && (sent < backlog.end() || (ended && !endSent))) {
            queued = true;
            link.ready(this);
        }
    }
}
