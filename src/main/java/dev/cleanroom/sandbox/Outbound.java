package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.ProtocolException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/** Sends one stream to a runner within its credit, and keeps what was not acknowledged for the next connection. */
final class Outbound {
    private final int id;
    private final ArrayDeque<byte[]> unacknowledged = new ArrayDeque<>();
    private RunnerConnection connection;
    private final boolean goesOn;
    private long keptFrom;
    private long sent;
    private long acknowledged;
    private long before; // bytes that the runner had from an earlier server
    private boolean begun;
    private boolean ended;
    private String broken;

    /**
     * @param already bytes that travelled otherwise, at the stream's beginning
     * @param goesOn what is sent here follows what an earlier server sent, as keys do; else it is the same from its beginning
     */
    Outbound(int id, long already, boolean goesOn) {
        this.id = id;
        this.goesOn = goesOn;
        keptFrom = already;
        sent = already;
    }

    /** From now on bytes travel here; those beyond {@code received} once more. */
    synchronized void attach(RunnerConnection to, long received) throws ProtocolException {
        if (!begun) {
            begun = true;
            before = received;
            if (goesOn && received > keptFrom) {
                sent += received - keptFrom; // what was written meanwhile has not travelled yet
                keptFrom = received;
            }
        }
        if (received < keptFrom || received > Math.max(sent, before)) {
            throw new ProtocolException("received what was never sent");
        }
        connection = to;
        long at = keptFrom;
        for (var piece : unacknowledged) {
            if (at + piece.length > received) {
                send(Math.max(at, received), Arrays.copyOfRange(piece, (int) Math.max(0, received - at), piece.length));
            }
            at += piece.length;
        }
        if (ended) {
            sendEnd();
        }
        notifyAll();
    }

    synchronized void detach() {
        connection = null;
    }

    /** Blocks while the credit is used up. @throws IOException if the stream is over */
    synchronized void write(byte[] bytes, int from, int count) throws IOException, InterruptedException {
        int at = from;
        while (at < from + count) {
            while (sent - acknowledged >= Frame.SMALL_WINDOW && broken == null) {
                wait();
            }
            if (broken != null || ended) {
                throw new IOException(broken != null ? broken : "the stream was closed");
            }
            int room = (int) Math.min(Frame.SMALL_WINDOW - (sent - acknowledged), Frame.MAX_DATA);
            var piece = Arrays.copyOfRange(bytes, at, at + Math.min(room, from + count - at));
            unacknowledged.add(piece);
            if (connection != null) {
                send(sent, piece);
            }
            sent += piece.length;
            at += piece.length;
        }
    }

    synchronized void end() {
        if (!ended && broken == null) {
            ended = true;
            if (connection != null) {
                sendEnd();
            }
        }
    }

    synchronized void breakOff(String reason) {
        if (broken == null) {
            broken = reason;
        }
        connection = null;
        notifyAll();
    }

    synchronized void acknowledged(long offset) throws ProtocolException {
        if (begun && offset > Math.max(sent, before)) { // not begun: it tells of an earlier server's
            throw new ProtocolException("acknowledged more than was sent");
        }
        acknowledged = Math.max(acknowledged, offset);
        while (begun && !unacknowledged.isEmpty() && keptFrom + unacknowledged.getFirst().length <= acknowledged) {
            keptFrom += unacknowledged.removeFirst().length;
        }
        notifyAll();
    }

    private void send(long offset, byte[] bytes) {
        connection.send(new Frame(
                Frame.Type.DATA, id, new Body(8 + bytes.length).u64(offset).raw(bytes)));
    }

    private void sendEnd() {
        connection.send(new Frame(Frame.Type.END, id, new Body().u64(sent)));
    }
}
