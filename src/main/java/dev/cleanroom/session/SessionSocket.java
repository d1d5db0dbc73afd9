package dev.cleanroom.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import io.quarkus.arc.ClientProxy;
import io.quarkus.security.Authenticated;
import io.quarkus.websockets.next.CloseReason;
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
import jakarta.enterprise.event.Event;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Carries a session's events out and its commands in. Holds no state but which viewer a connection is. The calls of one
 * connection come one after the other: a message waits until the connection is open, and so does its end.
 */
@WebSocket(path = "/ws/sessions/{session}")
@Authenticated
@RunOnVirtualThread
class SessionSocket {
    private static final Logger LOG = Logger.getLogger(SessionSocket.class);
    private static final CloseReason BEHIND = new CloseReason(4408, "too far behind; resume by sequence");
    private static final CloseReason ENDED = new CloseReason(4403, "access ended");

    private final CurrentCaller current;
    private final SessionAccess access;
    private final Commands commands;
    private final Viewers viewers;
    private final Heartbeats heartbeats;
    private final Event<PromptBegun> begun;
    private final WebSocketConnection connection;
    private final Map<String, Viewers.Viewer> open = new ConcurrentHashMap<>();

    SessionSocket(
            CurrentCaller current,
            SessionAccess access,
            Commands commands,
            Viewers viewers,
            Heartbeats heartbeats,
            Event<PromptBegun> begun,
            WebSocketConnection connection) {
        this.current = current;
        this.access = access;
        this.commands = commands;
        this.viewers = viewers;
        this.heartbeats = heartbeats;
        this.begun = begun;
        this.connection = connection;
    }

    @OnOpen
    void open(@PathParam("session") String id) throws InterruptedException {
        WebSocketConnection socket = ClientProxy.unwrap(connection);
        try {
            UUID session = UUID.fromString(id);
            Caller caller = current.caller();
            access.require(caller, session, SessionRole.WATCH);
            open.put(socket.id(), viewers.open(session, caller, socket.id(), after(socket), client(session, socket)));
        } catch (ProblemException refused) {
            socket.closeAndAwait(
                    new CloseReason(refused.kind() == ProblemException.Kind.NOT_FOUND ? 4404 : 4403, refused.code()));
        } catch (IllegalArgumentException notAnId) {
            socket.closeAndAwait(new CloseReason(4404, "session.not-found"));
        } catch (RuntimeException failed) { // as around a message: an open socket without a viewer would answer nothing
            LOG.errorf(failed, "A socket of session %s did not open", id);
            socket.closeAndAwait(new CloseReason(4500, "server.error"));
        }
    }

    @OnClose
    void close() {
        var viewer = open.remove(connection.id());
        if (viewer != null) {
            viewer.outbox.close();
        }
    }

    @OnPongMessage
    void pong(Buffer nothing) {
        heartbeats.heard(connection);
    }

    @OnTextMessage
    void receive(String text) {
        heartbeats.heard(connection);
        var viewer = open.get(connection.id());
        if (viewer == null) {
            return;
        }
        String id = null;
        try {
            var tree = SessionJson.MAPPER.readTree(text);
            id = tree.path("id").asText(null);
            Object result = carryOut(SessionJson.MAPPER.treeToValue(tree, ClientMessage.class), viewer);
            if (id != null) {
                viewer.outbox.send(new Outgoing.Done(id, result));
            }
        } catch (JsonProcessingException e) {
            viewer.outbox.send(new Outgoing.Refused(
                    id, new Problem("session.message", 400, "This message is not one that the server knows.")));
        } catch (ProblemException refused) {
            viewer.outbox.send(new Outgoing.Refused(id, refused.toProblem()));
        } catch (RuntimeException bug) { // the broad catch of a socket message: one bad command must not end the view
            LOG.errorf(bug, "A message of session %s failed", viewer.session);
            viewer.outbox.send(new Outgoing.Refused(
                    id, new Problem("server.error", 500, "This did not work; the server's log says why. Try again.")));
        }
    }

    private Object carryOut(ClientMessage message, Viewers.Viewer viewer) {
        UUID session = viewer.session;
        Caller caller = viewer.caller;
        return switch (message) {
            case ClientMessage.Here here -> {
                if (Boolean.TRUE.equals(here.typing()) && !viewer.typing && viewer.role.includes(SessionRole.DRIVE)) {
                    begun.fireAsync(new PromptBegun(session));
                }
                viewers.moved(viewer, here.file(), here.typing());
                yield null;
            }
            case ClientMessage.Submit prompt ->
                commands.submit(
                        caller,
                        session,
                        prompt.text(),
                        prompt.attachments(),
                        prompt.deliver(),
                        prompt.idempotencyKey());
            case ClientMessage.Change change -> {
                commands.change(
                        caller,
                        session,
                        change.promptId(),
                        change.text(),
                        change.position(),
                        Boolean.TRUE.equals(change.withdrawn()));
                yield null;
            }
            case ClientMessage.Interrupt _ -> {
                commands.interrupt(caller, session);
                yield null;
            }
            case ClientMessage.Answer answer -> {
                commands.answer(
                        caller,
                        session,
                        answer.callId(),
                        answer.decision(),
                        answer.remember(),
                        answer.comment(),
                        answer.input());
                yield null;
            }
        };
    }

    @OnError
    void failed(Throwable error) {
        LOG.debugf(error, "A session socket failed");
    }

    private static long after(WebSocketConnection socket) {
        String query = socket.handshakeRequest().query();
        if (query != null) {
            for (String part : query.split("&")) {
                if (part.matches("after=\\d{1,18}")) {
                    return Long.parseLong(part.substring(6));
                }
            }
        }
        return 0;
    }

    private Outbox.Client client(UUID session, WebSocketConnection socket) {
        return new Outbox.Client() {
            @Override
            public void event(Stored event) throws IOException {
                send("{\"type\":\"event\",\"event\":" + event.json() + "}");
            }

            @Override
            public void delta(String json) throws IOException {
                send("{\"type\":\"delta\",\"delta\":" + json + "}");
            }

            @Override
            public void message(Outgoing message) throws IOException {
                send(SessionJson.write(message));
            }

            @Override
            public void joined() throws IOException {
                send(SessionJson.write(viewers.presence(session)));
            }

            @Override
            public void idle() throws IOException {
                joined();
            }

            @Override
            public void end(boolean behind) {
                if (socket.isOpen()) {
                    socket.close(behind ? BEHIND : ENDED).subscribe().with(_ -> {}, _ -> {});
                }
            }

            private void send(String text) throws IOException {
                try {
                    socket.sendTextAndAwait(text);
                } catch (RuntimeException gone) {
                    throw new IOException(gone);
                }
            }
        };
    }
}
