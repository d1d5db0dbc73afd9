package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Fields;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Op;
import dev.cleanroom.runner.wire.ProtocolException;
import dev.cleanroom.runner.wire.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * A sandbox by way of its runner. It outlives connections: what was asked for is asked again on the next one, output goes
 * on at the very byte, and only a runner with another epoch ends what was under way.
 */
public final class RunnerSandbox implements Sandbox {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // a runner dials again within one
    private static final int MAX_READ = 8 * 1024 * 1024;
    private static final int MAX_LISTED = 64 * 1024 * 1024; // bytes of one directory's entries
    private static final int MAX_REQUEST = Frame.MAX_LENGTH - 1024;
    private static final int MAX_INLINE_INPUT = 64 * 1024;
    private static final int MAX_WRITE = 64 * 1024 * 1024;
    private static final int WRITE_ATTEMPTS = 3; // a lost connection loses what was staged

    /** Told about the connection, on a thread that must not be kept. */
    public interface Events {
        void attached(RunnerSandbox sandbox, boolean sameEpoch);

        void lost(RunnerSandbox sandbox, String reason);
    }

    private record Answer(byte[] content, byte[] fields) {
        Fields read() {
            return Fields.of(fields);
        }
    }

    /** A request until it is answered, over as many connections as that takes. */
    private static final class Call {
        final Frame request;
        final int maxContent;
        final RunnerConnection only;
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        ByteArrayOutputStream content;

        /** @param only null: asked again on the next connection */
        Call(Frame request, int maxContent, RunnerConnection only) {
            this.request = request;
            this.maxContent = maxContent;
            this.only = only;
        }
    }

    private final UUID session;
    private final StreamOpened streamOpened;
    private final Events events;
    private final Map<UUID, Call> calls = new LinkedHashMap<>();
    private final Map<UUID, RunnerExec> execs = new LinkedHashMap<>();
    private final Map<Integer, RunnerExec> execsByStreams = new HashMap<>();
    private final Map<Integer, RunnerDuplex> duplexes = new HashMap<>();
    private final Map<UUID, RunnerWatch> watches = new HashMap<>();
    private List<Port> ports = List.of();
    private Consumer<List<Port>> portsListener = changed -> {};
    private RunnerConnection connection;
    private UUID epoch;
    private String closed;
    private int nextStreams = 4;
    private int lastOpened;
    private int opened;
    private long generation;

    public RunnerSandbox(UUID session, StreamOpened streamOpened, Events events) {
        this.session = session;
        this.streamOpened = streamOpened;
        this.events = events;
    }

    // connecting

    /**
     * Takes a channel that something in the sandbox has opened: shakes hands, and goes on where the last connection
     * stopped. An earlier connection that is still there is ended.
     *
     * @param key 32 random bytes, stored before this is called for the first time
     * @param firstContact no attach of this start of the runner has succeeded yet
     * @param leaseEpoch of this server; the runner refuses one below what it has seen
     * @throws SandboxException if it is not the runner or refuses; the channel is closed then
     */
    public void attach(ByteChannel channel, byte[] key, boolean firstContact, long leaseEpoch) {
        var next = RunnerConnection.open(channel, key, firstContact, leaseEpoch);
        RunnerConnection old;
        boolean sameEpoch;
        synchronized (this) {
            if (closed != null) {
                next.end(closed);
                throw new SandboxException(closed);
            }
            old = connection;
            sameEpoch = epoch == null || epoch.equals(next.epoch());
            if (!sameEpoch) {
                failAll("The runner was restarted: what it ran is gone");
            }
            detachAll();
            epoch = next.epoch();
            connection = next;
            generation++;
            lastOpened = 0;
            next.start(session.toString(), new Incoming(next));
            execs.values().forEach(exec -> reattach(exec, next));
            watches.keySet().forEach(watch -> next.send(request(watch, Op.WATCH, new Body())));
            calls.values().forEach(call -> {
                call.content = null;
                next.send(call.request);
            });
            notifyAll();
        }
        if (old != null) {
            old.end("the runner has connected again");
        }
        events.attached(this, sameEpoch);
    }

    private void reattach(RunnerExec exec, RunnerConnection to) {
        if (!exec.isStarted()) {
            exec.resume(); // its EXEC is asked (again) and starts at 0; overlap is dropped
            return;
        }
        var request = request(UUID.randomUUID(), Op.ATTACH, exec.resume());
        var call = new Call(request, 0, to);
        call.answer.thenAccept(answer -> {
            try {
                var fields = answer.read();
                int state = fields.u8();
                if (state == 0) {
                    exec.fail(new SandboxException("The runner does not know this command any more"));
                } else {
                    exec.attached(to, fields.u64());
                }
            } catch (ProtocolException violation) {
                to.end("the runner broke the protocol: " + violation.getMessage());
            }
        });
        calls.put(idOf(request), call);
    }

    public synchronized boolean isAttached() {
        return connection != null;
    }

    /** The runner has ended or is given up: everything waiting fails, and nothing can be attached any more. */
    public void close(String reason) {
        RunnerConnection old;
        synchronized (this) {
            closed = reason;
            old = connection;
            failAll(reason);
            notifyAll();
        }
        if (old != null) {
            old.end(reason);
        }
    }

    /** @return false if there is another connection already */
    private synchronized boolean lost(RunnerConnection which, String reason) {
        if (connection != which) {
            return false;
        }
        detachAll();
        long lostGeneration = generation;
        Thread.ofVirtual().name("runner-patience-" + session).start(() -> giveUp(lostGeneration, reason));
        return true;
    }

    private void detachAll() {
        connection = null;
        calls.values().removeIf(call -> call.only != null);
        execs.values().forEach(RunnerExec::detached);
        duplexes.values().forEach(duplex -> duplex.breakOff("the runner is lost"));
        duplexes.clear();
        opened = 0;
    }

    private synchronized boolean isCurrent(RunnerConnection which) {
        return connection == which;
    }

    private void giveUp(long lostGeneration, String reason) {
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException stopped) {
            return;
        }
        synchronized (this) {
            if (generation == lostGeneration && connection == null) {
                failAll("The runner has not come back: " + reason);
            }
        }
    }

    private void failAll(String reason) {
        var failure = new SandboxException(reason);
        var failing = List.copyOf(calls.values());
        calls.clear();
        failing.forEach(call -> call.answer.completeExceptionally(failure));
        execs.values().forEach(exec -> exec.fail(failure));
        execs.clear();
        execsByStreams.clear();
    }

    // asking

    Fields call(Op op, Body body) throws InterruptedException {
        return call(UUID.randomUUID(), op, body, 0).read();
    }

    private Answer call(UUID id, Op op, Body body, int maxContent) throws InterruptedException {
        var request = request(id, op, body);
        if (request.body().remaining() > MAX_REQUEST) {
            throw new FileProblem(FileProblem.Reason.TOO_LARGE, "The request is too long for the sandbox");
        }
        var call = new Call(request, maxContent, null);
        synchronized (this) {
            awaitConnection();
            calls.put(id, call);
            connection.send(request);
        }
        try {
            return call.answer.get();
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    private void awaitConnection() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (connection == null) {
            if (closed != null) {
                throw new SandboxException(closed);
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SandboxException("The sandbox does not answer");
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /** With the caller's own stack. */
    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            case FileProblem problem -> new FileProblem(problem.reason(), problem.getMessage());
            case SandboxException problem -> new SandboxException(problem.getMessage(), problem);
            default -> new SandboxException("The sandbox failed: " + cause, cause);
        };
    }

    private static Frame request(UUID id, Op op, Body body) {
        var bytes = body.toBytes();
        return new Frame(
                Frame.Type.REQUEST,
                0,
                new Body(32 + bytes.length).id(id).u8(op.ordinal()).raw(bytes));
    }

    private static UUID idOf(Frame request) {
        var body = request.body();
        return new UUID(body.getLong(body.position()), body.getLong(body.position() + 8));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // the sandbox's face

    @Override
    public UUID session() {
        return session;
    }

    @Override
    public synchronized String epoch() {
        return String.valueOf(epoch);
    }

    @Override
    public Exec exec(ExecRequest request) throws InterruptedException {
        RunnerExec exec;
        boolean known;
        var input = Optional.ofNullable(request.input());
        int inline = Math.min(MAX_INLINE_INPUT, input.map(bytes -> bytes.length).orElse(0));
        boolean inputEnds = input.isPresent() && inline == input.get().length;
        synchronized (this) {
            exec = execs.get(request.id());
            known = exec != null;
            if (!known) {
                exec = new RunnerExec(this, request.id(), nextStreams, inline, input.isEmpty());
                nextStreams += 4;
                execs.put(request.id(), exec);
                execsByStreams.put(exec.streams(), exec);
            }
        }
        if (known) {
            return exec;
        }
        try {
            call(request.id(), Op.EXEC, body(request, exec.streams(), input.orElse(new byte[0]), inline, inputEnds), 0);
        } catch (FileProblem | SandboxException refused) {
            forget(exec);
            exec.fail(refused); // for who has joined it meanwhile
            throw refused;
        }
        if (input.isPresent() && !inputEnds) {
            var rest = Arrays.copyOfRange(input.get(), inline, input.get().length);
            var feeding = exec;
            Thread.ofVirtual().name("exec-input-" + request.id()).start(() -> feed(feeding, rest));
        }
        return exec;
    }

    private static Body body(ExecRequest request, int streams, byte[] input, int inline, boolean inputEnds) {
        var body = new Body(256).i32(streams).i32(request.argv().size());
        request.argv().forEach(body::text);
        body.i32(request.environment().size());
        request.environment().forEach((name, value) -> body.text(name).text(value));
        var size = request.pty().orElse(new Size(0, 0));
        return body.text(request.directory())
                .u64(request.limit().map(limit -> Math.max(1, limit.toMillis())).orElse(0L))
                .flag(inputEnds)
                .bytes(Arrays.copyOf(input, inline))
                .flag(request.pty().isPresent())
                .i32(size.columns())
                .i32(size.rows());
    }

    private static void feed(RunnerExec exec, byte[] rest) {
        try {
            exec.write(rest);
            exec.closeInput();
        } catch (SandboxException over) {
            // the command has ended without reading it all
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    synchronized void forget(RunnerExec exec) {
        execs.remove(exec.id());
        execsByStreams.remove(exec.streams());
    }

    @Override
    public ExecState state(UUID id) throws InterruptedException {
        return decode(() -> switch (call(Op.STATE, new Body().id(id)).u8()) {
            case 0 -> ExecState.UNKNOWN;
            case 1 -> ExecState.RUNNING;
            default -> ExecState.FINISHED;
        });
    }

    @Override
    public Optional<FileStat> stat(String path) throws InterruptedException {
        return decode(() -> {
            var fields = call(Op.STAT, new Body().bytes(utf8(path)));
            return fields.flag() ? Optional.of(stat(fields)) : Optional.empty();
        });
    }

    private static FileStat stat(Fields fields) throws ProtocolException {
        var path = fields.text();
        int kind = fields.u8();
        if (kind >= Kind.values().length) {
            throw new ProtocolException("unknown kind of file " + kind);
        }
        return new FileStat(path, Kind.values()[kind], fields.u64(), fields.flag(), fields.text());
    }

    @Override
    public List<FileStat> list(String path, int limit) throws InterruptedException {
        return decode(() -> {
            var answer = call(
                    UUID.randomUUID(), Op.LIST, new Body().bytes(utf8(path)).i32(limit), MAX_LISTED);
            var fields = Fields.of(answer.content());
            var listed = new ArrayList<FileStat>();
            while (fields.remaining() > 0 && listed.size() < limit) {
                listed.add(stat(fields));
            }
            return List.copyOf(listed);
        });
    }

    @Override
    public FileBytes read(String path, long offset, int max) throws InterruptedException {
        if (offset < 0 || max < 0) {
            throw new FileProblem(FileProblem.Reason.INVALID, "The range of a file begins at 0 or later");
        }
        int most = Math.min(max, MAX_READ);
        return decode(() -> {
            var answer = call(
                    UUID.randomUUID(),
                    Op.READ,
                    new Body().bytes(utf8(path)).u64(offset).i32(most),
                    most);
            return new FileBytes(stat(answer.read()), offset, answer.content());
        });
    }

    @Override
    public FileStat write(String path, byte[] content, WriteCondition condition) throws InterruptedException {
        if (content.length > MAX_WRITE) {
            throw new FileProblem(FileProblem.Reason.TOO_LARGE, "At most 64 MiB can be written at once");
        }
        var body = new Body(256).bytes(utf8(path));
        switch (condition) {
            case WriteCondition.Always() -> body.u8(0).text("");
            case WriteCondition.IsNew() -> body.u8(1).text("");
            case WriteCondition.Matches(var etag) -> body.u8(2).text(etag);
        }
        if (content.length <= Frame.MAX_PART) {
            return decode(() -> stat(call(Op.WRITE, body.flag(false).bytes(content))));
        }
        for (int attempt = 1; ; attempt++) {
            long before = generation();
            try {
                var upload = stage(content);
                var whole =
                        new Body(256).raw(body.toBytes()).flag(true).id(upload).u64(content.length);
                return decode(() -> stat(call(Op.WRITE, whole)));
            } catch (SandboxException failed) {
                if (attempt == WRITE_ATTEMPTS || generation() == before) {
                    throw failed;
                }
            }
        }
    }

    private synchronized long generation() {
        return generation;
    }

    private UUID stage(byte[] content) throws InterruptedException {
        var upload = UUID.randomUUID();
        for (int at = 0; at < content.length; at += Frame.MAX_PART) {
            var piece = Arrays.copyOfRange(content, at, Math.min(content.length, at + Frame.MAX_PART));
            call(Op.STAGE, new Body(64 + piece.length).id(upload).u64(at).bytes(piece));
        }
        return upload;
    }

    @Override
    public void makeDirectory(String path) throws InterruptedException {
        call(Op.MAKE_DIRECTORY, new Body().bytes(utf8(path)));
    }

    @Override
    public void move(String from, String to) throws InterruptedException {
        call(Op.MOVE, new Body().bytes(utf8(from)).bytes(utf8(to)));
    }

    @Override
    public void delete(String path) throws InterruptedException {
        call(Op.DELETE, new Body().bytes(utf8(path)));
    }

    @Override
    public Watch watch(Consumer<WatchBatch> listener) throws InterruptedException {
        var watch = new RunnerWatch(listener, this::unwatch);
        synchronized (this) {
            watches.put(watch.id(), watch);
        }
        call(watch.id(), Op.WATCH, new Body(), 0);
        return watch;
    }

    private synchronized void unwatch(RunnerWatch watch) {
        watches.remove(watch.id());
        if (connection != null) {
            var request = request(UUID.randomUUID(), Op.UNWATCH, new Body().id(watch.id()));
            calls.put(idOf(request), new Call(request, 0, connection));
            connection.send(request);
        }
    }

    @Override
    public void killAll() throws InterruptedException {
        call(Op.KILL_ALL, new Body());
    }

    @Override
    public synchronized List<Port> ports() {
        return ports;
    }

    @Override
    public synchronized void onPorts(Consumer<List<Port>> listener) {
        portsListener = listener;
        listener.accept(ports);
    }

    private synchronized void listening(List<Port> now) {
        if (!now.equals(ports)) {
            ports = now;
            portsListener.accept(now);
        }
    }

    @Override
    public Duplex connect(int port) throws InterruptedException {
        RunnerDuplex duplex;
        synchronized (this) {
            awaitConnection();
            duplex = new RunnerDuplex(nextStreams, connection, this::closed);
            nextStreams += 4;
            duplexes.put(duplex.id(), duplex);
        }
        try {
            call(Op.CONNECT, new Body().i32(duplex.id()).i32(port));
            return duplex;
        } catch (FileProblem | SandboxException refused) {
            duplex.close();
            throw refused;
        }
    }

    private synchronized void closed(RunnerDuplex duplex) {
        if (duplexes.remove(duplex.id(), duplex) && duplex.id() < 0) {
            opened--;
        }
    }

    /** Ends every process in the sandbox and then the runner; does not wait for it. */
    public synchronized void shutdown() {
        if (connection != null) {
            connection.send(request(UUID.randomUUID(), Op.SHUTDOWN, new Body()));
        }
    }

    /** One trip to the runner and back, through its reader and writer. */
    public Duration ping() throws InterruptedException {
        long before = System.nanoTime();
        state(new UUID(0, 0));
        return Duration.ofNanos(System.nanoTime() - before);
    }

    private interface Decoding<T> {
        T run() throws ProtocolException, InterruptedException;
    }

    private static <T> T decode(Decoding<T> decoding) throws InterruptedException {
        try {
            return decoding.run();
        } catch (ProtocolException violation) {
            throw new SandboxException("The runner answered nonsense: " + violation.getMessage(), violation);
        }
    }

    // what the runner says

    private final class Incoming implements RunnerConnection.Frames {
        private final RunnerConnection from;

        Incoming(RunnerConnection from) {
            this.from = from;
        }

        @Override
        public void take(Frame frame) throws IOException {
            if (!isCurrent(from)) {
                return;
            }
            switch (frame.type()) {
                case ANSWER -> answer(frame);
                case REFUSAL -> refusal(frame.fields());
                case DATA, GAP, END, ACK, RESET -> stream(frame);
                case EXIT -> exit(frame.fields());
                case CHANGES -> changes(frame.fields());
                case OPEN -> open(frame.id(), frame.fields());
                case PORTS -> ports(frame.fields());
                case PONG -> frame.fields().u64();
                default -> throw new ProtocolException("a server does not take " + frame.type());
            }
        }

        @Override
        public void lost(RunnerConnection connection, String reason) {
            if (RunnerSandbox.this.lost(connection, reason)) {
                events.lost(RunnerSandbox.this, reason);
            }
        }

        private void answer(Frame frame) throws ProtocolException {
            var fields = frame.fields();
            var id = fields.id();
            synchronized (RunnerSandbox.this) { // with what follows from it, so that no other connection comes between
                var call = calls.get(id);
                if (from != connection || call == null && watches.containsKey(id)) {
                    return; // too late, or a watch that was asked for again
                }
                if (call == null) {
                    throw new ProtocolException("an answer that nobody asked for");
                }
                if (frame.id() != 0) {
                    collect(call, fields.rest());
                    return;
                }
                calls.remove(id);
                var exec = execs.get(id);
                if (exec != null) {
                    fields.flag();
                    exec.attached(from, fields.u64());
                }
                var content = call.content == null ? new byte[0] : call.content.toByteArray();
                call.answer.complete(new Answer(content, fields.rest()));
            }
        }

        private RunnerExec execFor(UUID id) {
            synchronized (RunnerSandbox.this) {
                return execs.get(id);
            }
        }

        private void collect(Call call, byte[] part) throws ProtocolException {
            if (call.content == null) {
                call.content = new ByteArrayOutputStream(part.length);
            }
            if (call.content.size() + part.length > call.maxContent) {
                throw new ProtocolException("an answer that does not end");
            }
            call.content.writeBytes(part);
        }

        private void refusal(Fields fields) throws ProtocolException {
            var id = fields.id();
            var refusal = Refusal.of(fields.u8());
            var message = RunnerConnection.cut(fields.text());
            Call call;
            synchronized (RunnerSandbox.this) {
                call = calls.remove(id);
            }
            if (call == null) {
                throw new ProtocolException("a refusal of what nobody asked for");
            }
            call.answer.completeExceptionally(
                    switch (refusal) {
                        case FAILED, FORGOTTEN -> new SandboxException(message);
                        default -> new FileProblem(FileProblem.Reason.valueOf(refusal.name()), message);
                    });
        }

        private void stream(Frame frame) throws ProtocolException {
            int id = frame.id();
            var fields = frame.fields();
            RunnerExec exec;
            RunnerDuplex duplex;
            synchronized (RunnerSandbox.this) {
                exec = id > 0 ? execsByStreams.get(id & ~3) : null;
                duplex = duplexes.get(id);
                boolean everOpened = id > 0 ? id < nextStreams : (id & Integer.MAX_VALUE) <= lastOpened;
                if (exec == null && duplex == null && !everOpened) {
                    throw new ProtocolException("a stream that was never opened");
                }
            }
            if (exec != null) {
                switch (frame.type()) {
                    case DATA -> exec.data(id, fields.u64(), fields.rest());
                    case GAP -> exec.gap(id, fields.u64(), fields.u64());
                    case END -> exec.end(id, fields.u64());
                    case ACK -> exec.acknowledged(id, fields.u64());
                    default -> exec.cutOff(id);
                }
            } else if (duplex != null) {
                switch (frame.type()) {
                    case DATA -> duplex.data(fields.u64(), fields.rest());
                    case GAP -> throw new ProtocolException("a gap in a connection");
                    case END -> duplex.end(fields.u64());
                    case ACK -> duplex.acknowledged(fields.u64());
                    default -> duplex.breakOff("the connection was lost in the sandbox");
                }
            }
        }

        private void exit(Fields fields) throws ProtocolException {
            var exec = execFor(fields.id());
            int code = fields.u32(255);
            boolean timedOut = fields.flag();
            long milliseconds = fields.u64();
            if (exec == null) {
                throw new ProtocolException("the end of a command that was never started");
            }
            exec.exited(code, timedOut, milliseconds);
        }

        private void changes(Fields fields) throws ProtocolException {
            var id = fields.id();
            boolean resync = fields.flag();
            int count = fields.u32(Frame.MAX_LENGTH);
            var changes = new ArrayList<Changed>();
            for (int i = 0; i < count; i++) {
                int change = fields.u8();
                if (change >= Change.values().length) {
                    throw new ProtocolException("unknown change " + change);
                }
                changes.add(new Changed(fields.text(), Change.values()[change]));
            }
            RunnerWatch watch;
            synchronized (RunnerSandbox.this) {
                watch = watches.get(id);
            }
            if (watch != null) {
                watch.changed(new WatchBatch(List.copyOf(changes), resync));
            }
        }

        private void ports(Fields fields) throws ProtocolException {
            var listening = new ArrayList<Port>();
            for (int i = fields.u32(Frame.MAX_PORTS); i > 0; i--) {
                int number = fields.u16();
                var program = RunnerConnection.cut(fields.text());
                listening.add(new Port(number, program));
            }
            listening(List.copyOf(listening));
        }

        private void open(int id, Fields fields) throws ProtocolException {
            var kind = fields.text();
            var target = fields.text();
            RunnerDuplex duplex;
            synchronized (RunnerSandbox.this) {
                if (id >= 0 || (id & Integer.MAX_VALUE) <= lastOpened) {
                    throw new ProtocolException("a stream that is opened twice");
                }
                if (opened >= Frame.MAX_OPENED) {
                    throw new ProtocolException("too many open streams");
                }
                lastOpened = id & Integer.MAX_VALUE;
                opened++;
                duplex = new RunnerDuplex(id, from, RunnerSandbox.this::closed);
                duplexes.put(id, duplex);
            }
            Thread.ofVirtual().name("sandbox-stream-" + session).start(() -> serve(kind, target, duplex));
        }

        private void serve(String kind, String target, RunnerDuplex duplex) {
            try (duplex) {
                streamOpened.opened(session, kind, target, duplex);
            } catch (IOException over) {
                // one of both sides has hung up: nobody is left to tell
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
