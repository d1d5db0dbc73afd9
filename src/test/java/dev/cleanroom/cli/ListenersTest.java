package dev.cleanroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ListenersTest {
    @Test
    void namesTheUserWhoListens() throws Exception {
        int me = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();

            assertThat(Listeners.of(port)).containsExactly(me);
        }
        assertThat(Listeners.of(port)).isEmpty();
    }
}
