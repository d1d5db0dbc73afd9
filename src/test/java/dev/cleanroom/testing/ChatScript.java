package dev.cleanroom.testing;

import static dev.cleanroom.testing.WireScript.Refusal.invalid;
import static dev.cleanroom.testing.Wiring.object;
import static dev.cleanroom.testing.Wiring.unknownField;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.testing.Answer.Part;
import dev.cleanroom.testing.Asked.Turn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chat Completions as a strict server has it. */
final class ChatScript implements WireScript {
    private static final Set<String> FIELDS = Set.of(
            "model",
            "messages",
            "tools",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "reasoning_effort",
            "prompt_cache_key");
    private static final Set<String> SAMPLING = Set.of("temperature", "top_p", "n", "seed", "logprobs");
    private static final String UNKNOWN = "Unrecognized request argument supplied: %s";

    @Override
    public Optional<Refusal> refuses(JsonNode body, Map<String, String> headers) {
        if (headers.getOrDefault("authorization", "").startsWith("Bearer bad")) {
            return Optional.of(
                    new Refusal(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided"));
        }
        for (var name : SAMPLING) {
            if (body.has(name)) {
                return Optional.of(new Refusal(
                        400,
                        "invalid_request_error",
                        "unsupported_parameter",
                        "Unsupported parameter: '" + name + "' is not supported with this model."));
            }
        }
        if (body.has("tools") && body.path("tools").isEmpty()) {
            return invalid("[] is too short - 'tools'");
        }
        return unknownField(body, FIELDS, "", UNKNOWN)
                .or(() -> tools(body.path("tools")))
                .or(() -> messages(body.path("messages")));
    }

    private static Optional<Refusal> tools(JsonNode tools) {
        for (int i = 0; i < tools.size(); i++) {
            var extra = unknownField(tools.get(i), Set.of("type", "function"), "tools[" + i + "].", UNKNOWN);
            if (extra.isPresent()) {
                return extra;
            }
            if (!tools.get(i).path("function").path("name").asText().matches("[a-zA-Z0-9_-]{1,64}")) {
                return invalid("Invalid 'tools[" + i + "].function.name': string does not match pattern");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> messages(JsonNode messages) {
        var open = new LinkedHashSet<String>();
        var last = "";
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var role = message.path("role").asText();
            var at = "messages[" + i + "]";
            if (!role.equals("tool") && !open.isEmpty()) {
                return invalid(
                        "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                                + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                                + open);
            }
            switch (role) {
                case "system" -> {
                    if (i > 0) {
                        return invalid(at + ": system message must be at the beginning");
                    }
                }
                case "user" -> {
                    if (last.equals("user")) {
                        return invalid(at + ": conversation roles must alternate user/assistant/user/assistant/...");
                    }
                    for (var part : message.path("content")) {
                        boolean isImage = part.path("type").asText().equals("image_url");
                        if (isImage
                                ? !Wiring.isImage(
                                        part.path("image_url").path("url").asText())
                                : part.path("text").asText().isBlank()) {
                            return invalid(at + ".content: invalid part");
                        }
                    }
                    if (message.path("content").isEmpty()
                            && message.path("content").asText().isBlank()) {
                        return invalid(at + ".content: must not be empty");
                    }
                }
                case "assistant" -> {
                    var wrong = assistant(message, at, open);
                    if (wrong.isPresent()) {
                        return wrong;
                    }
                }
                case "tool" -> {
                    if (!open.remove(message.path("tool_call_id").asText())) {
                        return invalid(
                                at
                                        + ": messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.");
                    }
                    if (!message.path("content").isTextual()) {
                        return invalid(at + ".content: must be a string");
                    }
                }
                default -> {
                    return invalid(at + ".role: unknown");
                }
            }
            last = role;
        }
        return last.equals("user") || last.equals("tool") && open.isEmpty()
                ? Optional.empty()
                : invalid("The last message must be of the user or of a tool.");
    }

    private static Optional<Refusal> assistant(JsonNode message, String at, Set<String> open) {
        var calls = message.path("tool_calls");
        if (message.path("content").asText("").isBlank() && calls.isEmpty()) {
            return invalid(at + ": assistant message must have either content or tool_calls, but not none");
        }
        for (var call : calls) {
            var arguments = call.path("function").path("arguments");
            if (!arguments.isTextual() || !Wiring.isJson(arguments.asText())) {
                return invalid(at + ": arguments are not valid JSON");
            }
            if (call.path("id").asText().isEmpty() || !open.add(call.path("id").asText())) {
                return invalid(at + ": call ids must be unique and not empty");
            }
        }
        return unknownField(
                message,
                Set.of("role", "content", "tool_calls", "reasoning_content", "reasoning_details"),
                at + ".",
                UNKNOWN);
    }

    @Override
    public List<Turn> turns(JsonNode body) {
        var turns = new ArrayList<Turn>();
        for (var message : body.path("messages")) {
            switch (message.path("role").asText()) {
                case "user" -> turns.add(new Turn.Prompt(message.path("content").asText()));
                case "assistant" -> turns.add(new Turn.Reply());
                case "tool" ->
                    turns.add(new Turn.Result(
                            message.path("tool_call_id").asText(),
                            message.path("content").asText()));
                default -> {}
            }
        }
        return turns;
    }

    @Override
    public List<String> frames(Answer answer, Asked asked, String id) {
        var frames = new ArrayList<String>();
        frames.add(delta(asked, id, object().put("role", "assistant").put("content", "")));
        int chars = 0;
        int calls = 0;
        for (var part : answer.parts) {
            switch (part) {
                case Part.Text(var text) -> {
                    answer.deltas(text).forEach(piece -> frames.add(delta(asked, id, object().put("content", piece))));
                    chars += text.length();
                }
                case Part.Thinking(var text, var _) ->
                    answer.deltas(text)
                            .forEach(piece -> frames.add(delta(asked, id, object().put("reasoning_content", piece))));
                case Part.Call call -> {
                    call(frames, answer, asked, id, call, calls++);
                    chars += call.arguments().length();
                }
            }
        }
        if (answer.stop == Answer.Stop.REFUSAL) {
            frames.add(delta(asked, id, object().put("refusal", "This request was declined.")));
        }
        var end = chunk(asked, id, object());
        ((ObjectNode) end.path("choices").path(0)).put("finish_reason", finishReason(answer));
        frames.add(frame(end));
        if (asked.body().path("stream_options").path("include_usage").asBoolean()) {
            frames.add(usage(answer, asked, id, chars / 4));
        }
        frames.add("data: [DONE]\n\n");
        return frames;
    }

    private static void call(List<String> frames, Answer answer, Asked asked, String id, Part.Call call, int index) {
        var first = object();
        var part = first.putArray("tool_calls")
                .addObject()
                .put("index", index)
                .put("id", call.id() == null ? "call_" + id + "_" + index : call.id())
                .put("type", "function");
        part.putObject("function").put("name", call.tool()).put("arguments", "");
        frames.add(delta(asked, id, first));
        for (var piece : answer.deltas(call.arguments())) {
            var more = object();
            more.putArray("tool_calls")
                    .addObject()
                    .put("index", index)
                    .putObject("function")
                    .put("arguments", piece);
            frames.add(delta(asked, id, more));
        }
    }

    private static String usage(Answer answer, Asked asked, String id, int output) {
        var chunk = chunk(asked, id, object());
        chunk.putArray("choices");
        int cached = answer.usage.cacheRead();
        int written = answer.usage.cacheWrite();
        int prompt = (answer.usage.input() < 0 ? asked.bytes() / 4 : answer.usage.input()) + cached + written;
        int completion = answer.usage.output() < 0 ? Math.max(1, output) : answer.usage.output();
        var usage = chunk.putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached).put("cache_write_tokens", written);
        return frame(chunk);
    }

    private static String finishReason(Answer answer) {
        return switch (answer.stop) {
            case BY_PARTS -> answer.hasCalls() ? "tool_calls" : "stop";
            case LIMIT, WINDOW -> "length";
            case REFUSAL, PAUSE -> "stop";
            case FILTER -> "content_filter";
            case NONE -> null;
        };
    }

    private static ObjectNode chunk(Asked asked, String id, ObjectNode delta) {
        var chunk = object().put("id", "chatcmpl-" + id)
                .put("object", "chat.completion.chunk")
                .put("created", 1_795_000_000)
                .put("model", asked.model());
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("finish_reason");
        chunk.putNull("usage");
        return chunk;
    }

    private static String delta(Asked asked, String id, ObjectNode delta) {
        return frame(chunk(asked, id, delta));
    }

    private static String frame(JsonNode chunk) {
        return "data: " + chunk + "\n\n";
    }

    @Override
    public String errorFrame(Answer.Said said) {
        return "data: " + error(said) + "\n\n";
    }

    @Override
    public String error(Answer.Said said) {
        var error = object();
        error.putObject("error")
                .put("message", said.message())
                .put("type", said.type())
                .putNull("param")
                .put("code", said.code());
        return error.toString();
    }
}
