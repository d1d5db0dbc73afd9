package dev.cleanroom.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Listeners on the host's own loopback, which nothing in a sandbox may reach. */
final class Canaries implements AutoCloseable {
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    Canaries() throws IOException {
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            var listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            listener.configureBlocking(false);
            listeners.add(listener);
            int port = listener.socket().getLocalPort();
            arguments.add("canary:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        }
    }

    /** For {@code wall.py}. */
    List<String> arguments() {
        return arguments;
    }

    boolean heardNothing() throws IOException {
        for (var listener : listeners) {
            if (listener.accept() != null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (var listener : listeners) {
            listener.close();
        }
    }
}
