package dev.cleanroom.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.UUID;

/**
 * Answers what sandboxes ask {@link #HOST}: a name of the server's own, which no project's list opens or closes and nobody
 * looks up. Implemented by the capability that has the repositories.
 */
public interface Origin {
    String HOST = "cleanroom.internal";

    /** Where a sandbox's runner takes connections for the way out. */
    String PROXY = "http://127.0.0.1:3128";

    /**
     * @param path as it was sent, with its leading slash; {@code query} likewise, empty if there is none
     * @param headers by their names in lower case
     * @param body to its end, which a hostile sandbox may never send
     */
    record Request(String method, String path, String query, Map<String, String> headers, InputStream body) {}

    /** @param type of the content */
    record Answer(int status, String type, Body body) {}

    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @param session whose sandbox asks: known from the stream, so no credential is wanted */
    Answer answer(UUID session, Request request);
}
