package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;

/**
 * One command from its start until it is acknowledged. It is finished when its first process has ended and its output too;
 * a process that it left behind with the output still open (a server started with {@code &}) gets {@link #LINGER} and then
 * writes to nowhere.
 */
final class Command implements Poller.Source {
    private static final long LINGER = 250_000_000; // ns: what was written before the end is in the pipe already
    private static final long MERCY = 1_000_000_000; // ns between SIGTERM and SIGKILL when the limit passed
    private static final long STREAM_HEAD = 16L * 1024 * 1024; // with the tails of both streams: 64 MiB a command
    private static final long STREAM_TAIL = 16L * 1024 * 1024;
    private static final long TERMINAL_HEAD = 64 * 1024; // somebody away for a day wants the end
    private static final long TERMINAL_TAIL = 1024 * 1024;
    static final int RUNNING = 1;
    static final int FINISHED = 2;

    /** The poller's own: read and write buffers of its one thread. */
    private static final MemorySegment BUFFER = Arena.global().allocate(Frame.MAX_DATA, 8);

    private final UUID id;
    private final Poller poller;
    private final boolean terminal;
    private final OutStream output;
    private final OutStream errors;
    private final InStream input = new InStream();
    private final long startedAt = System.nanoTime();
    private Launch.Launched launched;
    private RefusedException failure;
    private Link link;
    private long limitAt = Long.MAX_VALUE;
    private long killAt = Long.MAX_VALUE;
    private long exitedAt = Long.MAX_VALUE;
    private boolean outputOpen;
    private boolean errorsOpen;
    private boolean timedOut;
    private boolean finished;
    private int code = -1;
    private long tookMillis;

    Command(UUID id, Poller poller, byte[] spool, boolean terminal) {
        this.id = id;
        this.poller = poller;
        this.terminal = terminal;
        output = new OutStream(
                terminal ? new Spool(spool, TERMINAL_HEAD, TERMINAL_TAIL) : new Spool(spool, STREAM_HEAD, STREAM_TAIL),
                Frame.WINDOW);
        errors = new OutStream(new Spool(spool, STREAM_HEAD, STREAM_TAIL), Frame.WINDOW);
    }

    InStream input() {
        return input;
    }

    /** Once, by who started it. */
    synchronized void started(Launch.Launched process, long limitNanos) {
        launched = process;
        limitAt = limitNanos == 0 ? Long.MAX_VALUE : startedAt + limitNanos;
        outputOpen = true;
        poller.add(new Output(process.output(), output));
        if (process.errors() >= 0) {
            errorsOpen = true;
            poller.add(new Output(process.errors(), errors));
        } else {
            errors.end();
        }
        if (process.input() >= 0) {
            poller.add(new Input(process.input()));
        } else {
            input.breakOff();
        }
        poller.add(this);
        notifyAll();
    }

    synchronized void failed(RefusedException why) {
        failure = why;
        notifyAll();
    }

    /** For who joins while it is being started. */
    synchronized void awaitStarted() throws InterruptedException {
        while (launched == null && failure == null) {
            wait();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Its streams go to this link, from these offsets. */
    synchronized void attach(Link to, int streams, long outputFrom, long errorsFrom) {
        if (!to.isOpen()) {
            return; // asked for on a link that was lost since; a later one may be attached already
        }
        link = to;
        input.attach(to, streams);
        output.attach(to, streams + 1, outputFrom);
        errors.attach(to, streams + 2, errorsFrom);
        if (finished) {
            sendExit();
        }
        poller.wake();
    }

    synchronized int state() {
        return finished ? FINISHED : RUNNING;
    }

    synchronized void signal(int signal) {
        if (launched != null && !(isExited() && !outputOpen && !errorsOpen)) { // else the pid may be somebody else's
            Sys.kill(-launched.pid(), signal);
        }
    }

    synchronized void resize(int columns, int rows) {
        if (terminal && launched != null && outputOpen) {
            Sys.resize(launched.output(), columns, rows);
        }
    }

    /** By the reaper. */
    synchronized void exited(int status) {
        exitedAt = System.nanoTime();
        int signal = status & 0x7f;
        tookMillis = (exitedAt - startedAt) / 1_000_000;
        code = signal == 0 ? status >> 8 & 0xff : 128 + signal;
        limitAt = Long.MAX_VALUE;
        if (timedOut && launched != null) {
            Sys.kill(-launched.pid(), Sys.SIGKILL); // what of its group has not obeyed
        }
        checkFinished();
        poller.wake();
    }

    synchronized void forget() {
        output.forget();
        errors.forget();
        input.detach();
    }

    private boolean isExited() {
        return exitedAt != Long.MAX_VALUE;
    }

    private void checkFinished() {
        if (!finished && isExited() && output.isEnded() && errors.isEnded()) {
            finished = true;
            killAt = Long.MAX_VALUE;
            sendExit();
        }
    }

    private void sendExit() {
        if (link != null) {
            var body = new Body().id(id).i32(code).flag(timedOut).u64(tookMillis);
            link.send(new Frame(Frame.Type.EXIT, 0, body));
        }
    }

    // as a source: no fd, only deadlines

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int wanted() {
        return 0;
    }

    @Override
    public void ready() {}

    @Override
    public synchronized long deadline() {
        if (finished) {
            return Long.MAX_VALUE;
        }
        return isExited() ? exitedAt + LINGER : Math.min(limitAt, killAt);
    }

    @Override
    public synchronized void due() {
        long now = System.nanoTime();
        if (isExited()) {
            if (output.isFull() || errors.isFull()) {
                exitedAt = now; // the server is slow: there may be more in the pipe
                return;
            }
            output.end();
            errors.end();
            checkFinished();
        } else if (killAt <= now) {
            killAt = Long.MAX_VALUE;
            signal(Sys.SIGKILL);
        } else if (limitAt <= now) {
            limitAt = Long.MAX_VALUE;
            killAt = now + MERCY;
            timedOut = true;
            signal(Sys.SIGTERM);
        }
    }

    @Override
    public synchronized boolean isOver() {
        return finished;
    }

    private final class Output implements Poller.Source {
        private final int fd;
        private final OutStream stream;
        private boolean over;

        Output(int fd, OutStream stream) {
            this.fd = fd;
            this.stream = stream;
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public int wanted() {
            return stream.isFull() ? 0 : Sys.POLLIN;
        }

        @Override
        public void ready() {
            int count = Sys.read(fd, BUFFER, BUFFER.byteSize());
            if (count > 0) {
                stream.append(BUFFER, count); // ignored once it has ended: drained, so that nobody gets a SIGPIPE
            } else if (count != -Sys.EAGAIN) {
                end();
            }
        }

        private void end() {
            synchronized (Command.this) {
                over = true;
                if (stream == output) {
                    outputOpen = false;
                } else {
                    errorsOpen = false;
                }
                Sys.close(fd);
                stream.end();
                checkFinished();
            }
        }

        @Override
        public boolean isOver() {
            return over;
        }
    }

    private final class Input implements Poller.Source {
        private static final byte END_OF_TRANSMISSION = 4; // what Ctrl-D types

        private final int fd;
        private boolean over;

        Input(int fd) {
            this.fd = fd;
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public int wanted() {
            return input.wantsToWrite() ? Sys.POLLOUT : 0;
        }

        @Override
        public void ready() {
            if (isOver()) {
                return; // its terminal was closed in this round: the fd may be another file's
            }
            int count = input.peek(BUFFER);
            if (count > 0) {
                int written = Sys.write(fd, BUFFER, count);
                if (written > 0) {
                    input.taken(written);
                } else if (written != -Sys.EAGAIN) {
                    input.breakOff();
                }
            }
            if (input.takeEnd()) {
                if (terminal) {
                    BUFFER.set(JAVA_BYTE, 0, END_OF_TRANSMISSION);
                    Sys.write(fd, BUFFER, 1);
                } else {
                    close();
                }
            }
        }

        @Override
        public boolean isOver() {
            synchronized (Command.this) {
                if (!over && (terminal ? !outputOpen : finished)) {
                    close();
                }
                return over;
            }
        }

        private void close() {
            over = true;
            input.breakOff();
            if (!terminal) {
                Sys.close(fd);
            }
        }
    }

    /** What is to be run. @param limitNanos 0: none */
    record Request(
            List<byte[]> argv,
            List<byte[]> environment,
            byte[] directory,
            long limitNanos,
            boolean inputEnds,
            byte[] input,
            Launch.Size terminal) {}
}
