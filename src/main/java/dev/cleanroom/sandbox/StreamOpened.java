package dev.cleanroom.sandbox;

import java.io.IOException;
import java.util.UUID;

/** Takes the streams that something inside a sandbox opened towards the server, such as a proxied connection. */
public interface StreamOpened {
    /** What a runner may ask for, by the name that travels. */
    String EGRESS = "egress";

    /**
     * Serves one stream to its end, on a virtual thread of its own that may block; the stream is closed when this returns or
     * throws. It ends with an {@link IOException} from its reads and writes when the runner is lost.
     *
     * @param kind such as {@link #EGRESS}; an unknown one is to be refused by returning
     * @param target free text of the runner's, never to be trusted; empty for egress
     */
    void opened(UUID session, String kind, String target, Duplex stream) throws IOException, InterruptedException;

    /** The session's sandbox is no more. */
    default void ended(UUID session) {}
}
