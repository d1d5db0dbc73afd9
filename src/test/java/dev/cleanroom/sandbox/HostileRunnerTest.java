package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.FrameReader;
import dev.cleanroom.runner.wire.FrameWriter;
import dev.cleanroom.runner.wire.Proof;
import dev.cleanroom.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runner that says what it may not: only its own connection ends, with a reason. */
@Timeout(60)
class HostileRunnerTest {
    private static final byte[] KEY = new byte[Proof.KEY_BYTES];
    private final UUID epoch = UUID.randomUUID();
    private final AtomicReference<String> lost = new AtomicReference<>();
    private final RunnerSandbox sandbox = new RunnerSandbox(
            UUID.randomUUID(),
            (session, kind, target, stream) -> stream.input().readAllBytes(),
            new RunnerSandbox.Events() {
                @Override
                public void attached(RunnerSandbox attached, boolean sameEpoch) {}

                @Override
                public void lost(RunnerSandbox which, String reason) {
                    lost.set(reason);
                }
            });
    private SocketChannel runner;
    private FrameReader reader;
    private FrameWriter writer;
    private UUID asked;
    private int streams;

    @BeforeEach
    void connect() throws Exception {
        connect(true);
    }

    private void connect(boolean firstContact) throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            runner = SocketChannel.open(server.getLocalAddress());
            var accepted = server.accept();
            reader = new FrameReader(runner);
            writer = new FrameWriter(runner);
            var greeting = Thread.ofVirtual().start(() -> greet(!firstContact));
            sandbox.attach(accepted, KEY, firstContact, 1);
            greeting.join();
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        sandbox.close("the test is over");
        runner.close();
    }

    private void greet(boolean hasKey) {
        try {
            var nonce = new byte[Proof.NONCE_BYTES];
            send(
                    Frame.Type.DIAL,
                    0,
                    new Body().u16(1).u16(1).id(epoch).bytes(nonce).flag(hasKey));
            var hello = reader.read().orElseThrow().fields();
            hello.u16();
            long lease = hello.u64();
            var proof = Proof.of(Proof.Side.RUNNER, KEY, nonce, hello.bytes(), epoch, lease);
            send(Frame.Type.WELCOME, 0, new Body().u16(1).bytes(proof).text("fake"));
        } catch (IOException lostAlready) {
            // the test sees it
        }
    }

    private void send(Frame.Type type, int id, Body body) throws IOException {
        writer.write(new Frame(type, id, body));
        writer.flush();
    }

    private void sendRaw(byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            runner.write(buffer);
        }
    }

    private void assertLost(String reason) throws Exception {
        Eventually.isTrue(() -> lost.get() != null);
        assertThat(lost.get()).contains(reason);
        assertThat(sandbox.isAttached()).isFalse();
    }

    /** A command that the fake has confirmed. */
    private Sandbox.Exec exec() throws Exception {
        var started = CompletableFuture.supplyAsync(() -> {
            try {
                return sandbox.exec(Sandbox.ExecRequest.of(UUID.randomUUID(), Duration.ofSeconds(9), "true"));
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        });
        takeRequest();
        send(Frame.Type.ANSWER, 0, new Body().id(asked).flag(false).u64(0));
        return started.get();
    }

    private static Thread aside(Callable<?> call) {
        return Thread.ofVirtual().start(() -> {
            try {
                call.call();
            } catch (Exception ended) {
                // with the sandbox
            }
        });
    }

    private void takeRequest() throws IOException {
        var fields = reader.read().orElseThrow().fields();
        asked = fields.id();
        fields.u8();
        streams = fields.i32();
    }

    @Test
    void aFrameOfFourGigabytes() throws Exception {
        sendRaw(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0, 0});

        assertLost("a frame of 4294967295 bytes");
    }

    @Test
    void aFrameOfNothing() throws Exception {
        sendRaw(new byte[] {0, 0, 0, 0});

        assertLost("a frame of 0 bytes");
    }

    @Test
    void anUnknownType() throws Exception {
        sendRaw(new byte[] {0, 0, 0, 5, 99, 0, 0, 0, 0});

        assertLost("unknown frame type 99");
    }

    @Test
    void whatOnlyAServerMaySay() throws Exception {
        send(Frame.Type.REQUEST, 0, new Body());

        assertLost("a server does not take REQUEST");
    }

    @Test
    void anAnswerThatNobodyAskedFor() throws Exception {
        send(Frame.Type.ANSWER, 0, new Body().id(UUID.randomUUID()));

        assertLost("an answer that nobody asked for");
    }

    @Test
    void anAnswerThatDoesNotEnd() throws Exception {
        aside(() -> sandbox.read("file", 0, 1000));
        takeRequest();
        for (int i = 0; i < 2; i++) {
            send(Frame.Type.ANSWER, 1, new Body().id(asked).raw(new byte[800]));
        }

        assertLost("an answer that does not end");
    }

    @Test
    void dataOnAStreamThatWasNeverOpened() throws Exception {
        send(Frame.Type.DATA, 4000, new Body().u64(0).raw(new byte[10]));

        assertLost("never opened");
    }

    @Test
    void dataWithoutCredit() throws Exception {
        exec();
        for (int i = 0; i <= 16; i++) {
            send(Frame.Type.DATA, streams + 1, new Body().u64(i * 65_536L).raw(new byte[65_536]));
        }

        assertLost("more bytes than the window");
    }

    @Test
    void aGapInTheOffsets() throws Exception {
        exec();
        send(Frame.Type.DATA, streams + 1, new Body().u64(5).raw(new byte[10]));

        assertLost("a gap in a stream");
    }

    @Test
    void overlapIsDropped() throws Exception {
        var exec = exec();
        send(Frame.Type.DATA, streams + 1, new Body().u64(0).raw(new byte[] {'a', 'b'}));
        send(Frame.Type.DATA, streams + 1, new Body().u64(0).raw(new byte[] {'x', 'x', 'c'}));
        send(Frame.Type.END, streams + 1, new Body().u64(3));
        send(Frame.Type.END, streams + 2, new Body().u64(0));
        send(Frame.Type.EXIT, 0, new Body().id(exec.id()).i32(0).flag(false).u64(1));

        assertThat(dev.cleanroom.testing.Collected.of(exec).text()).isEqualTo("abc");
    }

    @Test
    void bytesAfterTheEnd() throws Exception {
        exec();
        send(Frame.Type.END, streams + 1, new Body().u64(0));
        send(Frame.Type.DATA, streams + 1, new Body().u64(0).raw(new byte[10]));

        assertLost("bytes after the end");
    }

    @Test
    void anExitCodeThatCannotBe() throws Exception {
        var exec = exec();
        send(Frame.Type.EXIT, 0, new Body().id(exec.id()).i32(-5).flag(false).u64(1));

        assertLost("is above 255");
    }

    @Test
    void theEndOfACommandThatWasNeverStarted() throws Exception {
        send(
                Frame.Type.EXIT,
                0,
                new Body().id(UUID.randomUUID()).i32(0).flag(false).u64(1));

        assertLost("never started");
    }

    @Test
    void acknowledgesMoreThanWasSent() throws Exception {
        exec();
        send(Frame.Type.ACK, streams, new Body().u64(1000));

        assertLost("acknowledged more than was sent");
    }

    @Test
    void aMillionStreams() throws Exception {
        assertThatThrownBy(() -> {
                    for (int i = 1; i <= 1_000_000; i++) {
                        send(
                                Frame.Type.OPEN,
                                Frame.OPENED_BY_RUNNER | i,
                                new Body().text("egress").text(""));
                    }
                })
                .isInstanceOf(IOException.class);

        assertLost("too many open streams");
    }

    @Test
    void aStreamThatIsOpenedTwice() throws Exception {
        send(
                Frame.Type.OPEN,
                Frame.OPENED_BY_RUNNER | 5,
                new Body().text("egress").text(""));
        send(
                Frame.Type.OPEN,
                Frame.OPENED_BY_RUNNER | 5,
                new Body().text("egress").text(""));

        assertLost("opened twice");
    }

    @Test
    void aStreamOfTheServersOwn() throws Exception {
        send(Frame.Type.OPEN, 4, new Body().text("egress").text(""));

        assertLost("opened twice");
    }

    @Test
    void aStormOfChangesBecomesAResyncForASlowListener() throws Exception {
        var goOn = new java.util.concurrent.CountDownLatch(1);
        var resynced = new java.util.concurrent.CountDownLatch(1);
        var watching = aside(() -> sandbox.watch(batch -> {
            try {
                goOn.await();
            } catch (InterruptedException stopped) {
                return;
            }
            if (batch.resync()) {
                resynced.countDown();
            }
        }));
        takeWatch();
        watching.join();

        for (int i = 0; i < 1000; i++) {
            send(
                    Frame.Type.CHANGES,
                    0,
                    new Body().id(asked).flag(false).i32(1).u8(0).text("\uD800 not UTF-8"));
        }
        goOn.countDown();

        resynced.await();
        assertThat(lost.get()).isNull();
    }

    private void takeWatch() throws IOException {
        asked = reader.read().orElseThrow().fields().id();
        send(Frame.Type.ANSWER, 0, new Body().id(asked));
    }

    @Test
    void countsThatLie() throws Exception {
        aside(() -> sandbox.watch(batch -> {}));
        takeWatch();
        send(Frame.Type.CHANGES, 0, new Body().id(asked).flag(false).i32(200_000));

        assertLost("too short");
    }

    @Test
    void nonsenseInAnAnswerFailsOnlyTheCall() throws Exception {
        var read = CompletableFuture.supplyAsync(() -> {
            try {
                return sandbox.read("file", 0, 10);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        });
        asked = reader.read().orElseThrow().fields().id();
        send(Frame.Type.ANSWER, 0, new Body().id(asked).i32(Integer.MAX_VALUE).u8(200));

        assertThatThrownBy(read::get).hasRootCauseMessage("a frame is too short");
        assertThat(lost.get()).isNull();
    }

    @Test
    void aSecondConnectionWithoutTheKey() throws Exception {
        assertThatThrownBy(() -> connectWithout(epoch, new byte[Proof.NONCE_BYTES]))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("does not hold the key");
        assertThat(sandbox.isAttached()).isTrue();
    }

    private void connectWithout(UUID claimed, byte[] nonce) throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var impostor = SocketChannel.open(server.getLocalAddress());
            var out = new FrameWriter(impostor);
            out.write(new Frame(
                    Frame.Type.DIAL,
                    0,
                    new Body().u16(1).u16(1).id(claimed).bytes(nonce).flag(false)));
            out.flush();
            sandbox.attach(server.accept(), KEY, false, 1);
        }
    }

    @Test
    void anImpostorWhoseProofIsWrong() throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var impostor = SocketChannel.open(server.getLocalAddress());
            var out = new FrameWriter(impostor);
            var nonce = new byte[Proof.NONCE_BYTES];
            out.write(new Frame(
                    Frame.Type.DIAL,
                    0,
                    new Body().u16(1).u16(1).id(epoch).bytes(nonce).flag(true)));
            out.write(new Frame(
                    Frame.Type.WELCOME, 0, new Body().u16(1).bytes(new byte[32]).text("")));
            out.flush();

            assertThatThrownBy(() -> sandbox.attach(server.accept(), KEY, false, 1))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("proof is wrong");
        }
        assertThat(sandbox.isAttached()).isTrue();
    }

    @Test
    void anotherEpochFailsWhatWasUnderWay() throws Exception {
        var exec = exec();
        runner.close();
        Eventually.isTrue(() -> lost.get() != null);
        var next = new HostileRunnerTest();
        assertThat(next.epoch).isNotEqualTo(epoch);

        reconnectAs(UUID.randomUUID());

        assertThatThrownBy(exec::await).isInstanceOf(SandboxException.class).hasMessageContaining("restarted");
    }

    private void reconnectAs(UUID other) throws Exception {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            runner = SocketChannel.open(server.getLocalAddress());
            var accepted = server.accept();
            var in = new FrameReader(runner);
            var out = new FrameWriter(runner);
            aside(() -> {
                var nonce = new byte[Proof.NONCE_BYTES];
                out.write(new Frame(
                        Frame.Type.DIAL,
                        0,
                        new Body().u16(1).u16(1).id(other).bytes(nonce).flag(true)));
                out.flush();
                var hello = in.read().orElseThrow().fields();
                hello.u16();
                long lease = hello.u64();
                var proof = Proof.of(Proof.Side.RUNNER, KEY, nonce, hello.bytes(), other, lease);
                out.write(new Frame(
                        Frame.Type.WELCOME, 0, new Body().u16(1).bytes(proof).text("")));
                out.flush();
                return null;
            });
            sandbox.attach(accepted, KEY, false, 1);
        }
    }

    /** Whatever comes, nothing but this connection ends, and no thread dies of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anyBytesInAnyFrames(int seed) throws Exception {
        var random = new Random(seed);
        exec();
        try {
            for (int i = 0; i < 200 && lost.get() == null; i++) {
                var type = Frame.Type.values()[random.nextInt(Frame.Type.values().length)];
                int id = random.nextInt(4) == 0 ? random.nextInt() : streams + random.nextInt(4);
                var bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                if (random.nextBoolean() && bytes.length >= 8) {
                    java.util.Arrays.fill(bytes, 0, 8, (byte) 0); // plausible offsets
                }
                send(type, id, new Body().raw(bytes));
            }
        } catch (IOException ended) {
            // as it should
        }
        Eventually.isTrue(() -> lost.get() != null);

        assertThat(lost.get()).containsAnyOf("broke the protocol", "is lost", "hung up");
    }
}
