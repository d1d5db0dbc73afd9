package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.FrameWriter;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * One connection to a server: what waits to be written, and which stream has which number on it. The writer takes control
 * frames first, then one frame of each ready stream and one bulk part in turn.
 */
final class Link {
    private static final int MAX_BULK = 16; // parts of answers; a worker with more waits

    private final ByteChannel channel;
    private final ArrayDeque<Frame> control = new ArrayDeque<>();
    private final ArrayDeque<Frame> bulk = new ArrayDeque<>();
    private final ArrayDeque<OutStream> ready = new ArrayDeque<>();
    private final Map<Integer, OutStream> outgoing = new HashMap<>();
    private final Map<Integer, InStream> incoming = new HashMap<>();
    private boolean open = true;

    Link(ByteChannel channel) {
        this.channel = channel;
    }

    ByteChannel channel() {
        return channel;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** Never waits; dropped when the link is closed. */
    synchronized void send(Frame frame) {
        if (open) {
            control.add(frame);
            notifyAll();
        }
    }

    /** Waits while the server is slow. */
    synchronized void sendPart(Frame frame) throws InterruptedException {
        while (open && bulk.size() >= MAX_BULK) {
            wait();
        }
        if (open) {
            bulk.add(frame);
            notifyAll();
        }
    }

    /** Goes after the parts of the same answer, and before streams if nothing is in front. */
    synchronized void sendLast(Frame frame) {
        if (bulk.isEmpty()) {
            send(frame);
        } else if (open) {
            bulk.add(frame);
        }
    }

    synchronized void ready(OutStream stream) {
        if (open) {
            ready.add(stream);
            notifyAll();
        }
    }

    synchronized int controlBacklog() {
        return control.size();
    }

    synchronized void bind(int id, OutStream stream) {
        outgoing.put(id, stream);
    }

    synchronized void bind(int id, InStream stream) {
        incoming.put(id, stream);
    }

    synchronized void unbindOutgoing(int id) {
        outgoing.remove(id);
    }

    synchronized void unbindIncoming(int id) {
        incoming.remove(id);
    }

    synchronized OutStream outgoing(int id) {
        return outgoing.get(id);
    }

    synchronized InStream incoming(int id) {
        return incoming.get(id);
    }

    void close() {
        synchronized (this) {
            open = false;
            notifyAll();
        }
        try {
            channel.close();
        } catch (IOException closed) {
            // it is over either way
        }
    }

    /** Writes until the link is closed. For the writer's thread. */
    void write() throws IOException, InterruptedException {
        var out = new FrameWriter(channel);
        while (true) {
            Frame first;
            OutStream stream = null;
            Frame part = null;
            if (isIdle()) {
                out.flush(); // outside the lock: the reader must never wait for the writer
            }
            synchronized (this) {
                while (open && control.isEmpty() && ready.isEmpty() && bulk.isEmpty()) {
                    wait();
                }
                if (!open) {
                    return;
                }
                first = control.poll();
                if (first == null) {
                    stream = ready.poll();
                    part = bulk.poll();
                    notifyAll();
                }
            }
            if (first != null) {
                out.write(first);
            }
            if (stream != null) {
                var next = stream.next(this);
                if (next.isPresent()) {
                    out.write(next.get());
                }
            }
            if (part != null) {
                out.write(part);
            }
        }
    }

    private synchronized boolean isIdle() {
        return open && control.isEmpty() && ready.isEmpty() && bulk.isEmpty();
    }
}
