package dev.cleanroom.session;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/**
 * An event stream as an outbox's client: events are numbered; between them come deltas, and what the socket would send of
 * files, ports and the database, named as it is there. Where nothing is to be told, {@code event: here} says that the line is
 * alive.
 */
final class SseClient implements Outbox.Client {
    private final SseEventSink sink;
    private final Sse sse;

    SseClient(SseEventSink sink, Sse sse) {
        this.sink = sink;
        this.sse = sse;
    }

    /** The first bytes: a browser calls a stream open when they come, which may be long. */
    void open() throws IOException {
        send(sse.newEventBuilder().comment("open").build());
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
            case Outgoing.Disk disk -> send("disk", SessionJson.write(disk));
            case Outgoing.Presence _, Outgoing.Done _, Outgoing.Refused _ -> {} // of who has a socket
        }
    }

    @Override
    public void joined() {} // it is not told who is here

    @Override
    public void idle() throws IOException {
        send("here", "{}"); // a comment would keep proxies awake too, but no browser tells a page of one
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
