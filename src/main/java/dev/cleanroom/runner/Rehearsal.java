package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.FrameReader;
import dev.cleanroom.runner.wire.FrameWriter;
import dev.cleanroom.runner.wire.Op;
import dev.cleanroom.runner.wire.Proof;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Plays the server for one runner, so that the JVM learns what to keep in the AOT cache: commands, a terminal, files, a
 * watch, a connection. Run by {@code docker/runner/build-runtime.sh}: {@code Rehearsal <socket>}, and a runner that dials it.
 */
public final class Rehearsal {
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Map<Frame.Type, Integer> seen = new EnumMap<>(Frame.Type.class);
    private int asked;
    private int answered;

    private Rehearsal(FrameReader reader, FrameWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    public static void main(String[] arguments) throws IOException {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(arguments[0]));
            var key = new byte[Proof.KEY_BYTES];
            for (int connection = 0; connection < 2; connection++) {
                try (var channel = server.accept()) {
                    var rehearsal = new Rehearsal(new FrameReader(channel), new FrameWriter(channel));
                    rehearsal.greet(key);
                    rehearsal.play();
                    if (connection == 1) {
                        rehearsal.send(Op.SHUTDOWN, UUID.randomUUID(), new Body());
                        rehearsal.untilHungUp();
                    }
                }
            }
        }
    }

    private void greet(byte[] key) throws IOException {
        var dial = next().fields();
        dial.u16();
        dial.u16();
        var epoch = dial.id();
        var runnerNonce = dial.bytes();
        boolean hasKey = dial.flag();
        var nonce = new byte[Proof.NONCE_BYTES];
        var shown = hasKey ? Proof.of(Proof.Side.SERVER, key, runnerNonce, nonce, epoch, 1) : key;
        var hello =
                new Body().u16(Frame.VERSION).u64(1).bytes(nonce).flag(!hasKey).bytes(shown);
        writer.write(new Frame(Frame.Type.HELLO, 0, hello));
        writer.flush();
        next();
    }

    private void play() throws IOException {
        var plain = UUID.randomUUID();
        send(Op.EXEC, plain, command(4, List.of("sh", "-c", "cat; echo to errors >&2; exit 3"), false));
        await(Frame.Type.EXIT, 1);
        ask(Op.STATE, new Body().id(plain));
        ask(Op.FORGET, new Body().id(plain));
        var terminal = UUID.randomUUID();
        send(Op.EXEC, terminal, command(8, List.of("cat"), true));
        awaitAnswers();
        ask(Op.RESIZE, new Body().id(terminal).i32(132).i32(50));
        ask(Op.SIGNAL, new Body().id(terminal).i32(Sys.SIGTERM));
        await(Frame.Type.EXIT, 2);
        send(Op.WATCH, UUID.randomUUID(), new Body());
        await(Frame.Type.CHANGES, 1);
        var path = bytes("made/here.txt");
        ask(Op.WRITE, new Body().bytes(path).u8(0).text("").flag(false).bytes(bytes("hello")));
        await(Frame.Type.CHANGES, 2);
        ask(Op.STAT, new Body().bytes(path));
        ask(Op.READ, new Body().bytes(path).u64(0).i32(100));
        ask(Op.LIST, new Body().bytes(bytes("")).i32(100));
        ask(Op.MAKE_DIRECTORY, new Body().bytes(bytes("made/empty")));
        ask(Op.MOVE, new Body().bytes(path).bytes(bytes("made/there.txt")));
        ask(Op.DELETE, new Body().bytes(bytes("made")));
        ask(Op.CONNECT, new Body().i32(12).i32(1));
        writer.write(new Frame(Frame.Type.PING, 0, new Body().u64(1)));
        writer.flush();
        await(Frame.Type.PONG, 1);
    }

    private static Body command(int streams, List<String> argv, boolean terminal) {
        var body = new Body().i32(streams).i32(argv.size());
        argv.forEach(body::text);
        return body.i32(1)
                .text("REHEARSAL")
                .text("1")
                .text("")
                .u64(60_000)
                .flag(!terminal)
                .text("input\n")
                .flag(terminal)
                .i32(80)
                .i32(24);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void ask(Op op, Body body) throws IOException {
        send(op, UUID.randomUUID(), body);
        awaitAnswers();
    }

    private void send(Op op, UUID id, Body body) throws IOException {
        var request = new Body(256).id(id).u8(op.ordinal()).raw(body.toBytes());
        writer.write(new Frame(Frame.Type.REQUEST, 0, request));
        writer.flush();
        asked++;
    }

    /** To everything that was asked on this connection. */
    private void awaitAnswers() throws IOException {
        while (answered < asked) {
            next();
        }
    }

    /** @param count on this connection, since its beginning: frames come in any order */
    private void await(Frame.Type type, int count) throws IOException {
        while (seen.getOrDefault(type, 0) < count) {
            next();
        }
    }

    private Frame next() throws IOException {
        var frame = reader.read().orElseThrow(() -> new IOException("the runner hung up"));
        seen.merge(frame.type(), 1, Integer::sum);
        boolean ends = frame.type() == Frame.Type.ANSWER && frame.id() == 0 || frame.type() == Frame.Type.REFUSAL;
        answered += ends ? 1 : 0;
        return frame;
    }

    private void untilHungUp() throws IOException {
        try {
            while (reader.read().isPresent()) {
                // its last words
            }
        } catch (IOException reset) {
            // as good as hung up
        }
    }
}
