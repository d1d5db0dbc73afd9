package dev.cleanroom.workspace.preview;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a browser sends, taken piece by piece by a thread that may wait: no more is asked for before a piece was taken. */
final class Inflow {
    private static final Object END = new Object();

    private final ReadStream<Buffer> stream;
    private final Context context;
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>(); // one piece and an end at most

    /** @param stream paused, and looked at on its own thread for the first time */
    Inflow(ReadStream<Buffer> stream, Context context) {
        this.stream = stream;
        this.context = context;
        stream.exceptionHandler(arrived::add);
        stream.endHandler(end -> arrived.add(END));
        stream.handler(arrived::add);
    }

    /** Passes everything on until its end. */
    void transferTo(Sink sink) throws IOException, InterruptedException {
        while (true) {
            context.runOnContext(go -> stream.fetch(1));
            switch (arrived.take()) {
                case Buffer piece -> sink.take(piece.getBytes());
                case Throwable lost -> throw new IOException("the browser is lost", lost);
                default -> {
                    return;
                }
            }
        }
    }

    /** Where pieces go, such as {@link OutputStream#write(byte[])}. */
    interface Sink {
        void take(byte[] bytes) throws IOException;
    }
}
