package dev.cleanroom.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A live stream of a session's events, as {@code text/event-stream} writes it. */
public final class EventStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedReader lines;

    /** @param sequence 0 for a delta, which has no number */
    public record Streamed(String name, long sequence, JsonNode data) {
        public String type() {
            return data.path("type").asText();
        }
    }

    EventStream(InputStream body) {
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** Waits for the next. @throws IOException when the stream ends */
    public Streamed next() throws IOException {
        String name = "message";
        long sequence = 0;
        var data = new StringBuilder();
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("The event stream ended");
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Streamed(name, sequence, JSON.readTree(data.toString()));
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("id:")) {
                sequence = Long.parseLong(line.substring(3).strip());
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
