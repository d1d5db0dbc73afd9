package dev.cleanroom.share;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cleanroom.session.SessionArchive.Described;
import java.util.List;

/**
 * The first entry of an exported project, {@code cleanroom-export.json}. Beside it stand {@code repository.bundle} and, by
 * the session's id, {@code sessions/ID.jsonl} (its events, one a line) and {@code sessions/ID.md} (to read).
 *
 * @param format {@link #FORMAT}
 * @param at ISO-8601
 * @param egress {@code host:port} that its sandboxes were let reach; to read: an import opens nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record Manifest(
        int format,
        String at,
        String name,
        String defaultBranch,
        String defaultModel,
        String defaultMode,
        List<String> egress,
        boolean registries,
        List<Described> sessions) {
    static final int FORMAT = 1;
    static final String ENTRY = "cleanroom-export.json";
    static final String BUNDLE = "repository.bundle";
    static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static String lines(Described session) {
        return "sessions/" + session.id() + ".jsonl";
    }

    static String transcript(Described session) {
        return "sessions/" + session.id() + ".md";
    }
}
