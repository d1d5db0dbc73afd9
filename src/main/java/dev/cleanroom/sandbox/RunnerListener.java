package dev.cleanroom.sandbox;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** The socket that one sandbox's runner dials. Only that sandbox sees its folder, and may not change it. */
final class RunnerListener implements AutoCloseable {
    private static final int MAX_PATH = 107; // bytes: sun_path of unix(7), without its NUL
    private static final int BACKLOG = 8; // what else in the sandbox dials is turned away at once

    private final ServerSocketChannel server;
    /** Any process in the sandbox can dial, and each contact has buffers until it is known; the runner dials again. */
    private static final int AT_ONCE = 4;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Semaphore contacts = new Semaphore(AT_ONCE);
    private final Path socket;

    /** @param accepted gets each connection on a virtual thread of its own, and closes it */
    RunnerListener(Path socket, Consumer<SocketChannel> accepted) throws IOException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH) {
            throw new SandboxException("The path of a sandbox's socket has " + length + " bytes, " + MAX_PATH
                    + " are possible: set CLEANROOM_HOME to a folder with a shorter name than " + socket);
        }
        this.socket = socket;
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        Thread.ofVirtual().name("runner-listener").start(() -> accept(accepted));
    }

    private void accept(Consumer<SocketChannel> accepted) {
        try {
            while (server.isOpen()) {
                try {
                    var channel = server.accept();
                    if (contacts.tryAcquire()) {
                        Thread.ofVirtual().name("runner-contact").start(() -> contact(channel, accepted));
                    } else {
                        channel.close();
                    }
                } catch (IOException refused) { // closed, or no descriptor is free just now
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody knows this thread
        }
    }

    private void contact(SocketChannel channel, Consumer<SocketChannel> accepted) {
        try {
            accepted.accept(channel);
        } catch (Throwable failed) {
            try {
                channel.close();
            } catch (IOException gone) {
                // already
            }
            throw failed;
        } finally {
            contacts.release();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException gone) {
            // its folder is
        }
    }
}
