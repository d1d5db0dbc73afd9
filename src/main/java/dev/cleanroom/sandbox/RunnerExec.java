package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Op;
import dev.cleanroom.runner.wire.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** One command of a runner's, as its callers see it. Survives lost connections. */
final class RunnerExec implements Sandbox.Exec {
    private record Code(int code, boolean timedOut, Duration duration) {}

    private final RunnerLink link;
    private final UUID id;
    private final int streams;
    private final Inbound output = new Inbound(Frame.WINDOW);
    private final Inbound errors = new Inbound(Frame.WINDOW);
    private final Outbound input;
    private RunnerConnection connection;
    private Sandbox.OutputListener listener;
    private Thread delivering;
    private Code code;
    private long dropped;
    private boolean started;
    private boolean delivered;
    private RuntimeException failure;

    /** @param streams number of its first stream @param inlineInput bytes that travel with the request @param typed its input is written bit by bit */
    RunnerExec(RunnerLink link, UUID id, int streams, long inlineInput, boolean typed) {
        this.link = link;
        this.id = id;
        this.streams = streams;
        input = new Outbound(streams, inlineInput, typed);
    }

    @Override
    public UUID id() {
        return id;
    }

    int streams() {
        return streams;
    }

    // from the runner, on the connection's thread

    synchronized void attached(RunnerConnection to, long inputReceived) throws ProtocolException {
        started = true;
        connection = to;
        input.attach(to, inputReceived);
    }

    /** The runner has confirmed it. */
    synchronized boolean isStarted() {
        return started;
    }

    synchronized void detached() {
        connection = null;
        input.detach();
    }

    /** Where a new connection goes on. */
    Body resume() {
        return new Body().id(id).i32(streams).u64(output.resumeFrom()).u64(errors.resumeFrom());
    }

    synchronized void data(int stream, long offset, byte[] bytes) throws ProtocolException {
        inbound(stream).data(offset, bytes);
        notifyAll();
    }

    synchronized void gap(int stream, long from, long to) throws ProtocolException {
        inbound(stream).gap(from, to);
        notifyAll();
    }

    synchronized void end(int stream, long at) throws ProtocolException {
        inbound(stream).end(at);
        notifyAll();
    }

    synchronized void cutOff(int stream) throws ProtocolException {
        inbound(stream).cutOff();
        notifyAll();
    }

    void acknowledged(int stream, long offset) throws ProtocolException {
        if (stream != streams) {
            throw new ProtocolException("acknowledged a stream that only it sends");
        }
        input.acknowledged(offset);
    }

    private Inbound inbound(int stream) throws ProtocolException {
        return switch (stream - streams) {
            case 1 -> output;
            case 2 -> errors;
            default -> throw new ProtocolException("bytes on standard input");
        };
    }

    synchronized void exited(int exitCode, boolean timedOut, long milliseconds) {
        if (code == null) {
            code = new Code(exitCode, timedOut, Duration.ofMillis(milliseconds));
        }
        notifyAll();
    }

    synchronized void fail(RuntimeException why) {
        if (!delivered && failure == null) {
            failure = why;
        }
        input.breakOff(why.getMessage());
        notifyAll();
    }

    // to the callers

    @Override
    public synchronized void listen(Sandbox.OutputListener to) {
        if (listener != null || delivering != null) {
            throw new IllegalStateException("the output of " + id + " has a listener");
        }
        listener = to;
        deliver();
    }

    private void deliver() {
        delivering = Thread.ofVirtual().name("exec-output-" + id).start(this::deliverAll);
    }

    private void deliverAll() {
        try {
            while (true) {
                if (!deliverNext(Sandbox.Stream.STDOUT, output) & !deliverNext(Sandbox.Stream.STDERR, errors)) {
                    synchronized (this) {
                        if (code != null && output.isDrained() && errors.isDrained()) {
                            delivered = true;
                            notifyAll();
                            return;
                        }
                        if (failure != null) {
                            return;
                        }
                        if (!output.hasMore() && !errors.hasMore() && !isOver()) {
                            wait();
                        }
                    }
                }
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        } catch (RuntimeException broken) {
            fail(broken);
            throw broken;
        }
    }

    private boolean isOver() {
        return failure != null || code != null && output.isDrained() && errors.isDrained();
    }

    private boolean deliverNext(Sandbox.Stream stream, Inbound from) {
        var next = from.poll();
        if (next.isEmpty()) {
            return false;
        }
        var piece = next.get();
        if (piece.dropped() > 0) {
            synchronized (this) {
                dropped += piece.dropped();
            }
        }
        if (listener != null && piece.bytes().length > 0) {
            listener.output(stream, piece.offset(), piece.bytes());
        }
        int number = streams + (stream == Sandbox.Stream.STDOUT ? 1 : 2);
        from.consumed(piece, offset -> {
            var to = connection();
            to.ifPresent(c -> c.send(new Frame(Frame.Type.ACK, number, new Body().u64(offset))));
        });
        return true;
    }

    private synchronized Optional<RunnerConnection> connection() {
        return Optional.ofNullable(connection);
    }

    @Override
    public void write(byte[] bytes) throws InterruptedException {
        try {
            input.write(bytes, 0, bytes.length);
        } catch (IOException over) {
            throw new SandboxException("The command takes no input: " + over.getMessage(), over);
        }
    }

    @Override
    public void closeInput() {
        input.end();
    }

    @Override
    public void resize(Sandbox.Size size) throws InterruptedException {
        link.call(Op.RESIZE, new Body().id(id).i32(size.columns()).i32(size.rows()));
    }

    @Override
    public void kill(int signal) throws InterruptedException {
        link.call(Op.SIGNAL, new Body().id(id).i32(signal));
    }

    @Override
    public Sandbox.Exit await() throws InterruptedException {
        synchronized (this) {
            if (delivering == null) {
                deliver();
            }
            while (!delivered && failure == null) {
                wait();
            }
            if (failure != null) {
                throw new SandboxException(failure.getMessage(), failure);
            }
            return new Sandbox.Exit(code.code(), code.timedOut(), dropped, code.duration());
        }
    }

    @Override
    public void acknowledge() throws InterruptedException {
        link.call(Op.FORGET, new Body().id(id));
        link.forget(this);
    }
}
