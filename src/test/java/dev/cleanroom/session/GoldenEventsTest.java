package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Logs as earlier versions have stored them, for good: a line is never changed, a new type or variant gets one of its own.
 */
class GoldenEventsTest {
    private static final List<String> ENVELOPE = List.of("sequence", "at", "actor", "step");
    private static final List<String> KNOWN_TO_BE_SKIPPED = List.of("laterField"); // of a version after this one

    @Test
    void readsEveryEventThatWasEverStoredWithAllItsFields() throws IOException {
        for (var line : lines()) {
            var event = SessionJson.read(line, SessionEvent.class);
            var again = SessionJson.tree(SessionJson.write(event));
            var stored = SessionJson.tree(line);
            for (var field : stored.properties()) {
                if (!ENVELOPE.contains(field.getKey()) && !KNOWN_TO_BE_SKIPPED.contains(field.getKey())) {
                    assertThat(holds(again.path(field.getKey()), field.getValue()))
                            .as(field + " in " + line)
                            .isTrue();
                }
            }
            assertThat(SessionJson.read(stored.path("actor").toString(), Actor.class)
                            .kind())
                    .isNotNull();
        }
    }

    @Test
    void hasOneOfEveryType() throws IOException {
        var types = new TreeSet<String>();
        for (var line : lines()) {
            types.add(SessionJson.tree(line).path("type").asText());
        }

        assertThat(types)
                .containsAll(Arrays.stream(SessionEvent.class
                                .getAnnotation(JsonSubTypes.class)
                                .value())
                        .map(JsonSubTypes.Type::name)
                        .toList());
    }

    /** Whether {@code now} has all that {@code then} has; it may have more. */
    private static boolean holds(JsonNode now, JsonNode then) {
        if (then.isObject()) {
            return then.properties().stream().allMatch(field -> holds(now.path(field.getKey()), field.getValue()));
        }
        if (then.isArray()) {
            for (int i = 0; i < then.size(); i++) {
                if (!holds(now.path(i), then.get(i))) {
                    return false;
                }
            }
            return now.size() == then.size();
        }
        return then.isNumber() ? now.decimalValue().compareTo(then.decimalValue()) == 0 : now.equals(then);
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/golden/events-1.jsonl"));
    }
}
