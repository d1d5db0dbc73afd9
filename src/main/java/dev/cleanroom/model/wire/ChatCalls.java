package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts tool calls together from the deltas of servers that number, name and repeat them in their own ways: without
 * {@code index}, always index 0, without ids, with ids and names repeated in every part, arguments as an object.
 */
final class ChatCalls {
    private static final Set<String> KNOWN = Set.of("index", "id", "type", "function");

    private final Draft draft;
    private final List<Open> calls = new ArrayList<>(); // in order of appearance
    private final Map<Integer, Open> byIndex = new HashMap<>(); // the newest of each index

    ChatCalls(Draft draft) {
        this.draft = draft;
    }

    private static final class Open {
        final Draft.Call call;
        final ObjectNode extra = Json.object();
        String id = "";

        Open(Draft.Call call) {
            this.call = call;
        }

        boolean hasArguments() {
            return !call.arguments.toString().isBlank();
        }

        boolean isWhole() {
            return hasArguments() && call.parses();
        }
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** All of them have arguments that parse. */
    boolean areWhole() {
        return !calls.isEmpty() && calls.stream().allMatch(Open::isWhole);
    }

    void take(JsonNode part) throws Trouble {
        var id = Json.string(part, "id");
        var function = part.path("function");
        var name = Json.string(function, "name");
        var arguments = function.path("arguments");
        var open = known(part, id, name, !isNothing(arguments)).orElse(null);
        if (open == null) {
            open = open();
        }
        if (part.path("index").isInt()) {
            byIndex.put(part.path("index").asInt(), open);
        }
        if (open.id.isEmpty()) {
            open.id = id;
        }
        if (!name.isEmpty() && !open.hasArguments() && !name.contentEquals(open.call.name)
                || open.call.name.isEmpty()) {
            open.call.name.append(name);
        }
        if (arguments.isTextual()) {
            open.call.arguments(arguments.textValue());
        } else if (arguments.isContainerNode()) {
            open.call.arguments(Json.text(arguments));
        }
        keep(part, open.extra);
    }

    private static boolean isNothing(JsonNode arguments) {
        return arguments.isMissingNode()
                || arguments.isNull()
                || arguments.isTextual() && arguments.textValue().isBlank();
    }

    /** The call that a part continues; empty: a new one. */
    private Optional<Open> known(JsonNode part, String id, String name, boolean hasArguments) {
        var same = sameId(part, id)
                .filter(open -> !isNewIndex(part, name, open))
                .filter(open -> !beginsAnother(open, name, hasArguments));
        if (same.isPresent()) {
            return same;
        }
        var candidate = part.path("index").isInt()
                ? Optional.ofNullable(byIndex.get(part.path("index").asInt()))
                : calls.isEmpty() ? Optional.<Open>empty() : Optional.of(calls.getLast());
        return candidate
                .filter(open -> id.isEmpty() || open.id.isEmpty())
                .filter(open -> !beginsAnother(open, name, hasArguments));
    }

    /** Where several have it, the one at the part's index, else the newest. */
    private Optional<Open> sameId(JsonNode part, String id) {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(byIndex.get(part.path("index").asInt(-1)))
                .filter(open -> open.id.equals(id))
                .or(() -> calls.reversed().stream()
                        .filter(open -> open.id.equals(id))
                        .findFirst());
    }

    /** A server that gives several calls one id still numbers them: a name at a new index, after a whole call, is another. */
    private boolean isNewIndex(JsonNode part, String name, Open same) {
        var index = part.path("index");
        return index.isInt() && !byIndex.containsKey(index.asInt()) && !name.isEmpty() && same.isWhole();
    }

    /** A name after arguments: another call, unless the server only repeats the name in each part. */
    private static boolean beginsAnother(Open open, String name, boolean hasArguments) {
        if (name.isEmpty() || !open.hasArguments() || open.call.name.isEmpty()) {
            return false;
        }
        return !name.contentEquals(open.call.name) || open.isWhole() && hasArguments;
    }

    private Open open() {
        var open = new Open(draft.call());
        open.call.replay(() -> {
            var replay = Json.object().put("id", open.id);
            Arguments.keepText(replay, open.call.arguments.toString());
            if (!open.extra.isEmpty()) {
                replay.set("extra", open.extra);
            }
            return replay;
        });
        calls.add(open);
        return open;
    }

    /** Fields that are not known, as they came; strings of the same name joined. */
    private static void keep(JsonNode part, ObjectNode extra) {
        part.properties().stream()
                .filter(field ->
                        !KNOWN.contains(field.getKey()) && !field.getValue().isNull())
                .forEach(field -> {
                    var before = extra.path(field.getKey());
                    if (before.isTextual() && field.getValue().isTextual()) {
                        extra.put(
                                field.getKey(),
                                before.textValue() + field.getValue().textValue());
                    } else {
                        extra.set(field.getKey(), field.getValue());
                    }
                });
    }
}
