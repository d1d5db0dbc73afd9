package dev.cleanroom.testing;

import dev.cleanroom.sandbox.RunnerSandbox;
import dev.cleanroom.sandbox.StreamOpened;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A sandbox without walls, for fast tests only: the real runner as a child process on a temporary directory. It dials a
 * socket here, like any runner; {@link #cut} loses the connection, after which it dials again.
 */
public final class LocalSandbox implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xss256k",
            "-XX:-UsePerfData",
            "-Xmx32m",
            "--enable-native-access=ALL-UNNAMED");
    /** Its standard input ends with the tests' JVM, also where that is killed. */
    private static final List<String> NO_LONGER_THAN_THE_TESTS = List.of(
            "sh", "-c", "exec 3<&0 </dev/null; ( ( cat <&3; kill -9 $$ ) >/dev/null 2>&1 & ); exec \"$@\" 3<&-", "sh");

    private static final StreamOpened NO_STREAMS = (session, kind, target, stream) -> {};

    private final Path directory;
    private final Path workspace;
    private final Path socketPath;
    private final Process runner;
    private final byte[] key = new byte[32];
    private final StreamOpened streams;
    private final UnaryOperator<ByteChannel> wire;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicInteger attached = new AtomicInteger();
    private volatile long leaseEpoch = 1;
    private volatile SocketChannel channel;
    private volatile Throwable failure;
    private ServerSocketChannel server;
    private volatile RunnerSandbox sandbox;

    private LocalSandbox(StreamOpened streams, UnaryOperator<ByteChannel> wire, int egressPort, List<String> java)
            throws IOException {
        this.streams = streams;
        this.wire = wire;
        new SecureRandom().nextBytes(key);
        directory = Files.createTempDirectory("local-sandbox");
        workspace = Files.createDirectory(directory.resolve("workspace")).toRealPath();
        socketPath = directory.resolve("server.sock");
        sandbox = newServerEnd();
        listen();
        runner = startRunner(egressPort, java);
        Runtime.getRuntime().addShutdownHook(new Thread(runner::destroyForcibly));
    }

    /** Started and connected. */
    public static LocalSandbox start() throws IOException, InterruptedException {
        return start(NO_STREAMS, UnaryOperator.identity(), 0);
    }

    /**
     * @param streams takes what the runner opens
     * @param wire wraps each connection, to watch or to spoil it
     * @param egressPort where the runner listens for proxied connections; 0: nowhere
     */
    public static LocalSandbox start(StreamOpened streams, UnaryOperator<ByteChannel> wire, int egressPort)
            throws IOException, InterruptedException {
        var local = new LocalSandbox(streams, wire, egressPort, fromClasses());
        local.awaitReady();
        return local;
    }

    /** As in a real sandbox: from what {@code docker/runner/build-runtime.sh} made. */
    public static LocalSandbox startFrom(Path runtime) throws IOException, InterruptedException {
        var java = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        java.addAll(FLAGS);
        java.add("-XX:AOTCache=" + runtime.resolve("lib/runner.aot"));
        java.addAll(List.of("-cp", runtime.resolve("lib/runner.jar").toString()));
        var local = new LocalSandbox(NO_STREAMS, UnaryOperator.identity(), 0, java);
        local.awaitReady();
        return local;
    }

    private static List<String> fromClasses() {
        var java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        java.addAll(FLAGS);
        java.addAll(List.of("-cp", classes()));
        return java;
    }

    private Process startRunner(int egressPort, List<String> java) throws IOException {
        var command = new ArrayList<>(NO_LONGER_THAN_THE_TESTS);
        command.addAll(java);
        command.addAll(List.of("dev.cleanroom.runner.RunnerMain", "dial", socketPath.toString()));
        command.addAll(List.of("--root", workspace.toString(), "--spool", directory.toString()));
        command.addAll(List.of("--egress-port", Integer.toString(egressPort)));
        var builder = new ProcessBuilder(command);
        builder.environment().put("LANG", "C.UTF-8");
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("runner.log").toFile());
        return builder.start();
    }

    private static String classes() {
        return Path.of("target", "classes").toAbsolutePath().toString();
    }

    private RunnerSandbox newServerEnd() {
        return new RunnerSandbox(UUID.randomUUID(), streams, new RunnerSandbox.Events() {
            @Override
            public void attached(RunnerSandbox attachedNow, boolean sameEpoch) {
                attached.incrementAndGet();
                ready.countDown();
            }

            @Override
            public void lost(RunnerSandbox lost, String reason) {}
        });
    }

    private void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socketPath));
        var listening = server;
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var accepted = listening.accept();
                    channel = accepted;
                    try {
                        sandbox.attach(wire.apply(accepted), key, attached.get() == 0, leaseEpoch);
                    } catch (RuntimeException refused) {
                        failure = refused;
                    }
                }
            } catch (IOException closed) {
                // the sandbox is closed
            }
        });
    }

    private void awaitReady() throws IOException, InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            close();
            throw new IllegalStateException("the runner did not connect: " + log(), failure);
        }
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("runner.log"));
    }

    public RunnerSandbox sandbox() {
        return sandbox;
    }

    /** Where the sandbox's files are on this machine. */
    public Path workspace() {
        return workspace;
    }

    public Process runner() {
        return runner;
    }

    public byte[] key() {
        return key.clone();
    }

    /** Connections so far. */
    public int connections() {
        return attached.get();
    }

    /** Why the last connection was refused, or null. */
    public Throwable failure() {
        return failure;
    }

    /** Loses the connection, as a server that dies does; the runner dials again. */
    public void cut() throws IOException {
        channel.close();
    }

    /** Nobody answers until {@link #comeBack}. */
    public void goAway() throws IOException {
        server.close();
        Files.deleteIfExists(socketPath);
        channel.close();
    }

    /** The same server answers again. */
    public void answerAgain() throws IOException {
        listen();
    }

    /** A new server process would know the key and nothing else; it has a higher lease. */
    public RunnerSandbox comeBack() throws IOException {
        leaseEpoch++;
        sandbox = newServerEnd();
        listen();
        return sandbox;
    }

    /** The next handshakes are of a server with another key. */
    public void forgetKey() {
        new SecureRandom().nextBytes(key);
    }

    /** What the next handshake says. */
    public void leaseEpoch(long epoch) {
        leaseEpoch = epoch;
    }

    @Override
    public void close() throws IOException {
        sandbox.close("the test is over");
        server.close();
        runner.descendants().forEach(ProcessHandle::destroyForcibly);
        runner.destroyForcibly();
        if (!log().isEmpty()) {
            System.err.println("the runner said: " + log());
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
