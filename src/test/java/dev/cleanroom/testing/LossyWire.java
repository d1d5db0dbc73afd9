package dev.cleanroom.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A TCP relay to a server on this machine that loses an answer when told to. */
public final class LossyWire implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean loses = new AtomicBoolean();
    private final int target;

    public LossyWire(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The next bytes that the server sends do not arrive, and their connection ends with them. */
    public void loseNextAnswer() {
        loses.set(true);
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> relay(client, server, false));
                Thread.ofVirtual().start(() -> relay(server, client, true));
            }
        } catch (IOException closed) {
            // nobody is to be relayed any more
        }
    }

    private void relay(Socket from, Socket to, boolean isAnswer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            var buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isAnswer && loses.compareAndSet(true, false)) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException over) {
            // one of the two hung up
        } finally {
            sockets.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
