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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * What is under way with a runner, over as many connections as that takes: what was asked for is asked again on the next
 * one, output goes on at the very byte, and only a runner with another epoch ends it.
 */
final class RunnerLink {
    private static final Duration PATIENCE = Duration.ofSeconds(60); // a runner dials again within one
    private static final int MAX_REQUEST = Frame.MAX_LENGTH - 1024;

    /** Told about the connection, on a thread that must not be kept. */
    interface Events {
        void attached(boolean sameEpoch);

        void lost(String reason);
    }

    record Answer(byte[] content, byte[] fields) {
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
    private List<Sandbox.Port> ports = List.of();
    private Consumer<List<Sandbox.Port>> portsListener = changed -> {};
    private RunnerConnection connection;
    private UUID epoch;
    private String closed;
    private int nextStreams = 4;
    private int lastOpened;
    private int opened;
    private long generation;

    RunnerLink(UUID session, StreamOpened streamOpened, Events events) {
        this.session = session;
        this.streamOpened = streamOpened;
        this.events = events;
    }

    UUID session() {
        return session;
    }

    synchronized String epoch() {
        return String.valueOf(epoch);
    }

    /** As {@link RunnerSandbox#attach}. */
    void attach(ByteChannel channel, byte[] key, boolean firstContact, long leaseEpoch) {
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
        events.attached(sameEpoch);
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

    synchronized boolean isAttached() {
        return connection != null;
    }

    void close(String reason) {
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

    Answer call(UUID id, Op op, Body body, int maxContent) throws InterruptedException {
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

    // what goes on

    /** A command; {@code isNew}: nobody has asked for it before, and it is still to be started. */
    record Joined(RunnerExec exec, boolean isNew) {}

    synchronized Joined join(UUID id, int inlineInput, boolean typed) {
        var known = execs.get(id);
        if (known != null) {
            return new Joined(known, false);
        }
        var exec = new RunnerExec(this, id, nextStreams, inlineInput, typed);
        nextStreams += 4;
        execs.put(id, exec);
        execsByStreams.put(exec.streams(), exec);
        return new Joined(exec, true);
    }

    synchronized void forget(RunnerExec exec) {
        execs.remove(exec.id());
        execsByStreams.remove(exec.streams());
    }

    /** Nothing if the runner may have heard of it. */
    synchronized void forgetUnasked(RunnerExec exec) {
        if (!exec.isStarted() && !calls.containsKey(exec.id())) {
            forget(exec);
            exec.fail(new SandboxException("The command was not started: who wanted it was stopped"));
        }
    }

    /** Of connections so far: another one means that what was only on its way is lost. */
    synchronized long generation() {
        return generation;
    }

    RunnerWatch watch(Consumer<Sandbox.WatchBatch> listener) throws InterruptedException {
        var watch = new RunnerWatch(listener, new RunnerWatch.Remote() {
            @Override
            public boolean settle(RunnerWatch watch) throws InterruptedException {
                try {
                    return call(Op.STATE, new Body().id(watch.id())).u8() != 0; // 0: an older runner
                } catch (ProtocolException violation) {
                    throw new SandboxException("The runner answered nonsense: " + violation.getMessage(), violation);
                }
            }

            @Override
            public void unwatch(RunnerWatch watch) {
                RunnerLink.this.unwatch(watch);
            }
        });
        synchronized (this) {
            watches.put(watch.id(), watch);
        }
        try {
            call(watch.id(), Op.WATCH, new Body(), 0);
            return watch;
        } catch (InterruptedException | RuntimeException unwatched) {
            watch.close();
            throw unwatched;
        }
    }

    private synchronized void unwatch(RunnerWatch watch) {
        watches.remove(watch.id());
        if (connection != null) {
            var request = request(UUID.randomUUID(), Op.UNWATCH, new Body().id(watch.id()));
            calls.put(idOf(request), new Call(request, 0, connection));
            connection.send(request);
        }
    }

    synchronized List<Sandbox.Port> ports() {
        return ports;
    }

    synchronized void onPorts(Consumer<List<Sandbox.Port>> listener) {
        portsListener = listener;
        listener.accept(ports);
    }

    private synchronized void listening(List<Sandbox.Port> now) {
        if (!now.equals(ports)) {
            ports = now;
            portsListener.accept(now);
        }
    }

    Duplex connect(int port) throws InterruptedException {
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

    synchronized void shutdown() {
        if (connection != null) {
            connection.send(request(UUID.randomUUID(), Op.SHUTDOWN, new Body()));
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
            if (RunnerLink.this.lost(connection, reason)) {
                events.lost(reason);
            }
        }

        private void answer(Frame frame) throws ProtocolException {
            var fields = frame.fields();
            var id = fields.id();
            synchronized (RunnerLink.this) { // with what follows from it, so that no other connection comes between
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
            synchronized (RunnerLink.this) {
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
            synchronized (RunnerLink.this) {
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
            synchronized (RunnerLink.this) {
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
            var changes = new ArrayList<Sandbox.Changed>();
            for (int i = 0; i < count; i++) {
                int change = fields.u8();
                if (change >= Sandbox.Change.values().length) {
                    throw new ProtocolException("unknown change " + change);
                }
                changes.add(new Sandbox.Changed(fields.text(), Sandbox.Change.values()[change]));
            }
            RunnerWatch watch;
            synchronized (RunnerLink.this) {
                watch = watches.get(id);
            }
            if (watch != null) {
                watch.changed(new Sandbox.WatchBatch(List.copyOf(changes), resync));
            }
        }

        private void ports(Fields fields) throws ProtocolException {
            var listening = new ArrayList<Sandbox.Port>();
            for (int i = fields.u32(Frame.MAX_PORTS); i > 0; i--) {
                int number = fields.u16();
                var program = RunnerConnection.cut(fields.text());
                listening.add(new Sandbox.Port(number, program));
            }
            listening(List.copyOf(listening));
        }

        private void open(int id, Fields fields) throws ProtocolException {
            var kind = fields.text();
            var target = fields.text();
            RunnerDuplex duplex;
            synchronized (RunnerLink.this) {
                if (id >= 0 || (id & Integer.MAX_VALUE) <= lastOpened) {
                    throw new ProtocolException("a stream that is opened twice");
                }
                if (opened >= Frame.MAX_OPENED) {
                    throw new ProtocolException("too many open streams");
                }
                lastOpened = id & Integer.MAX_VALUE;
                opened++;
                duplex = new RunnerDuplex(id, from, RunnerLink.this::closed);
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
