package dev.cleanroom.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came back; close it.
 *
 * @param uri what answered: after redirects another than was asked
 * @param headers by name in lower case
 * @param body as it was sent: decoding {@code Content-Encoding} is the reader's
 */
public record Answer(URI uri, int status, String reason, Map<String, List<String>> headers, InputStream body)
        implements AutoCloseable {
    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
