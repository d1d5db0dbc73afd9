package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.sandbox.Sandbox.Port;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listens in the sandbox is noticed and can be reached. This sandbox has no walls: it sees the machine's ports. */
@Timeout(60)
class RunnerPortsTest {
    private final List<List<Port>> told = new CopyOnWriteArrayList<>();
    private LocalSandbox local;
    private int egress;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0)) {
            egress = free.getLocalPort();
        }
        local = LocalSandbox.start((session, kind, target, stream) -> {}, UnaryOperator.identity(), egress);
        local.sandbox().onPorts(told::add);
    }

    @AfterEach
    void stop() throws Exception {
        local.close();
    }

    private boolean isListed(int port) {
        return !told.isEmpty() && told.getLast().stream().anyMatch(one -> one.number() == port);
    }

    @Test
    void tellsOfAPortWhileItIsListenedOnAndByWhat() throws Exception {
        int port;
        try (var server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            port = server.getLocalPort();
            Eventually.isTrue(() -> isListed(port));
            assertThat(local.sandbox().ports()).contains(new Port(port, "java"));
            assertThat(told.getLast()).extracting(Port::number).isSorted().doesNotContain(egress);
        }

        Eventually.isTrue(() -> !isListed(port));
    }

    @Test
    void tellsTheNextConnectionToo() throws Exception {
        try (var server = new ServerSocket(0)) {
            Eventually.isTrue(() -> isListed(server.getLocalPort()));
            local.cut();
            Eventually.isTrue(() -> local.connections() == 2);
            try (var later = new ServerSocket(0)) {
                Eventually.isTrue(() -> isListed(later.getLocalPort()) && isListed(server.getLocalPort()));
            }
        }
    }

    @Test
    void connectsToWhatListensOnEitherLoopback() throws Exception {
        for (var loopback : List.of("127.0.0.1", "::1")) {
            try (var server = new ServerSocket(0, 5, InetAddress.getByName(loopback))) {
                Eventually.isTrue(() -> isListed(server.getLocalPort()));
                try (var stream = local.sandbox().connect(server.getLocalPort());
                        var inside = server.accept()) {
                    stream.output().write(7);
                    assertThat(inside.getInputStream().read()).isEqualTo(7);
                    inside.getOutputStream().write(8);
                    assertThat(stream.input().read()).isEqualTo(8);
                }
            }
        }
        assertThatThrownBy(() -> local.sandbox().connect(egress == 1 ? 2 : 1)).isInstanceOf(FileProblem.class);
    }
}
