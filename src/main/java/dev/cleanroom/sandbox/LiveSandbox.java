package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jboss.logging.Logger;

/**
 * The server's hold on one started sandbox: the socket that its runner dials, the key that the runner proves, and the
 * connection. Ends with {@link #close}; the sandbox itself goes on.
 */
final class LiveSandbox implements AutoCloseable, RunnerSandbox.Events {
    private static final Logger LOG = Logger.getLogger(LiveSandbox.class);
    private static final int KEY_BYTES = 32; // of HMAC-SHA-256
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Engine engine;
    private final SandboxStore.Row row;
    private final byte[] key;
    private final Consumer<LiveSandbox> lost;
    private final RunnerSandbox runner;
    private final RunnerListener listener;
    private boolean contacted;
    private volatile String refusal = "";
    private volatile boolean closed;

    /**
     * @param fresh makes a new key, for a runner that is about to start; else the kept one is used
     * @param lost told when the connection is lost; must not wait
     */
    LiveSandbox(Engine engine, SandboxStore.Row row, boolean fresh, StreamOpened streams, Consumer<LiveSandbox> lost)
            throws IOException {
        this.engine = engine;
        this.row = row;
        this.lost = lost;
        var folder = engine.folder(row.box().session());
        folder.make();
        this.key = fresh ? newKey(folder.key()) : Files.readAllBytes(folder.key());
        this.contacted = row.runnerEpoch().isPresent();
        this.runner = new RunnerSandbox(row.box().session(), streams, this);
        this.listener = new RunnerListener(folder.socket(), this::contact);
    }

    Engine engine() {
        return engine;
    }

    SandboxStore.Row row() {
        return row;
    }

    RunnerSandbox runner() {
        return runner;
    }

    boolean isAttached() {
        return runner.isAttached();
    }

    /** Why the last one that dialled was turned away; empty if nobody was. */
    String refusal() {
        return refusal;
    }

    /**
     * Waits for the runner while its processes live.
     *
     * @return whether it is connected
     */
    synchronized boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isAttached()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0 || !engine.isAlive(row.box().session()) && !isAttached()) {
                return isAttached();
            }
            wait(Math.min(left, 100)); // ms between two looks at the processes
        }
        return true;
    }

    private void contact(SocketChannel channel) {
        try {
            var peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
            if (!engine.isPeer(row.box(), peer.user())) {
                throw new SandboxException("The user " + peer.user() + " dialled a sandbox's socket");
            }
            boolean first;
            synchronized (this) {
                first = !contacted;
            }
            runner.attach(channel, key, first, row.leaseEpoch());
        } catch (IOException | UnsupportedOperationException | SandboxException turnedAway) {
            refusal = turnedAway.getMessage();
            hangUp(channel);
            LOG.warnf("Sandbox %s: %s", row.box().session(), turnedAway.getMessage());
        }
    }

    private static void hangUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // already
        }
    }

    @Override
    public synchronized void attached(RunnerSandbox attached, boolean sameEpoch) {
        contacted = true;
        notifyAll();
    }

    @Override
    public void lost(RunnerSandbox sandbox, String reason) {
        if (!closed) {
            LOG.infof("Sandbox %s: connection lost: %s", row.box().session(), reason);
        }
        lost.accept(this);
    }

    /** What waits for the sandbox fails with the reason. */
    void close(String reason) {
        closed = true;
        listener.close();
        runner.close(reason);
    }

    @Override
    public void close() {
        close("The server is stopping");
    }

    private static byte[] newKey(Path file) throws IOException {
        var key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, key);
        return key;
    }
}
