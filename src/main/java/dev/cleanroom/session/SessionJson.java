package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;

/** The JSON of events, in the log and on the wire: one mapper, so that both are the same bytes. */
final class SessionJson {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private SessionJson() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + value.getClass(), e);
        }
    }

    static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Unreadable " + type.getSimpleName() + " in the log", e);
        }
    }

    static JsonNode tree(String json) {
        return json == null ? null : read(json, JsonNode.class);
    }

    /** An event as clients see it: its payload with sequence, time, actor and step in front. */
    static String wire(long sequence, Instant at, String actor, Integer step, String payload) {
        var text = new StringBuilder(payload.length() + 200);
        text.append("{\"sequence\":")
                .append(sequence)
                .append(",\"at\":\"")
                .append(at)
                .append("\",\"actor\":")
                .append(actor);
        if (step != null) {
            text.append(",\"step\":").append(step);
        }
        return text.append(',').append(payload, 1, payload.length()).toString();
    }
}
