package dev.cleanroom.session;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** An event stream as an outbox's client: events are numbered, deltas come between them, presence is a browser's matter. */
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
        send(sse.newEventBuilder().name("delta").data(json).build());
    }

    @Override
    public void message(String json) {
        // presence and file changes are for the socket
    }

    @Override
    public void idle() throws IOException {
        send(sse.newEventBuilder().comment("still here").build());
    }

    @Override
    public void end(boolean behind) {
        sink.close();
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
