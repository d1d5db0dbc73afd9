package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Stop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the events of Anthropic's Messages API. Only {@code message_stop} makes a reply whole. */
final class AnthropicReading extends Reading {
    private final Map<Integer, Open> blocks = new HashMap<>();
    private final ObjectNode usage = Json.object(); // newest value of every field
    private boolean started;
    private boolean whole;
    private String stopReason = "";

    AnthropicReading(Draft draft) {
        super(draft);
    }

    /** A block that deltas go to; kinds that it does not know, it passes over. */
    private interface Open {
        void take(JsonNode delta) throws Trouble;
    }

    @Override
    Next take(String event, JsonNode data, Endpoint endpoint) throws Trouble {
        var type = Json.string(data, "type");
        switch (type) {
            case "error" -> throw Trouble.inStream(endpoint, data);
            case "message_start" -> start(data.path("message"));
            case "content_block_start" -> open(data);
            case "content_block_delta" -> block(data).take(data.path("delta"));
            case "message_delta" -> end(data);
            case "message_stop" -> {
                mustHaveStarted();
                whole = true;
                return Next.DONE;
            }
            default -> {} // ping, content_block_stop, what is not known
        }
        return Next.MORE;
    }

    private void start(JsonNode message) throws Trouble {
        if (started) {
            throw Trouble.cut("the reply began twice");
        }
        started = true;
        model = Json.string(message, "model");
        merge(message.path("usage"));
    }

    private void mustHaveStarted() throws Trouble {
        if (!started) {
            throw Trouble.cut("the reply had no beginning");
        }
    }

    private Open block(JsonNode data) throws Trouble {
        var open = blocks.get(data.path("index").asInt(-1));
        if (open == null) {
            throw Trouble.cut("a piece of the reply belongs to no block");
        }
        return open;
    }

    private void open(JsonNode data) throws Trouble {
        mustHaveStarted();
        if (!(data.path("content_block") instanceof ObjectNode block)) {
            throw Trouble.cut("a block of the reply has no content");
        }
        blocks.put(
                data.path("index").asInt(),
                switch (Json.string(block, "type")) {
                    case "text" -> text(block);
                    case "thinking" -> thinking(block);
                    case "tool_use" -> toolUse(block);
                    default -> unknown(block);
                });
    }

    private Open text(ObjectNode block) throws Trouble {
        var words = draft.text();
        words.append(Json.string(block, "text"));
        var citations = Json.object().arrayNode();
        words.replay(() -> {
            if (citations.isEmpty()) {
                return block.nullNode();
            }
            block.put("text", words.text());
            return block.set("citations", citations);
        });
        return delta -> {
            switch (Json.string(delta, "type")) {
                case "text_delta" -> words.append(Json.string(delta, "text"));
                case "citations_delta" -> citations.add(delta.path("citation"));
                default -> {}
            }
        };
    }

    private Open thinking(ObjectNode block) throws Trouble {
        var words = draft.thinking().place();
        words.append(Json.string(block, "thinking"));
        words.keepWhenCut(!Json.string(block, "signature").isEmpty());
        words.replay(() -> block.put("thinking", words.text()));
        return delta -> {
            switch (Json.string(delta, "type")) {
                case "thinking_delta" -> words.append(Json.string(delta, "thinking"));
                case "signature_delta" -> {
                    block.put("signature", Json.string(delta, "signature"));
                    words.keepWhenCut(true);
                }
                default -> {}
            }
        };
    }

    private Open toolUse(ObjectNode block) {
        var call = draft.call();
        call.name.append(Json.string(block, "name"));
        var given = block.path("input"); // a placeholder, unless the whole call came at once
        if (given.isObject() && !given.isEmpty()) {
            call.unlessPieces(Json.text(given));
        }
        var replay = block.remove(List.of("type", "name", "input"));
        call.replay(() -> {
            Arguments.keepDigits(replay, call.arguments.toString());
            return replay;
        });
        return delta -> {
            if (Json.string(delta, "type").equals("input_json_delta")) {
                call.arguments(Json.string(delta, "partial_json"));
            }
        };
    }

    private Open unknown(ObjectNode block) {
        var input = new StringBuilder();
        draft.raw(() -> {
            Json.read(input.toString()).ifPresent(parsed -> block.set("input", parsed));
            return block;
        });
        return delta -> input.append(Json.string(delta, "partial_json"));
    }

    private void end(JsonNode data) throws Trouble {
        mustHaveStarted();
        var delta = data.path("delta");
        if (!Json.string(delta, "stop_reason").isEmpty()) {
            stopReason = Json.string(delta, "stop_reason");
        }
        if (stopReason.equals("refusal")) {
            refusal = Optional.of(Json.string(delta.path("stop_details"), "explanation"))
                    .filter(text -> !text.isBlank());
        }
        merge(data.path("usage"));
    }

    private void merge(JsonNode newer) {
        newer.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> usage.set(field.getKey(), field.getValue()));
    }

    @Override
    boolean isWhole() {
        return whole;
    }

    @Override
    Stop stop() {
        return switch (stopReason) {
            case "max_tokens" -> Stop.OUTPUT_LIMIT;
            case "model_context_window_exceeded" -> Stop.WINDOW;
            case "refusal" -> Stop.REFUSED;
            case "pause_turn" -> Stop.PAUSED;
            default -> Stop.END;
        };
    }

    @Override
    Tally tally() {
        long written = usage.path("cache_creation_input_tokens").asLong();
        long hour =
                usage.path("cache_creation").path("ephemeral_1h_input_tokens").asLong();
        return new Tally(
                usage.path("input_tokens").asLong(),
                usage.path("output_tokens").asLong(),
                usage.path("cache_read_input_tokens").asLong(),
                Math.max(0, written - hour),
                hour,
                usage.path("server_tool_use").path("web_search_requests").asLong(),
                Double.NaN);
    }
}
