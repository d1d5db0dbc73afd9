package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/** A TCP stream through a runner. It ends with the connection that it was opened on. */
final class RunnerDuplex implements Duplex {
    private final int id;
    private final RunnerConnection connection;
    private final Consumer<RunnerDuplex> onClose;
    private final Inbound inbound = new Inbound(Frame.SMALL_WINDOW);
    private final Outbound outbound;
    private final InputStream input = new In(); // one: it holds the piece that was read in part
    private final OutputStream output = new Out();
    private String broken;
    private boolean closed;
    private boolean inputEnded;
    private boolean outputEnded;

    RunnerDuplex(int id, RunnerConnection connection, Consumer<RunnerDuplex> onClose) {
        this.id = id;
        this.connection = connection;
        this.onClose = onClose;
        outbound = new Outbound(id, 0, false);
        try {
            outbound.attach(connection, 0);
        } catch (ProtocolException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    int id() {
        return id;
    }

    void data(long offset, byte[] bytes) throws ProtocolException {
        inbound.data(offset, bytes);
    }

    void end(long at) throws ProtocolException {
        synchronized (this) {
            inputEnded = true; // before the reader wakes: whoever closes then resets nothing
        }
        inbound.end(at);
    }

    void acknowledged(long offset) throws ProtocolException {
        outbound.acknowledged(offset);
    }

    /** The runner has reset it, or is lost. */
    void breakOff(String reason) {
        synchronized (this) {
            broken = reason;
        }
        inbound.cutOff();
        outbound.breakOff(reason);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() {
        boolean inMiddle;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            inMiddle = broken == null && !(inputEnded && outputEnded);
        }
        if (inMiddle) {
            connection.send(new Frame(Frame.Type.RESET, id, new Body().text("closed")));
        }
        breakOff("the stream was closed");
        onClose.accept(this);
    }

    private synchronized void throwIfBroken() throws IOException {
        if (broken != null) {
            throw new IOException(broken);
        }
    }

    private final class In extends InputStream {
        private Inbound.Piece piece;
        private int at;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (piece == null && !next()) {
                throwIfBroken();
                return -1;
            }
            int part = Math.min(count, piece.bytes().length - at);
            System.arraycopy(piece.bytes(), at, into, from, part);
            at += part;
            if (at == piece.bytes().length) {
                inbound.consumed(piece, this::acknowledge);
                piece = null;
            }
            return part;
        }

        private boolean next() throws InterruptedIOException {
            try {
                piece = inbound.take().orElse(null);
                at = 0;
                return piece != null;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        private void acknowledge(long offset) {
            connection.send(new Frame(Frame.Type.ACK, id, new Body().u64(offset)));
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                outbound.write(bytes, from, count);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public void close() {
            outbound.end();
            synchronized (RunnerDuplex.this) {
                outputEnded = true;
            }
        }
    }
}
