package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Fields;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.FrameReader;
import dev.cleanroom.runner.wire.FrameWriter;
import dev.cleanroom.runner.wire.Op;
import dev.cleanroom.runner.wire.Proof;
import dev.cleanroom.runner.wire.ProtocolException;
import dev.cleanroom.runner.wire.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** What lives as long as the sandbox: the key, the commands, the files; and, one at a time, the link to a server. */
final class Runner {
    private static final int BROKEN = 70; // exit code, EX_SOFTWARE of sysexits.h
    private static final int WORKERS = 4;
    private static final int MAX_WAITING = 1_024; // requests; a server has fewer under way
    private static final int REMEMBERED = 1_024; // outcomes of changes, for a server that asks again after a lost link

    private final UUID epoch;
    private final Poller poller = new Poller();
    private final Reaper reaper = new Reaper();
    private final Tree tree;
    private final Commands commands;
    private final Watcher watcher;
    private final Tunnels tunnels = new Tunnels(poller);
    private final Ports ports;
    private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(MAX_WAITING);
    private final SynchronousQueue<Link> toWrite = new SynchronousQueue<>();
    private final Map<UUID, Outcome> outcomes = new LinkedHashMap<>();
    private byte[] key;
    private long leaseEpoch = -1;
    private volatile Link link;

    Runner(RunnerOptions options) {
        var random = ByteBuffer.wrap(Sys.random(16));
        epoch = new UUID(random.getLong(), random.getLong());
        tree = new Tree(options.root(), options.spool(), reaper);
        commands = new Commands(poller, reaper, tree, options.spool(), options.sandboxed());
        watcher = new Watcher(tree, reaper);
        ports = new Ports(options.egressPort());
        for (int i = 0; i < WORKERS; i++) {
            start("worker-" + i, this::work);
        }
        start("poller", poller);
        start("reaper", reaper);
        start("watcher", watcher);
        start("writer", this::write);
        start("ports", ports);
        start("tunnels", tunnels::open);
        if (options.egressPort() > 0) {
            tunnels.listen(options.egressPort(), "egress");
        }
    }

    /** Each of them is needed: without one the sandbox would hang for ever, while an end is noticed and mended. */
    private static void start(String name, Runnable loop) {
        var thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, error) -> {
            System.err.println("the runner's thread " + failed.getName() + " has failed");
            error.printStackTrace();
            Runtime.getRuntime().halt(BROKEN);
        });
        thread.start();
    }

    private void work() {
        try {
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    private void write() {
        try {
            while (true) {
                var next = toWrite.take();
                try {
                    next.write();
                } catch (IOException lost) {
                    // the reader sees it too
                } finally {
                    next.close();
                }
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    /**
     * Serves one server until the link is lost.
     *
     * @return false if the server never proved itself, or was refused
     */
    boolean serve(ByteChannel channel) throws IOException, InterruptedException {
        var reader = new FrameReader(channel);
        if (!shakeHands(reader, new FrameWriter(channel))) {
            return false;
        }
        var current = new Link(channel);
        link = current;
        tunnels.use(current);
        ports.use(current);
        toWrite.put(current);
        try {
            while (true) {
                var frame = reader.read();
                if (frame.isEmpty()) {
                    return true;
                }
                take(frame.get(), current);
            }
        } catch (IOException lost) {
            return true;
        } finally {
            current.close();
            tree.dropUploads();
            poller.wake();
        }
    }

    private boolean shakeHands(FrameReader reader, FrameWriter writer) throws IOException {
        var nonce = Sys.random(Proof.NONCE_BYTES);
        var dial = new Body()
                .u16(Frame.VERSION)
                .u16(Frame.VERSION)
                .id(epoch)
                .bytes(nonce)
                .flag(key != null);
        writer.write(new Frame(Frame.Type.DIAL, 0, dial));
        writer.flush();
        var hello = reader.read().orElseThrow(() -> new IOException("the server hung up"));
        if (hello.type() != Frame.Type.HELLO) {
            throw new ProtocolException("expected HELLO");
        }
        var fields = hello.fields();
        int version = fields.u16();
        long lease = fields.u64();
        var serverNonce = fields.bytes();
        boolean handsOver = fields.flag();
        var keyOrProof = fields.bytes();
        var problem = problem(version, lease, handsOver);
        if (problem == null && !handsOver) {
            var expected = Proof.of(Proof.Side.SERVER, key, nonce, serverNonce, epoch, lease);
            problem = Proof.matches(expected, keyOrProof) ? null : "the server does not hold this sandbox's key";
        }
        if (problem != null) {
            writer.write(new Frame(Frame.Type.REFUSED, 0, new Body().text(problem)));
            writer.flush();
            return false;
        }
        if (handsOver) {
            key = keyOrProof;
        }
        leaseEpoch = lease;
        var proof = Proof.of(Proof.Side.RUNNER, key, nonce, serverNonce, epoch, lease);
        var build = Runner.class.getPackage().getImplementationVersion();
        var welcome = new Body().u16(Frame.VERSION).bytes(proof).text(build == null ? "" : build);
        writer.write(new Frame(Frame.Type.WELCOME, 0, welcome));
        writer.flush();
        return true;
    }

    private String problem(int version, long lease, boolean handsOver) {
        if (version != Frame.VERSION) {
            return "the protocol version " + version + " is not spoken here";
        }
        if (lease < leaseEpoch) {
            return "the lease " + lease + " is over: " + leaseEpoch + " was seen";
        }
        if (handsOver == (key != null)) {
            return handsOver ? "the key was handed over before" : "no key was handed over yet";
        }
        return null;
    }

    /** On the reader's thread: nothing here may wait. */
    private void take(Frame frame, Link from) throws IOException {
        switch (frame.type()) {
            case PING ->
                from.send(new Frame(
                        Frame.Type.PONG, 0, new Body().u64(frame.fields().u64())));
            case DATA -> {
                var stream = from.incoming(frame.id());
                var fields = frame.fields();
                if (stream != null) {
                    stream.offer(fields.u64(), fields.rest());
                    poller.wake();
                }
            }
            case END -> {
                var stream = from.incoming(frame.id());
                if (stream != null) {
                    stream.end(frame.fields().u64());
                    poller.wake();
                }
            }
            case ACK -> {
                var stream = from.outgoing(frame.id());
                if (stream != null) {
                    stream.acknowledge(frame.fields().u64());
                    poller.wake();
                }
            }
            case RESET -> {
                Tunnels.reset(from, frame.id());
                poller.wake();
            }
            case REQUEST -> request(frame.fields(), from);
            default -> throw new ProtocolException("a runner does not take " + frame.type());
        }
    }

    private void request(Fields fields, Link from) throws IOException {
        var reply = new Reply(fields.id(), from);
        var op = Op.of(fields.u8());
        switch (op) {
            case ATTACH, FORGET, SIGNAL, RESIZE, STATE, KILL_ALL, UNWATCH, WATCH -> inline(op, fields, reply);
            case EXEC -> {
                int streams = fields.i32();
                var request = commandOf(fields);
                later(reply, () -> {
                    var started = commands.start(reply.id, request, from, streams);
                    reply.done(new Body().flag(started.joined()).u64(started.inputReceived()));
                });
            }
            case STAT -> {
                var path = fields.bytes();
                later(reply, () -> {
                    var stat = tree.stat(path);
                    reply.done(stat == null ? new Body().flag(false) : joined(new Body().flag(true), stat));
                });
            }
            case LIST -> {
                var path = fields.bytes();
                int limit = fields.u32(Integer.MAX_VALUE);
                later(reply, () -> reply.done(new Body().i32(tree.list(path, limit, reply::part))));
            }
            case READ -> {
                var path = fields.bytes();
                long offset = fields.u64();
                int max = fields.u32(Integer.MAX_VALUE);
                later(reply, () -> reply.done(tree.read(path, offset, max, reply::part)));
            }
            case STAGE -> {
                var upload = fields.id();
                long offset = fields.u64();
                var bytes = fields.bytes();
                later(reply, () -> {
                    tree.stage(upload, offset, bytes);
                    reply.done(new Body());
                });
            }
            case WRITE -> {
                var path = fields.bytes();
                int condition = fields.u8();
                var etag = fields.text();
                boolean staged = fields.flag();
                var bytes = staged ? null : fields.bytes();
                var content = staged
                        ? new Tree.Content(null, fields.id(), fields.u64())
                        : new Tree.Content(bytes, null, bytes.length);
                if (condition >= Tree.Condition.values().length) {
                    throw new ProtocolException("unknown condition " + condition);
                }
                once(reply, () -> tree.write(path, Tree.Condition.values()[condition], etag, content));
            }
            case MAKE_DIRECTORY -> {
                var path = fields.bytes();
                once(reply, () -> {
                    tree.makeDirectory(path);
                    return new Body();
                });
            }
            case MOVE -> {
                var source = fields.bytes();
                var target = fields.bytes();
                once(reply, () -> {
                    tree.move(source, target);
                    return new Body();
                });
            }
            case DELETE -> {
                var path = fields.bytes();
                once(reply, () -> {
                    tree.delete(path);
                    return new Body();
                });
            }
            case CONNECT -> {
                int stream = fields.i32();
                int port = fields.u32(Integer.MAX_VALUE);
                later(
                        reply,
                        () -> tunnels.connect(from, stream, port, error -> {
                            if (error == 0) {
                                reply.done(new Body());
                            } else {
                                reply.refuse(
                                        new RefusedException(Refusal.NOT_FOUND, "Nothing listens on port " + port));
                            }
                        }));
            }
            case SHUTDOWN -> {
                commands.killAll();
                Runtime.getRuntime().exit(0);
            }
        }
    }

    private void inline(Op op, Fields fields, Reply reply) throws IOException {
        switch (op) {
            case ATTACH -> {
                var id = fields.id();
                int streams = fields.i32();
                long output = fields.u64();
                long errors = fields.u64();
                var command = commands.find(id);
                if (command != null) {
                    command.attach(reply.to, streams, output, errors);
                }
                long received = command == null ? 0 : command.input().received();
                reply.done(new Body().u8(commands.state(id)).u64(received));
            }
            case STATE -> {
                var id = fields.id();
                if (!watcher.settle(id, sent -> settled(reply, sent))) {
                    reply.done(new Body().u8(commands.state(id)));
                }
            }
            case FORGET -> {
                commands.forget(fields.id());
                reply.done(new Body());
            }
            case SIGNAL -> {
                var command = commands.find(fields.id());
                if (command != null) {
                    command.signal(fields.u32(64));
                }
                reply.done(new Body());
            }
            case RESIZE -> {
                var command = commands.find(fields.id());
                if (command != null) {
                    command.resize(fields.u32(10_000), fields.u32(10_000));
                }
                reply.done(new Body());
            }
            case KILL_ALL -> {
                commands.killAll();
                reply.done(new Body());
            }
            case WATCH -> {
                watcher.listen(reply.id, reply.to);
                reply.done(new Body());
            }
            default -> {
                watcher.unlisten(fields.id());
                reply.done(new Body());
            }
        }
    }

    private static void settled(Reply reply, boolean sent) {
        reply.done(new Body().u8(sent ? Command.RUNNING : 0));
    }

    private static Command.Request commandOf(Fields fields) throws ProtocolException {
        var argv = new ArrayList<byte[]>();
        for (int i = fields.u32(Frame.MAX_LENGTH); i > 0; i--) {
            argv.add(fields.bytes());
        }
        var environment = new ArrayList<byte[]>();
        for (int i = fields.u32(Frame.MAX_LENGTH); i > 0; i--) {
            var entry = new Body().raw(fields.bytes());
            entry.u8('=').raw(fields.bytes());
            environment.add(entry.toBytes());
        }
        if (argv.isEmpty()) {
            throw new ProtocolException("a command without a program");
        }
        var directory = fields.bytes();
        long limitNanos = Math.min(fields.u64(), Long.MAX_VALUE / 2_000_000) * 1_000_000;
        boolean inputEnds = fields.flag();
        var input = fields.bytes();
        boolean terminal = fields.flag();
        var size = new Launch.Size(fields.u32(10_000), fields.u32(10_000));
        return new Command.Request(
                List.copyOf(argv), environment, directory, limitNanos, inputEnds, input, terminal ? size : null);
    }

    private static Body joined(Body first, Body second) {
        return first.raw(second.toBytes());
    }

    private interface Job {
        void run() throws InterruptedException;
    }

    private interface Change {
        Body make() throws InterruptedException;
    }

    private void later(Reply reply, Job job) {
        boolean taken = work.offer(() -> {
            try {
                job.run();
            } catch (RefusedException refused) {
                reply.refuse(refused);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError broken) {
                reply.refuse(new RefusedException(Refusal.FAILED, "The runner failed: " + broken));
            }
        });
        if (!taken) {
            reply.refuse(new RefusedException(Refusal.FAILED, "The sandbox is busy: too many requests at once"));
        }
    }

    /** What came of a change; both null while it is being made. */
    private static final class Outcome {
        private Body done;
        private RefusedException refused;
    }

    /** Makes a change once, however often it is asked for under the same id; answers whoever is there then. */
    private void once(Reply reply, Change change) {
        Outcome outcome;
        synchronized (outcomes) {
            var known = outcomes.get(reply.id);
            if (known != null) {
                answer(reply, known);
                return;
            }
            outcome = new Outcome();
            outcomes.put(reply.id, outcome);
            if (outcomes.size() > REMEMBERED) {
                outcomes.remove(outcomes.keySet().iterator().next());
            }
        }
        later(reply, () -> {
            Body done = null;
            RefusedException refused = null;
            try {
                done = change.make();
            } catch (RefusedException why) {
                refused = why;
            } catch (RuntimeException | OutOfMemoryError broken) {
                refused = new RefusedException(Refusal.FAILED, "The runner failed: " + broken);
            }
            synchronized (outcomes) {
                outcome.done = done;
                outcome.refused = refused;
            }
            answer(new Reply(reply.id, link), outcome);
        });
    }

    private static void answer(Reply reply, Outcome outcome) {
        if (outcome.done != null) {
            reply.done(outcome.done);
        } else if (outcome.refused != null) {
            reply.refuse(outcome.refused);
        }
    }

    /** The way back for one request. */
    private record Reply(UUID id, Link to) {
        void part(byte[] bytes) throws InterruptedException {
            to.sendPart(new Frame(
                    Frame.Type.ANSWER, 1, new Body(16 + bytes.length).id(id).raw(bytes)));
        }

        /** After its parts: they are in one queue. */
        void done(Body body) {
            to.sendLast(new Frame(Frame.Type.ANSWER, 0, new Body().id(id).raw(body.toBytes())));
        }

        void refuse(RefusedException refused) {
            var body = new Body().id(id).u8(refused.refusal().ordinal()).text(refused.getMessage());
            to.sendLast(new Frame(Frame.Type.REFUSAL, 0, body));
        }
    }
}
