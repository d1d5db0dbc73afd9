package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What connects to the runner's port inside becomes a stream to the server. */
@Timeout(60)
class RunnerStreamsTest {
    private final AtomicInteger open = new AtomicInteger();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private LocalSandbox local;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        local = LocalSandbox.start(
                (session, kind, target, stream) -> {
                    assertThat(kind).isEqualTo(StreamOpened.EGRESS);
                    targets.add(target);
                    open.incrementAndGet();
                    try {
                        stream.input().transferTo(stream.output());
                        stream.output().close();
                        stream.input().read(); // until the runner has let go of it
                    } finally {
                        open.decrementAndGet();
                    }
                },
                UnaryOperator.identity(),
                port);
        local.sandbox().ping(); // the runner takes connections once it serves this link
    }

    @AfterEach
    void stop() throws Exception {
        local.close();
    }

    private Socket dial() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000); // no interrupt would end its read
        return socket;
    }

    private byte[] echo(byte[] bytes) throws Exception {
        try (var socket = dial();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit((Callable<Void>) () -> {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                return null;
            });
            return socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void carriesBytesBothWaysUntilBothSidesHaveEnded() throws Exception {
        var bytes = new byte[5_000_000];
        new Random(6).nextBytes(bytes);

        assertThat(echo(bytes)).isEqualTo(bytes);

        Eventually.isTrue(() -> open.get() == 0);
    }

    @Test
    void carriesManyAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var echoes = new ArrayList<java.util.concurrent.Future<byte[]>>();
            for (int i = 0; i < 100; i++) {
                var bytes = new byte[10_000 + i];
                echoes.add(threads.submit(() -> echo(bytes)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(echoes.get(i).get()).hasSize(10_000 + i);
            }
        }
    }

    @Test
    void saysWhichCommandAConnectionCameFrom() throws Exception {
        var id = UUID.randomUUID();
        var script = "exec 3<>/dev/tcp/127.0.0.1/" + port + "; echo hello >&3; read -r line <&3; echo \"$line\"";
        // a process of its own session, that its shell does not wait for: still the command's
        var exec =
                local.sandbox().exec(ExecRequest.of(id, Duration.ofSeconds(30), "setsid", "-w", "bash", "-c", script));

        assertThat(exec.await().code()).isZero();
        assertThat(targets).containsExactly("call " + id);

        echo(new byte[] {1}); // of a process that is none of the runner's
        assertThat(targets).containsExactly("call " + id, "");
    }

    /** The runner has 32 MiB: it would be dead after some hundred that are kept. */
    @Test
    void keepsNothingOfTheStreamsThatHaveEnded() throws Exception {
        var bytes = new byte[300_000];
        for (int i = 0; i < 400; i++) {
            assertThat(echo(bytes)).hasSize(bytes.length);
        }

        assertThat(local.connections()).isEqualTo(1);
    }

    @Test
    void opensNoMoreThanItsShare() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 300; i++) {
                sockets.add(dial());
            }
            Eventually.isTrue(() -> open.get() == 256);
            assertThat(local.sandbox().isAttached()).isTrue();
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        Eventually.isTrue(this::echoes); // the runner lets go of them one by one
    }

    private boolean echoes() throws Exception {
        try {
            return Arrays.equals(echo(new byte[] {1, 2, 3}), new byte[] {1, 2, 3});
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void endsConnectionsThatTheServerWasLostFor() throws Exception {
        try (var socket = dial()) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);

            local.cut();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            Eventually.isTrue(() -> open.get() == 0);
        }
    }
}
