package dev.cleanroom.testing;

import static dev.cleanroom.testing.WireScript.Refusal.invalid;
import static dev.cleanroom.testing.Wiring.object;
import static dev.cleanroom.testing.Wiring.unknownField;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.testing.Answer.Part;
import dev.cleanroom.testing.Asked.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Anthropic's Messages API as its current models behave: thinking is bound to all that stands before it. */
final class AnthropicScript implements WireScript {
    private static final Set<String> FIELDS = Set.of(
            "model",
            "max_tokens",
            "messages",
            "stream",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "cache_control",
            "metadata",
            "service_tier",
            "stop_sequences");
    private static final Set<String> SAMPLING = Set.of("temperature", "top_p", "top_k");
    private static final String BINDING_BETA = "thinking-binding-controls-2026-08-01";
    private static final int MAX_MARKS = 4;
    private static final String EXTRA = "%s: Extra inputs are not permitted";

    @Override
    public Optional<Refusal> refuses(JsonNode body, Map<String, String> headers) {
        if (!headers.containsKey("anthropic-version")) {
            return invalid("anthropic-version: header is required");
        }
        var key = headers.getOrDefault(
                "x-api-key", headers.getOrDefault("authorization", "").replace("Bearer ", ""));
        if (key.isEmpty() || key.startsWith("bad")) {
            return Optional.of(new Refusal(401, "authentication_error", "", "invalid x-api-key"));
        }
        var betas = headers.getOrDefault("anthropic-beta", "");
        if (!betas.isEmpty() && !betas.equals(BINDING_BETA)) {
            return invalid("Unexpected value(s) `" + betas + "` for the `anthropic-beta` header");
        }
        for (var name : SAMPLING) {
            if (body.has(name)) {
                return invalid(EXTRA.formatted(name));
            }
        }
        return unknownField(body, FIELDS, "", EXTRA)
                .or(() -> head(body, !betas.isEmpty()))
                .or(() -> tools(body.path("tools")))
                .or(() -> messages(body, body.path("thinking").has("block_binding")));
    }

    private static Optional<Refusal> head(JsonNode body, boolean binding) {
        if (body.path("model").asText().isEmpty()) {
            return invalid("model: Field required");
        }
        if (body.path("max_tokens").asInt() <= 0) {
            return invalid("max_tokens: Field required");
        }
        if (Asked.marks(body) > MAX_MARKS) {
            return invalid(
                    "A maximum of 4 blocks with cache_control may be provided. Found " + Asked.marks(body) + ".");
        }
        var choice = body.path("tool_choice").path("type").asText("auto");
        if (choice.equals("any") || choice.equals("tool")) {
            return invalid("tool_choice: `" + choice + "` is not supported by this model");
        }
        var thinking = body.path("thinking");
        if (thinking.isObject() && !thinking.path("type").asText().equals("adaptive")) {
            return invalid("thinking.type: `" + thinking.path("type").asText() + "` is not supported by this model");
        }
        return unknownField(
                thinking,
                binding ? Set.of("type", "display", "block_binding") : Set.of("type", "display"),
                "thinking.",
                EXTRA);
    }

    private static Optional<Refusal> tools(JsonNode tools) {
        for (int i = 0; i < tools.size(); i++) {
            var tool = tools.get(i);
            var path = "tools." + i + ".";
            var extra = unknownField(
                    tool, Set.of("name", "description", "input_schema", "cache_control", "strict"), path, EXTRA);
            if (extra.isPresent()) {
                return extra;
            }
            if (!tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,128}")) {
                return invalid(path + "name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            }
            var schema = tool.path("input_schema");
            if (!schema.path("type").asText().equals("object")) {
                return invalid(path + "input_schema.type: Field required");
            }
            if (schema.has("oneOf") || schema.has("anyOf") || schema.has("allOf")) {
                return invalid(path + "input_schema does not support oneOf, allOf, or anyOf at the top level");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> messages(JsonNode body, boolean dropsBlocks) {
        var messages = body.path("messages");
        if (messages.isEmpty()) {
            return invalid("messages: at least one message is required");
        }
        if (!messages.get(0).path("role").asText().equals("user")) {
            return invalid("messages: first message must use the \"user\" role");
        }
        if (messages.get(messages.size() - 1).path("role").asText().equals("assistant")) {
            return invalid("This model does not support assistant message prefill."
                    + " The conversation must end with a user message.");
        }
        var ids = new HashSet<String>();
        List<String> open = List.of();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var path = "messages." + i + ".content";
            var content = message.path("content");
            if (content.isTextual()) {
                content = Wiring.JSON
                        .createArrayNode()
                        .add(object().put("type", "text").put("text", content.asText()));
            }
            if (content.isEmpty()) {
                return invalid("messages." + i + ": all messages must have non-empty content");
            }
            var wrong = message.path("role").asText().equals("user")
                    ? user(content, path, open)
                    : assistant(body, i, content, path, ids, dropsBlocks);
            if (wrong.isPresent()) {
                return wrong;
            }
            open = new ArrayList<>();
            for (var block : content) {
                if (block.path("type").asText().equals("tool_use")) {
                    open.add(block.path("id").asText());
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> user(JsonNode content, String path, List<String> open) {
        var answered = new HashSet<String>();
        boolean past = false;
        for (int j = 0; j < content.size(); j++) {
            var block = content.get(j);
            var at = path + "." + j + ".";
            switch (block.path("type").asText()) {
                case "tool_result" -> {
                    var id = block.path("tool_use_id").asText();
                    if (past || !open.contains(id) || !answered.add(id)) {
                        return invalid(
                                at + "tool_use_id: unexpected `tool_use_id` found in `tool_result` blocks: " + id);
                    }
                    var extra = unknownField(
                            block, Set.of("type", "tool_use_id", "content", "is_error", "cache_control"), at, EXTRA);
                    if (extra.isPresent()) {
                        return extra;
                    }
                }
                case "text" -> {
                    past = true;
                    var wrong = text(block, at);
                    if (wrong.isPresent()) {
                        return wrong;
                    }
                }
                case "image" -> {
                    past = true;
                    var source = block.path("source");
                    if (!source.path("type").asText().equals("base64")
                            || !Wiring.isImage(
                                    source.path("media_type").asText(),
                                    source.path("data").asText())) {
                        return invalid(at + "image.source: Could not process image");
                    }
                }
                default -> {
                    return invalid(at + "type: Input tag '" + block.path("type").asText() + "' does not match");
                }
            }
        }
        return answered.containsAll(open)
                ? Optional.empty()
                : invalid("`tool_use` ids were found without `tool_result` blocks immediately after: "
                        + open.stream().filter(id -> !answered.contains(id)).toList());
    }

    private static Optional<Refusal> text(JsonNode block, String at) {
        if (block.path("text").asText().isEmpty()) {
            return invalid(at + "text: text content blocks must be non-empty");
        }
        if (block.path("text").asText().isBlank()) {
            return invalid(at + "text: text content blocks must contain non-whitespace text");
        }
        return unknownField(block, Set.of("type", "text", "cache_control", "citations"), at, EXTRA);
    }

    private static Optional<Refusal> assistant(
            JsonNode body, int index, JsonNode content, String path, Set<String> ids, boolean dropsBlocks) {
        for (int j = 0; j < content.size(); j++) {
            var block = content.get(j);
            var at = path + "." + j + ".";
            var wrong = switch (block.path("type").asText()) {
                case "text" -> text(block, at);
                case "thinking", "redacted_thinking" -> thinking(body, index, block, at, dropsBlocks);
                case "tool_use" -> toolUse(block, at, ids);
                default -> invalid(at + "type: Input tag '" + block.path("type").asText() + "' does not match");
            };
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> toolUse(JsonNode block, String at, Set<String> ids) {
        if (!block.path("input").isObject()) {
            return invalid(at + "input: Input should be a valid dictionary");
        }
        var id = block.path("id").asText();
        if (!id.matches("[a-zA-Z0-9_-]+")) {
            return invalid(at + "id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        }
        if (!ids.add(id)) {
            return invalid("messages: `tool_use` ids must be unique");
        }
        return unknownField(block, Set.of("type", "id", "name", "input", "cache_control"), at, EXTRA);
    }

    private static Optional<Refusal> thinking(
            JsonNode body, int index, JsonNode block, String at, boolean dropsBlocks) {
        if (block.has("cache_control")) {
            return invalid(at + "cache_control: Extra inputs are not permitted");
        }
        boolean redacted = block.path("type").asText().equals("redacted_thinking");
        var signature = block.path(redacted ? "data" : "signature").asText().split("\\.");
        if (signature.length != 3
                || !signature[1].equals(Wiring.digest(block.path("thinking").asText()))) {
            return invalid(at + ": Invalid `signature` in `thinking` block");
        }
        if (!dropsBlocks && !signature[2].equals(Wiring.digest(before(body, index)))) {
            return invalid(at + ": Invalid `signature` in `thinking` block."
                    + " The block is bound to a different conversation.");
        }
        return Optional.empty();
    }

    /** What a thinking block of message {@code index} is bound to: all before it, but for marks and other thinking. */
    private static String before(JsonNode body, int index) {
        var bound = object();
        bound.set("system", body.path("system").deepCopy());
        bound.set("tools", body.path("tools").deepCopy());
        var messages = bound.putArray("messages");
        for (int i = 0; i < index; i++) {
            var message = (ObjectNode) body.path("messages").get(i).deepCopy();
            if (message.path("content") instanceof ArrayNode content) {
                var kept = Wiring.JSON.createArrayNode();
                content.forEach(block -> {
                    if (!block.path("type").asText().endsWith("thinking")) {
                        kept.add(block);
                    }
                });
                message.set("content", kept);
            }
            messages.add(message);
        }
        Asked.withoutMarks(bound);
        return bound.toString();
    }

    @Override
    public List<Turn> turns(JsonNode body) {
        var turns = new ArrayList<Turn>();
        for (var message : body.path("messages")) {
            if (message.path("role").asText().equals("assistant")) {
                turns.add(new Turn.Reply());
                continue;
            }
            if (message.path("content").isTextual()) {
                turns.add(new Turn.Prompt(message.path("content").asText()));
            }
            for (var block : message.path("content")) {
                turns.add(
                        block.path("type").asText().equals("tool_result")
                                ? new Turn.Result(
                                        block.path("tool_use_id").asText(),
                                        block.path("content").asText())
                                : new Turn.Prompt(block.path("text").asText()));
            }
        }
        return turns;
    }

    @Override
    public List<String> frames(Answer answer, Asked asked, String id) {
        var frames = new ArrayList<String>();
        var usage = object();
        int counted = asked.bytes() / 4;
        usage.put("input_tokens", answer.usage.input() < 0 ? counted : answer.usage.input());
        usage.put("cache_creation_input_tokens", answer.usage.cacheWrite());
        usage.put("cache_read_input_tokens", answer.usage.cacheRead());
        usage.set(
                "cache_creation",
                object().put("ephemeral_5m_input_tokens", answer.usage.cacheWrite())
                        .put("ephemeral_1h_input_tokens", 0));
        usage.put("output_tokens", 1);
        var start = event("message_start");
        var message = start.putObject("message")
                .put("id", "msg_" + id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", asked.model());
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        message.set("usage", usage);
        frames.add(frame(start));
        frames.add(frame(event("ping")));
        int output = 0;
        for (int i = 0; i < answer.parts.size(); i++) {
            output += part(frames, answer, asked, answer.parts.get(i), i, id);
        }
        var end = event("message_delta");
        var delta = end.putObject("delta");
        delta.put("stop_reason", stopReason(answer));
        delta.putNull("stop_sequence");
        if (answer.stop == Answer.Stop.REFUSAL) {
            delta.putObject("stop_details")
                    .put("type", "refusal")
                    .put("category", "cyber")
                    .put("explanation", "This request was declined.");
        }
        end.putObject("usage")
                .put("output_tokens", answer.usage.output() < 0 ? Math.max(1, output) : answer.usage.output());
        frames.add(frame(end));
        frames.add(frame(event("message_stop")));
        return frames;
    }

    private static String stopReason(Answer answer) {
        return switch (answer.stop) {
            case BY_PARTS -> answer.hasCalls() ? "tool_use" : "end_turn";
            case LIMIT -> "max_tokens";
            case WINDOW -> "model_context_window_exceeded";
            case REFUSAL, FILTER -> "refusal";
            case PAUSE -> "pause_turn";
            case NONE -> null;
        };
    }

    /** @return its output tokens */
    private int part(List<String> frames, Answer answer, Asked asked, Part part, int index, String id) {
        var start = event("content_block_start").put("index", index);
        var block = start.putObject("content_block");
        boolean closed = true;
        int chars = 0;
        switch (part) {
            case Part.Text(var text) -> {
                block.put("type", "text").put("text", "");
                frames.add(frame(start));
                for (var piece : answer.deltas(text)) {
                    frames.add(delta(index, object().put("type", "text_delta").put("text", piece)));
                }
                chars = text.length();
            }
            case Part.Thinking(var text, var redacted) -> {
                var signature = "sig." + Wiring.digest(text) + "."
                        + Wiring.digest(before(
                                asked.body(), asked.body().path("messages").size()));
                if (redacted) {
                    block.put("type", "redacted_thinking").put("data", signature);
                    frames.add(frame(start));
                } else {
                    block.put("type", "thinking").put("thinking", "").put("signature", "");
                    frames.add(frame(start));
                    for (var piece : answer.deltas(text)) {
                        frames.add(delta(
                                index, object().put("type", "thinking_delta").put("thinking", piece)));
                    }
                    frames.add(
                            delta(index, object().put("type", "signature_delta").put("signature", signature)));
                }
                chars = text.length();
            }
            case Part.Call call -> {
                var callId = call.id() == null ? "toolu_" + id + "_" + index : call.id();
                block.put("type", "tool_use")
                        .put("id", callId)
                        .put("name", call.tool())
                        .putObject("input");
                frames.add(frame(start));
                frames.add(delta(index, object().put("type", "input_json_delta").put("partial_json", "")));
                for (var piece : answer.deltas(call.arguments())) {
                    frames.add(delta(
                            index, object().put("type", "input_json_delta").put("partial_json", piece)));
                }
                closed = !call.open();
                chars = call.arguments().length();
            }
        }
        if (closed) {
            frames.add(frame(event("content_block_stop").put("index", index)));
        }
        return chars / 4;
    }

    private static ObjectNode event(String type) {
        return object().put("type", type);
    }

    private static String delta(int index, ObjectNode delta) {
        var event = event("content_block_delta").put("index", index);
        event.set("delta", delta);
        return frame(event);
    }

    static String frame(JsonNode event) {
        return "event: " + event.path("type").asText() + "\ndata: " + event + "\n\n";
    }

    @Override
    public String errorFrame(Answer.Said said) {
        return "event: error\ndata: " + error(said) + "\n\n";
    }

    @Override
    public String error(Answer.Said said) {
        var error = object().put("type", "error");
        var inner = error.putObject("error").put("type", said.type()).put("message", said.message());
        if (!said.code().isEmpty() && !said.code().equals(said.type())) {
            inner.putObject("details").put("error_code", said.code());
        }
        return error.put("request_id", "req_scripted").toString();
    }
}
