package dev.cleanroom.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * One request that a scripted model got.
 *
 * @param headers names in lower case
 * @param turns the conversation in the words that all wires share
 */
public record Asked(WireScript wire, Map<String, String> headers, JsonNode body, List<Turn> turns) {
    public sealed interface Turn {
        /** Text that is no tool result. */
        record Prompt(String text) implements Turn {}

        record Result(String callId, String output) implements Turn {}

        /** One reply of the model. */
        record Reply() implements Turn {}
    }

    public String model() {
        return body.path("model").asText();
    }

    /** The results that came with this request, newest step only, in order. */
    public List<Turn.Result> results() {
        return turns.reversed().stream()
                .takeWhile(turn -> !(turn instanceof Turn.Reply))
                .filter(Turn.Result.class::isInstance)
                .map(Turn.Result.class::cast)
                .toList()
                .reversed();
    }

    public List<String> prompts() {
        return turns.stream()
                .filter(Turn.Prompt.class::isInstance)
                .map(turn -> ((Turn.Prompt) turn).text())
                .toList();
    }

    /** What a cache compares: the body's text without cache marks and without its closing brackets. */
    public String prefix() {
        var copy = (ObjectNode) body.deepCopy();
        withoutMarks(copy);
        return copy.toString().replaceAll("[\\]}]+$", "");
    }

    static void withoutMarks(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("cache_control");
        }
        node.forEach(Asked::withoutMarks);
    }

    static int marks(JsonNode node) {
        return (node.has("cache_control") ? 1 : 0)
                + StreamSupport.stream(node.spliterator(), false)
                        .mapToInt(Asked::marks)
                        .sum();
    }

    int bytes() {
        return body.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
