package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.model.ModelClient.Stop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the events of OpenAI's Responses API. Only {@code response.completed} or {@code .incomplete} makes a reply whole. */
final class ResponsesReading extends Reading {
    private final Map<Integer, Draft.Words> words = new HashMap<>(); // by output_index
    private final Map<Integer, Draft.Call> calls = new HashMap<>();
    private final Map<Integer, Integer> summaries = new HashMap<>(); // the summary part that is growing
    private final StringBuilder refused = new StringBuilder();
    private JsonNode usage = Json.object();
    private boolean whole;
    private String incomplete = "";

    ResponsesReading(Draft draft) {
        super(draft);
    }

    @Override
    Next take(String event, JsonNode data, Endpoint endpoint) throws Trouble {
        int index = data.path("output_index").asInt();
        switch (Json.string(data, "type")) {
            case "error", "response.failed" -> throw Trouble.inStream(endpoint, data);
            case "response.created" -> model = Json.string(data.path("response"), "model");
            case "response.output_item.added" -> added(index, data.path("item"));
            case "response.output_text.delta" ->
                words.computeIfAbsent(index, _ -> draft.text()).append(Json.string(data, "delta"));
            case "response.refusal.delta" -> refused.append(Json.string(data, "delta"));
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> summary(index, data);
            case "response.function_call_arguments.delta" -> {
                if (calls.get(index) == null) {
                    throw Trouble.cut("arguments without a call");
                }
                calls.get(index).arguments(Json.string(data, "delta"));
            }
            case "response.output_item.done" -> done(index, data.path("item"));
            case "response.completed", "response.incomplete" -> {
                var response = data.path("response");
                whole = true;
                usage = response.path("usage");
                incomplete = Json.string(response.path("incomplete_details"), "reason");
                return Next.DONE;
            }
            default -> {} // in_progress, parts, what is not known
        }
        return Next.MORE;
    }

    private void added(int index, JsonNode item) {
        switch (Json.string(item, "type")) {
            case "message" -> words.put(index, draft.text());
            case "reasoning" -> {
                var thinking = draft.thinking().place();
                thinking.keepWhenCut(false);
                words.put(index, thinking);
            }
            case "function_call" -> {
                var call = draft.call();
                call.name.append(Json.string(item, "name"));
                call.replay(() -> Json.object().put("call_id", Json.string(item, "call_id")));
                calls.put(index, call);
            }
            default -> {}
        }
    }

    private void summary(int index, JsonNode data) throws Trouble {
        var thinking = words.computeIfAbsent(index, _ -> draft.thinking().place());
        int part = data.path("summary_index").asInt();
        var before = summaries.put(index, part);
        if (before != null && before != part) {
            thinking.append("\n\n");
        }
        thinking.append(Json.string(data, "delta"));
    }

    private void done(int index, JsonNode item) throws Trouble {
        switch (Json.string(item, "type")) {
            case "message", "reasoning" -> {
                var grown = words.get(index);
                if (grown == null) {
                    throw Trouble.cut("an item of the reply ended without a beginning");
                }
                if (!grown.isPlaced() && refused.isEmpty()) { // whole at once
                    for (var part : item.path("content")) {
                        grown.append(Json.string(part, "text"));
                        refused.append(Json.string(part, "refusal"));
                    }
                }
                grown.replay(() -> item);
                grown.keepWhenCut(true);
            }
            case "function_call" -> {
                var call = calls.get(index);
                if (call == null) {
                    throw Trouble.cut("a call of the reply ended without a beginning");
                }
                call.unlessPieces(Json.string(item, "arguments"));
                call.replay(() -> item);
            }
            default -> draft.raw(() -> item);
        }
    }

    @Override
    boolean isWhole() {
        return whole;
    }

    @Override
    Stop stop() {
        if (incomplete.equals("content_filter") || !refused.isEmpty()) {
            refusal = Optional.of(refused.toString()).filter(words -> !words.isBlank());
            return Stop.REFUSED;
        }
        return incomplete.equals("max_output_tokens") ? Stop.OUTPUT_LIMIT : Stop.END;
    }

    @Override
    Tally tally() {
        var details = usage.path("input_tokens_details");
        long cached = details.path("cached_tokens").asLong();
        long written = details.path("cache_write_tokens").asLong();
        return new Tally(
                Math.max(0, usage.path("input_tokens").asLong() - cached - written),
                usage.path("output_tokens").asLong(),
                cached,
                written,
                0,
                0,
                Double.NaN);
    }
}
