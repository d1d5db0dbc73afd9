package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Refusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** TCP over the link: connections from inside become streams to the server, and the server may connect to a port inside. They end with the link. */
final class Tunnels {
    private static final MemorySegment BUFFER = Arena.global().allocate(Frame.MAX_DATA, 8); // the poller's

    private final Poller poller;
    private final AtomicInteger opened = new AtomicInteger(); // now open, of the runner's own
    private final AtomicInteger lastId = new AtomicInteger();
    private final BlockingQueue<Runnable> accepted = new LinkedBlockingQueue<>(); // at most as many as may be open
    private volatile Link link;

    Tunnels(Poller poller) {
        this.poller = poller;
    }

    /** Opens what was accepted, one after the other: whose it is takes a look at every process, too long for the poller. */
    void open() {
        try {
            while (true) {
                accepted.take().run();
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    void use(Link current) {
        link = current;
        poller.wake();
    }

    /** Every connection to this port of the sandbox's loopback is opened towards the server. */
    void listen(int port, String kind) {
        int listener = Sys.listenOnLoopback(port);
        poller.add(new Poller.Source() {
            @Override
            public int fd() {
                return listener;
            }

            @Override
            public int wanted() {
                return Sys.POLLIN;
            }

            @Override
            public void ready() {
                int socket = Sys.accept(listener);
                if (socket >= 0) {
                    open(socket, port, kind);
                }
            }

            @Override
            public boolean isOver() {
                return false;
            }
        });
    }

    private void open(int socket, int port, String kind) {
        var to = link;
        if (to == null || !to.isOpen() || opened.get() >= Frame.MAX_OPENED) {
            Sys.close(socket);
            return;
        }
        opened.incrementAndGet();
        accepted.add(() -> {
            var whence = Whence.of(socket, port);
            int id = Frame.OPENED_BY_RUNNER | lastId.incrementAndGet();
            to.send(new Frame(Frame.Type.OPEN, id, new Body().text(kind).text(whence)));
            poller.add(new Tunnel(to, id, socket, failure -> {}, opened::decrementAndGet));
        });
    }

    /** @param decided called with an errno, or 0 when it is connected */
    void connect(Link from, int id, int port, Consumer<Integer> decided) {
        if (port < 1 || port > 65_535) {
            throw new RefusedException(Refusal.INVALID, "A port is between 1 and 65535");
        }
        var tunnel = new Tunnel(from, id, -1, decided, () -> {});
        if (tunnel.dial(port)) {
            poller.add(tunnel);
        }
    }

    /** The other side has ended it. */
    static void reset(Link link, int id) {
        var stream = link.incoming(id);
        if (stream != null) {
            stream.reset();
        }
    }

    private static final class Tunnel implements Poller.Source {
        private final Link link;
        private final int id;
        private final Consumer<Integer> decided;
        private final Runnable onClose;
        private final OutStream out = new OutStream(new Ring(), Frame.SMALL_WINDOW);
        private final InStream in = new InStream();
        private int socket; // below 0: none
        private int port; // that is connected to
        private boolean triedSix;
        private boolean connecting;
        private boolean outputEnded;
        private boolean over;

        Tunnel(Link link, int id, int socket, Consumer<Integer> decided, Runnable onClose) {
            this.link = link;
            this.id = id;
            this.socket = socket;
            this.decided = decided;
            this.onClose = onClose;
            in.attach(link, id);
            out.attach(link, id, 0);
        }

        boolean dial(int target) {
            port = target;
            socket = Sys.connectToLoopback(port, false);
            connecting = socket >= 0;
            return connecting || dialSix(-socket);
        }

        /** A server that listens on "localhost" may have taken the address of either family. */
        private boolean dialSix(int error) {
            socket = triedSix ? -1 : Sys.connectToLoopback(port, true);
            triedSix = true;
            connecting = socket >= 0;
            if (!connecting) {
                decided.accept(error);
                close();
            }
            return connecting;
        }

        @Override
        public int fd() {
            return socket;
        }

        @Override
        public int wanted() {
            if (connecting) {
                return Sys.POLLOUT;
            }
            return (!out.isEnded() && out.room() > 0 ? Sys.POLLIN : 0) | (in.wantsToWrite() ? Sys.POLLOUT : 0);
        }

        @Override
        public void ready() {
            if (connecting) {
                int error = Sys.socketError(socket);
                if (error != 0) {
                    Sys.close(socket);
                    dialSix(error);
                } else {
                    connecting = false;
                    decided.accept(0);
                }
                return;
            }
            if (!out.isEnded()) {
                read();
            }
            if (!over && in.wantsToWrite()) {
                write();
            }
            if (out.isEnded() && outputEnded) {
                close();
            }
        }

        private void read() {
            int room = out.room();
            if (room == 0) {
                return; // called to write: reading nothing would look like the end
            }
            int count = Sys.read(socket, BUFFER, Math.min(BUFFER.byteSize(), room));
            if (count > 0) {
                out.append(BUFFER, count);
            } else if (count == 0) {
                out.end();
            } else if (count != -Sys.EAGAIN) {
                fail();
            }
        }

        private void write() {
            int count = in.peek(BUFFER);
            if (count > 0) {
                int written = Sys.write(socket, BUFFER, count);
                if (written > 0) {
                    in.taken(written);
                } else if (written != -Sys.EAGAIN) {
                    fail();
                    return;
                }
            }
            if (in.takeEnd()) {
                Sys.endOutput(socket);
                outputEnded = true;
            }
        }

        private void fail() {
            link.send(new Frame(Frame.Type.RESET, id, new Body().text("the connection is lost")));
            out.forget();
            close();
        }

        @Override
        public boolean isOver() {
            if (!over && (!link.isOpen() || in.isReset())) {
                out.forget();
                close();
            }
            return over;
        }

        private void close() {
            if (!over) {
                over = true;
                in.detach();
                if (socket >= 0) {
                    Sys.close(socket);
                }
                onClose.run();
            }
        }
    }
}
