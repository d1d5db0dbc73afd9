package dev.cleanroom.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalGit.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed in the middle of pushes: the ref is old or new, the repository whole, and the next push works. */
class PushIT {
    private static final int BYTES = 12 << 20; // a dozen chunks
    private static final int[] KILLED_AFTER = {2 << 20, 6 << 20, 11 << 20}; // bytes of the push

    @TempDir
    Path temporary;

    /** Hands on what a client sends, and says when it was so many bytes. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final int port;
        private final AtomicLong left;
        private final CountDownLatch reached = new CountDownLatch(1);

        Relay(int port, long bytes) throws IOException {
            this.port = port;
            this.left = new AtomicLong(bytes);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    var client = door.accept();
                    var server = new Socket(InetAddress.getLoopbackAddress(), port);
                    Thread.ofVirtual().start(() -> pipe(client, server, true));
                    Thread.ofVirtual().start(() -> pipe(server, client, false));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void pipe(Socket from, Socket to, boolean isCounted) {
            try (from;
                    to) {
                copy(from.getInputStream(), to.getOutputStream(), isCounted);
            } catch (IOException broken) {
                // as both sides will see
            }
        }

        private void copy(InputStream in, OutputStream out, boolean isCounted) throws IOException {
            var buffer = new byte[16 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                if (isCounted && left.addAndGet(-read) <= 0) {
                    reached.countDown();
                }
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }

    @Test
    void aServerKilledInTheMiddleOfAPushHasTheOldOrTheNew() throws Exception {
        var server = Shared.server();
        String project = server.project("pushed-" + UUID.randomUUID(), Map.of("README.md", "# Pushed\n"));
        String path = "/git/" + project + ".git";
        String url = server.url().toString().replace("://", "://x:" + server.token() + "@") + path;
        var work = LocalGit.in(Files.createDirectories(temporary.resolve("work")));
        work.run("clone", "-q", url, ".");

        for (int bytes : KILLED_AFTER) {
            String old = work.run("rev-parse", "HEAD");
            var content = new byte[BYTES];
            new Random(bytes).nextBytes(content);
            String commit = work.write("big.bin", content).commit("after " + bytes);
            boolean acknowledged = pushAndKill(server, work, path, bytes);

            server.start();

            String now = work.run("ls-remote", url, "refs/heads/main").split("\t")[0];
            assertThat(now).isIn(acknowledged ? List.of(commit) : List.of(old, commit));
            assertThat(server.post("/api/v1/projects/" + project + "/repository/check", "")
                            .path("problems"))
                    .isEmpty();
            work.run("push", "-q", "origin", "main");
            var copy = LocalGit.in(Files.createDirectories(temporary.resolve("copy" + bytes)));
            copy.run("clone", "-q", url, ".");
            assertThat(copy.run("fsck", "--strict")).isEmpty();
            assertThat(copy.run("rev-parse", "HEAD")).isEqualTo(commit);
            assertThat(copy.path("big.bin")).hasBinaryContent(content);
        }
    }

    /** @return whether the client was told that its push is done */
    private static boolean pushAndKill(WholeServer server, LocalGit work, String path, int bytes) throws Exception {
        try (var relay = new Relay(server.url().getPort(), bytes)) {
            var push = CompletableFuture.supplyAsync(() -> push(server, work, relay, path));
            relay.reached.await();
            server.kill();
            return push.get().exitCode() == 0;
        }
    }

    private static Outcome push(WholeServer server, LocalGit work, Relay relay, String path) {
        try {
            return work.attempt(
                    InputStream.nullInputStream(),
                    "-c",
                    "http.postBuffer=65536",
                    "-c",
                    "http.extraHeader=Host: localhost:" + server.url().getPort(),
                    "push",
                    "http://x:" + server.token() + "@localhost:" + relay.door.getLocalPort() + path,
                    "main");
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
