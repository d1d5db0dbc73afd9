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
import java.util.function.Consumer;

/** The socket that one sandbox's runner dials. Only that sandbox sees its folder, and may not change it. */
final class RunnerListener implements AutoCloseable {
    private static final int MAX_PATH = 107; // bytes: sun_path of unix(7), without its NUL
    private static final int BACKLOG = 8; // what else in the sandbox dials is turned away at once

    private final ServerSocketChannel server;
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
            while (true) {
                var channel = server.accept();
                Thread.ofVirtual().name("runner-contact").start(() -> accepted.accept(channel));
            }
        } catch (IOException closed) {
            // nobody listens any more
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
