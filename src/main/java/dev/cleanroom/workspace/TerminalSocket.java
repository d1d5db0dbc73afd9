package dev.cleanroom.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.sandbox.Sandbox.Size;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Heartbeats;
import io.quarkus.arc.ClientProxy;
import io.quarkus.security.Authenticated;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.PathParam;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Carries a terminal's bytes. Holds no state: {@link Terminals} does. The calls of one connection come one after the other:
 * a message waits until the terminal is there, and so does the connection's end.
 */
@WebSocket(path = "/ws/sessions/{session}/terminals/{name}")
@Authenticated
@RunOnVirtualThread
class TerminalSocket {
    private static final Logger LOG = Logger.getLogger(TerminalSocket.class);
    private static final int MAX_COLUMNS = 1_000; // a shell that is told of more serves no screen
    private static final int MAX_ROWS = 500;
    private static final Size USUAL = new Size(80, 24);
    private static final CloseReason ACCESS_ENDED = new CloseReason(4403, "session.access-ended");

    private final CurrentCaller callers;
    private final Terminals terminals;
    private final Heartbeats heartbeats;
    private final ObjectMapper json;
    private final WebSocketConnection connection;

    TerminalSocket(
            CurrentCaller callers,
            Terminals terminals,
            Heartbeats heartbeats,
            ObjectMapper json,
            WebSocketConnection connection) {
        this.callers = callers;
        this.terminals = terminals;
        this.heartbeats = heartbeats;
        this.json = json;
        this.connection = connection;
    }

    @OnOpen
    void open(@PathParam("session") String session, @PathParam("name") String name) throws InterruptedException {
        var socket = ClientProxy.unwrap(connection);
        try {
            terminals.join(
                    new Terminals.Connection(
                            socket.id(), UUID.fromString(session), name, callers.caller(), screen(socket)),
                    size(socket.handshakeRequest().query()));
        } catch (ProblemException refused) {
            refuse(socket, 4000 + refused.kind().status(), refused.code());
        } catch (IllegalArgumentException noId) {
            refuse(socket, 4404, "session.not-found");
        } catch (SandboxException unreachable) {
            LOG.infof("No terminal: %s", unreachable.getMessage());
            refuse(socket, 4503, "sandbox.unavailable");
        } catch (RuntimeException failed) { // as around a message: an open socket without a terminal would do nothing
            LOG.errorf(failed, "A terminal of session %s did not open", session);
            refuse(socket, 4500, "server.error");
        }
    }

    @OnPongMessage
    void pong(Buffer nothing) {
        heartbeats.heard(connection);
    }

    @OnBinaryMessage
    void type(Buffer keys) throws InterruptedException {
        heartbeats.heard(connection);
        var terminal = terminals.of(connection.id());
        if (terminal.isPresent()) {
            terminal.get().type(connection.id(), keys.getBytes());
        }
    }

    @OnTextMessage
    void receive(String text) throws InterruptedException {
        heartbeats.heard(connection);
        var terminal = terminals.of(connection.id());
        if (terminal.isEmpty()) {
            return;
        }
        try {
            var message = json.readValue(text, TerminalMessage.FromBrowser.class);
            switch (message.type()) {
                case "take" -> terminal.get().take(connection.id());
                case "here" -> terminal.get().greet(connection.id());
                case "ack" ->
                    terminal.get().acknowledge(connection.id(), message.bytes() == null ? 0 : message.bytes());
                case null ->
                    terminal.get().resize(connection.id(), size(orZero(message.cols()), orZero(message.rows())));
                default -> LOG.debugf("a terminal does not know %s", message.type());
            }
        } catch (JsonProcessingException unknown) {
            LOG.debugf("a terminal cannot read a message: %s", unknown.getOriginalMessage());
        }
    }

    @OnClose
    void close() {
        terminals.leave(connection.id());
    }

    @OnError
    void failed(Throwable error) {
        LOG.debugf(error, "A terminal's socket failed");
    }

    private Terminal.Screen screen(WebSocketConnection socket) {
        return new Terminal.Screen() {
            @Override
            public void bytes(byte[] bytes) throws IOException {
                send(() -> socket.sendBinaryAndAwait(bytes));
            }

            @Override
            public void say(TerminalMessage.FromServer message) throws IOException {
                var text = json.writerFor(TerminalMessage.FromServer.class).writeValueAsString(message);
                send(() -> socket.sendTextAndAwait(text));
            }

            @Override
            public void end() {
                close(CloseReason.NORMAL);
            }

            @Override
            public void accessEnded() {
                close(ACCESS_ENDED);
            }

            private void close(CloseReason reason) {
                if (socket.isOpen()) {
                    socket.close(reason).subscribe().with(closed -> {}, gone -> {});
                }
            }
        };
    }

    private static void send(Runnable sending) throws IOException {
        try {
            sending.run();
        } catch (RuntimeException gone) {
            throw new IOException(gone);
        }
    }

    private static void refuse(WebSocketConnection socket, int status, String reason) {
        socket.closeAndAwait(new CloseReason(status, reason));
    }

    private static Size size(String query) {
        return query == null ? USUAL : size(number(query, "cols"), number(query, "rows"));
    }

    private static Size size(int columns, int rows) {
        return new Size(
                columns < 1 ? USUAL.columns() : Math.min(columns, MAX_COLUMNS),
                rows < 1 ? USUAL.rows() : Math.min(rows, MAX_ROWS));
    }

    private static int number(String query, String name) {
        var match = Pattern.compile("(?:^|&)" + name + "=(\\d{1,5})(?:&|$)").matcher(query);
        return match.find() ? Integer.parseInt(match.group(1)) : 0;
    }

    private static int orZero(Integer number) {
        return number == null ? 0 : number;
    }
}
