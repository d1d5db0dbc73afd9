package dev.cleanroom.session;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/**
 * An event stream as an outbox's client: events are numbered; between them come deltas, and what the socket would send of
 * files, ports and the database, named as it is there.
 */
final class SseClient implements Outbox.Client {
    private final SseEventSink sink;
    private final Sse sse;

    SseClient(SseEventSink sink, Sse sse) {
        this.sink = sink;
        this.sse = sse;
    }

    @Override
    public void event(Stored event) throws IOException {
        send(sse.newEventBuilder().id("" + event.sequence()).data(event.json()).build());
    }

    @Override
    public void delta(String json) throws IOException {
        send("delta", json);
    }

    @Override
    public void message(Outgoing message) throws IOException {
        switch (message) {
            case Outgoing.FilesChanged changed -> send("files-changed", SessionJson.write(changed));
            case Outgoing.Ports ports -> send("ports", SessionJson.write(ports));
            case Outgoing.Database database -> send("database", SessionJson.write(database));
            case Outgoing.Presence _, Outgoing.Done _, Outgoing.Refused _ -> {} // of who has a socket
        }
    }

    @Override
    public void idle() throws IOException {
        send(sse.newEventBuilder().comment("still here").build());
    }

    @Override
    public void end(boolean behind) {
        sink.close();
    }

    private void send(String name, String json) throws IOException {
        send(sse.newEventBuilder().name(name).data(json).build());
    }

    private void send(OutboundSseEvent event) throws IOException {
        if (sink.isClosed()) {
            throw new IOException("the client went");
        }
        try {
            sink.send(event).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }
}
