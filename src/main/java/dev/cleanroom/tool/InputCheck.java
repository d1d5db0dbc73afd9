package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Checks arguments against the part of JSON Schema that our tools use: required, type, enum, minimum, items, properties. */
public final class InputCheck {
    private InputCheck() {}

    /** What is wrong, in a sentence for the model; empty where nothing is. Arguments that the schema does not know are ignored. */
    public static Optional<String> violation(JsonNode schema, JsonNode input) {
        return violation("the input", schema, input);
    }

    private static Optional<String> violation(String where, JsonNode schema, JsonNode value) {
        if (!isOfType(schema.path("type").asText(), value)) {
            return Optional.of(where + " must be " + article(schema.path("type").asText()) + ", not " + kind(value));
        }
        for (var required : schema.path("required")) {
            if (!value.hasNonNull(required.asText())) {
                return Optional.of(where + " lacks the argument " + required.asText());
            }
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            return Optional.of(where + " must be one of " + schema.get("enum"));
        }
        if (schema.has("minimum") && value.asLong() < schema.get("minimum").asLong()) {
            return Optional.of(
                    where + " must be at least " + schema.get("minimum").asLong());
        }
        for (var property : schema.path("properties").properties()) {
            var inner = value.get(property.getKey());
            if (inner != null && !inner.isNull()) {
                var problem = violation(property.getKey(), property.getValue(), inner);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                var problem = violation(where + "[" + i + "]", schema.get("items"), value.get(i));
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                value.isIntegralNumber() || value.isNumber() && value.asDouble() == Math.rint(value.asDouble());
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (var each : values) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static String article(String type) {
        return ("aeiou".indexOf(type.charAt(0)) >= 0 ? "an " : "a ") + type;
    }

    private static String kind(JsonNode value) {
        return value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
}
