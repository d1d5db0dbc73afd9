package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fixtures that the screens' own tests read are what this server writes, so that the two ends cannot drift apart. */
class SessionEventWireTest {
    private static final List<JsonNode> EVENTS = fixture("session-events");
    private static final List<JsonNode> ENDS = fixture("turn-ends");
    private static final List<JsonNode> DELTAS = fixture("session-deltas");
    /** What a log line has around its event. */
    private static final List<String> ENVELOPE = List.of("sequence", "at", "actor", "step");

    @Test
    void writesEveryEventOfTheFixtureExactly() {
        for (var event : Stream.concat(EVENTS.stream(), ENDS.stream()).toList()) {
            assertThat(SessionJson.tree(written(event))).isEqualTo(event);
        }
    }

    @Test
    void hasAnEventOfEveryTypeInTheFixture() {
        assertThat(EVENTS.stream().map(event -> event.path("type").asText()).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(SessionEvent.class
                                .getAnnotation(JsonSubTypes.class)
                                .value())
                        .map(JsonSubTypes.Type::name)
                        .toList());
        assertThat(SessionEvent.class.getPermittedSubclasses())
                .hasSameSizeAs(
                        SessionEvent.class.getAnnotation(JsonSubTypes.class).value());
    }

    @Test
    void hasEveryFieldOfEveryEventInTheFixture() {
        var missing = new TreeSet<String>();
        for (var type : SessionEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            var ofType = EVENTS.stream()
                    .filter(event -> event.path("type").asText().equals(type.name()))
                    .toList();
            missing.addAll(missing(type.value(), ofType, type.name()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void hasEveryReasonATurnEndsForInTheFixture() {
        assertThat(ENDS.stream().map(event -> event.path("reason").asText()))
                .containsExactlyElementsOf(names(SessionEvent.Reason.class));
    }

    @Test
    void writesEveryDeltaOfTheFixtureExactly() {
        for (var delta : DELTAS) {
            var type = delta.has("callId") ? Delta.Output.class : Delta.Block.class;

            assertThat(SessionJson.tree(SessionJson.write(SessionJson.read(delta.toString(), type))))
                    .isEqualTo(delta);
        }
        assertThat(missing(
                        Delta.Block.class,
                        DELTAS.stream().filter(delta -> delta.has("turnId")).toList(),
                        "block"))
                .isEmpty();
        assertThat(missing(
                        Delta.Output.class,
                        DELTAS.stream().filter(delta -> delta.has("callId")).toList(),
                        "output"))
                .isEmpty();
    }

    /** A line of the log as the log and the socket write it, from the event that was read out of the fixture. */
    private static String written(JsonNode line) {
        var event =
                SessionJson.read(((ObjectNode) line.deepCopy()).remove(ENVELOPE).toString(), SessionEvent.class);
        var actor = SessionJson.read(line.path("actor").toString(), Actor.class);
        return SessionJson.wire(
                line.path("sequence").asLong(),
                Instant.parse(line.path("at").asText()),
                SessionJson.write(actor),
                line.has("step") ? line.path("step").asInt() : null,
                SessionJson.write(event));
    }

    /** Which components of a record, and of the records in it, no line has. */
    private static Set<String> missing(Class<?> type, List<JsonNode> lines, String path) {
        var missing = new TreeSet<String>();
        for (var component : type.getRecordComponents()) {
            var values = lines.stream()
                    .map(line -> line.path(wireName(type, component)))
                    .filter(value -> !value.isMissingNode() && !value.isNull())
                    .toList();
            var here = path + "." + component.getName();
            var inner = recordIn(component.getGenericType());
            if (values.isEmpty()) {
                missing.add(here);
            } else if (inner != null) {
                missing.addAll(missing(inner, elements(values), here));
            }
        }
        return missing;
    }

    private static String wireName(Class<?> type, RecordComponent component) {
        try {
            var renamed = type.getDeclaredField(component.getName()).getAnnotation(JsonProperty.class);
            return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> recordIn(Type type) {
        var inner = type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type;
        return inner instanceof Class<?> known && known.isRecord() ? known : null;
    }

    private static List<JsonNode> elements(List<JsonNode> values) {
        var elements = new ArrayList<JsonNode>();
        for (var value : values) {
            if (value.isArray()) {
                value.forEach(elements::add);
            } else {
                elements.add(value);
            }
        }
        return elements;
    }

    private static List<String> names(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(reason -> SessionJson.MAPPER.valueToTree(reason).asText())
                .toList();
    }

    private static List<JsonNode> fixture(String name) {
        try {
            var lines = new ArrayList<JsonNode>();
            SessionJson.MAPPER
                    .readTree(Files.readAllBytes(Path.of("src/test/resources/wire/" + name + ".json")))
                    .forEach(lines::add);
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
