package dev.cleanroom.testing;

import static dev.cleanroom.testing.WireScript.Refusal.invalid;
import static dev.cleanroom.testing.Wiring.object;
import static dev.cleanroom.testing.Wiring.unknownField;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.testing.Answer.Part;
import dev.cleanroom.testing.Asked.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** OpenAI's Responses API with nothing stored: reasoning comes and goes encrypted. */
final class ResponsesScript implements WireScript {
    private static final Set<String> FIELDS = Set.of(
            "model",
            "instructions",
            "input",
            "tools",
            "stream",
            "store",
            "include",
            "max_output_tokens",
            "reasoning",
            "prompt_cache_key");
    private static final Set<String> SAMPLING = Set.of("temperature", "top_p");
    private static final String UNKNOWN = "Unknown parameter: '%s'.";

    @Override
    public Optional<Refusal> refuses(JsonNode body, Map<String, String> headers) {
        if (headers.getOrDefault("authorization", "Bearer bad").startsWith("Bearer bad")) {
            return Optional.of(
                    new Refusal(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided"));
        }
        for (var name : SAMPLING) {
            if (body.has(name)) {
                return invalid("Unsupported parameter: '" + name + "' is not supported with this model.");
            }
        }
        if (body.path("store").asBoolean(true)) {
            return invalid("store: must be false here");
        }
        return unknownField(body, FIELDS, "", UNKNOWN)
                .or(() -> tools(body.path("tools")))
                .or(() -> input(body.path("input")));
    }

    private static Optional<Refusal> tools(JsonNode tools) {
        for (int i = 0; i < tools.size(); i++) {
            var at = "tools[" + i + "].";
            var extra = unknownField(
                    tools.get(i), Set.of("type", "name", "description", "parameters", "strict"), at, UNKNOWN);
            if (extra.isPresent()) {
                return extra;
            }
            if (!tools.get(i).path("name").asText().matches("[a-zA-Z0-9_-]{1,64}")) {
                return invalid("Invalid '" + at + "name': string does not match pattern.");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> input(JsonNode input) {
        var calls = new HashSet<String>();
        var answered = new HashSet<String>();
        for (int i = 0; i < input.size(); i++) {
            var item = input.get(i);
            var at = "input[" + i + "]";
            switch (item.path("type").asText()) {
                case "message" -> {
                    for (var part : item.path("content")) {
                        if (part.path("type").asText().equals("input_image")) {
                            if (!Wiring.isImage(part.path("image_url").asText())) {
                                return invalid("Invalid '" + at + ".content': invalid image");
                            }
                        } else if (part.path("text").asText().isEmpty()) {
                            return invalid("Invalid '" + at + ".content': empty text");
                        }
                    }
                }
                case "reasoning" -> {
                    var wrong = reasoning(item, i + 1 < input.size() ? input.get(i + 1) : object());
                    if (wrong.isPresent()) {
                        return wrong;
                    }
                }
                case "function_call" -> {
                    if (!calls.add(item.path("call_id").asText())
                            || item.path("call_id").asText().isEmpty()) {
                        return invalid("Duplicate or empty call_id in " + at);
                    }
                    if (!Wiring.isJson(item.path("arguments").asText())) {
                        return invalid("Invalid '" + at + ".arguments'");
                    }
                }
                case "function_call_output" -> {
                    var id = item.path("call_id").asText();
                    if (!calls.contains(id) || !answered.add(id)) {
                        return invalid("No tool call found for function call output with call_id " + id + ".");
                    }
                }
                default -> {
                    return invalid("Invalid value: '" + item.path("type").asText() + "' at " + at);
                }
            }
        }
        calls.removeAll(answered);
        if (!calls.isEmpty()) {
            return invalid(
                    "No tool output found for function call " + calls.iterator().next() + ".");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> reasoning(JsonNode item, JsonNode next) {
        var following = next.path("type").asText();
        boolean followed = following.equals("function_call")
                || following.equals("reasoning")
                || following.equals("message") && next.path("role").asText().equals("assistant");
        if (!followed) {
            return invalid("Item '" + item.path("id").asText()
                    + "' of type 'reasoning' was provided without its required following item.");
        }
        return item.path("encrypted_content").asText().equals(encrypted(item.path("summary")))
                ? Optional.empty()
                : invalid("The encrypted content could not be verified.");
    }

    private static String encrypted(JsonNode summary) {
        return "enc." + Wiring.digest(summary.toString());
    }

    @Override
    public List<Turn> turns(JsonNode body) {
        var turns = new ArrayList<Turn>();
        boolean inReply = false;
        for (var item : body.path("input")) {
            var type = item.path("type").asText();
            boolean theModels = type.equals("reasoning")
                    || type.equals("function_call")
                    || item.path("role").asText().equals("assistant");
            if (theModels && !inReply) {
                turns.add(new Turn.Reply());
            }
            inReply = theModels;
            if (type.equals("function_call_output")) {
                turns.add(new Turn.Result(
                        item.path("call_id").asText(), item.path("output").asText()));
            } else if (!theModels) {
                item.path("content")
                        .forEach(part ->
                                turns.add(new Turn.Prompt(part.path("text").asText())));
            }
        }
        return turns;
    }

    /** Numbers and collects the events of one reply. */
    private static final class Events {
        final List<String> frames = new ArrayList<>();
        private final AtomicInteger sequence = new AtomicInteger();

        ObjectNode of(String type) {
            return object().put("type", type).put("sequence_number", sequence.getAndIncrement());
        }

        void add(ObjectNode event) {
            frames.add(AnthropicScript.frame(event));
        }
    }

    @Override
    public List<String> frames(Answer answer, Asked asked, String id) {
        var events = new Events();
        var response = object().put("id", "resp_" + id)
                .put("object", "response")
                .put("created_at", 1_795_000_000)
                .put("status", "in_progress")
                .put("model", asked.model());
        response.putNull("error");
        response.putNull("incomplete_details");
        response.putNull("instructions");
        response.putNull("metadata");
        response.put("parallel_tool_calls", true);
        response.putNull("temperature");
        response.putNull("top_p");
        response.put("tool_choice", "auto");
        response.putArray("tools");
        response.putArray("output");
        for (var type : List.of("response.created", "response.in_progress")) {
            var begin = events.of(type);
            begin.set("response", response.deepCopy());
            events.add(begin);
        }
        var output = response.withArray("output");
        int chars = 0;
        int index = 0;
        for (var part : answer.parts) {
            output.add(
                    switch (part) {
                        case Part.Text(var text) -> message(events, answer, text, index, id);
                        case Part.Thinking(var text, var _) -> reasoning(events, answer, text, index, id);
                        case Part.Call call -> call(events, answer, call, index, id);
                    });
            chars += switch (part) {
                case Part.Text(var text) -> text.length();
                case Part.Thinking(var text, var _) -> text.length();
                case Part.Call call -> call.arguments().length();
            };
            index++;
        }
        if (answer.stop == Answer.Stop.REFUSAL) {
            output.add(refusal(events, index, id));
        }
        end(events, answer, asked, response, chars / 4);
        return events.frames;
    }

    private static void end(Events events, Answer answer, Asked asked, ObjectNode response, int output) {
        var why = switch (answer.stop) {
            case LIMIT, WINDOW -> "max_output_tokens";
            case FILTER -> "content_filter";
            case BY_PARTS, REFUSAL, PAUSE, NONE -> "";
        };
        response.put("status", why.isEmpty() ? "completed" : "incomplete");
        if (!why.isEmpty()) {
            response.putObject("incomplete_details").put("reason", why);
        }
        int cached = answer.usage.cacheRead();
        int input = (answer.usage.input() < 0 ? asked.bytes() / 4 : answer.usage.input())
                + cached
                + answer.usage.cacheWrite();
        int completion = answer.usage.output() < 0 ? Math.max(1, output) : answer.usage.output();
        var usage = response.putObject("usage").put("input_tokens", input).put("output_tokens", completion);
        usage.putObject("input_tokens_details")
                .put("cached_tokens", cached)
                .put("cache_write_tokens", answer.usage.cacheWrite());
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        usage.put("total_tokens", input + completion);
        var last = events.of(why.isEmpty() ? "response.completed" : "response.incomplete");
        last.set("response", response);
        events.add(last);
    }

    private static ObjectNode message(Events events, Answer answer, String text, int index, String id) {
        var item = object().put("id", "msg_" + id + "_" + index)
                .put("type", "message")
                .put("status", "in_progress")
                .put("role", "assistant");
        item.putArray("content");
        item(events, "added", index, item);
        var part = object().put("type", "output_text").put("text", "");
        part.putArray("annotations");
        part(events, "added", item, index, part);
        for (var piece : answer.deltas(text)) {
            var delta = events.of("response.output_text.delta")
                    .put("item_id", item.path("id").asText())
                    .put("output_index", index)
                    .put("content_index", 0)
                    .put("delta", piece);
            delta.putArray("logprobs");
            events.add(delta);
        }
        var done = events.of("response.output_text.done")
                .put("item_id", item.path("id").asText())
                .put("output_index", index)
                .put("content_index", 0)
                .put("text", text);
        done.putArray("logprobs");
        events.add(done);
        part.put("text", text);
        part(events, "done", item, index, part);
        item.put("status", "completed").withArray("content").add(part);
        item(events, "done", index, item);
        return item;
    }

    private static ObjectNode refusal(Events events, int index, String id) {
        var words = "This request was declined.";
        var item = object().put("id", "msg_" + id + "_" + index)
                .put("type", "message")
                .put("status", "in_progress")
                .put("role", "assistant");
        item.putArray("content");
        item(events, "added", index, item);
        events.add(events.of("response.refusal.delta")
                .put("item_id", item.path("id").asText())
                .put("output_index", index)
                .put("content_index", 0)
                .put("delta", words));
        events.add(events.of("response.refusal.done")
                .put("item_id", item.path("id").asText())
                .put("output_index", index)
                .put("content_index", 0)
                .put("refusal", words));
        item.put("status", "completed");
        item.withArray("content").addObject().put("type", "refusal").put("refusal", words);
        item(events, "done", index, item);
        return item;
    }

    private static ObjectNode reasoning(Events events, Answer answer, String text, int index, String id) {
        var item = object().put("id", "rs_" + id + "_" + index).put("type", "reasoning");
        item.putArray("summary");
        item(events, "added", index, item);
        for (var piece : answer.deltas(text)) {
            events.add(events.of("response.reasoning_summary_text.delta")
                    .put("item_id", item.path("id").asText())
                    .put("output_index", index)
                    .put("summary_index", 0)
                    .put("delta", piece));
        }
        if (!text.isEmpty()) {
            item.withArray("summary").addObject().put("type", "summary_text").put("text", text);
        }
        item.put("encrypted_content", encrypted(item.path("summary")));
        item(events, "done", index, item);
        return item;
    }

    private static ObjectNode call(Events events, Answer answer, Part.Call call, int index, String id) {
        var item = object().put("id", "fc_" + id + "_" + index)
                .put("type", "function_call")
                .put("status", "in_progress")
                .put("arguments", "")
                .put("call_id", call.id() == null ? "call_" + id + "_" + index : call.id())
                .put("name", call.tool());
        item(events, "added", index, item);
        for (var piece : answer.deltas(call.arguments())) {
            events.add(events.of("response.function_call_arguments.delta")
                    .put("item_id", item.path("id").asText())
                    .put("output_index", index)
                    .put("delta", piece));
        }
        item.put("arguments", call.arguments());
        if (call.open()) {
            return item.put("status", "incomplete");
        }
        events.add(events.of("response.function_call_arguments.done")
                .put("item_id", item.path("id").asText())
                .put("name", call.tool())
                .put("output_index", index)
                .put("arguments", call.arguments()));
        item(events, "done", index, item.put("status", "completed"));
        return item;
    }

    private static void item(Events events, String what, int index, ObjectNode item) {
        var event = events.of("response.output_item." + what).put("output_index", index);
        event.set("item", item.deepCopy());
        events.add(event);
    }

    private static void part(Events events, String what, ObjectNode item, int index, ObjectNode part) {
        var event = events.of("response.content_part." + what)
                .put("item_id", item.path("id").asText())
                .put("output_index", index)
                .put("content_index", 0);
        event.set("part", part.deepCopy());
        events.add(event);
    }

    @Override
    public String errorFrame(Answer.Said said) {
        var event = object().put("type", "error").put("sequence_number", 99);
        event.put("code", said.code()).put("message", said.message()).putNull("param");
        return AnthropicScript.frame(event);
    }

    @Override
    public String error(Answer.Said said) {
        return new ChatScript().error(said);
    }
}
