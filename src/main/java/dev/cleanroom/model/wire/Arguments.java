package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The arguments of a call as the model wrote them, kept beside the parsed input where that would not come out the same
 * after a round through the log: other white space, other digits.
 */
final class Arguments {
    private static final String FIELD = "arguments";

    private Arguments() {}

    /** For a wire that sends arguments as text. */
    static void keepText(ObjectNode replay, String raw) {
        Json.read(raw)
                .filter(input -> !Json.text(input).equals(raw) || hasFraction(input))
                .ifPresent(_ -> replay.put(FIELD, raw));
    }

    /** For a wire that sends arguments as an object. */
    static void keepDigits(ObjectNode replay, String raw) {
        Json.read(raw).filter(Arguments::hasFraction).ifPresent(_ -> replay.put(FIELD, raw));
    }

    private static boolean hasFraction(JsonNode node) {
        if (node.isFloatingPointNumber()) {
            return true;
        }
        for (var child : node) {
            if (hasFraction(child)) {
                return true;
            }
        }
        return false;
    }

    /** An object's text, whatever the model wrote. */
    static String text(JsonNode replay, JsonNode input) {
        var raw = Json.string(replay, FIELD);
        return Json.read(raw).filter(JsonNode::isObject).isPresent() ? raw : Json.text(input);
    }

    static JsonNode object(JsonNode replay, JsonNode input) {
        return Json.read(Json.string(replay, FIELD)).filter(JsonNode::isObject).orElse(input);
    }
}
