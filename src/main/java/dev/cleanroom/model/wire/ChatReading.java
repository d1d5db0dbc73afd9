package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Stop;
import java.util.Optional;

/** Reads the chunks of Chat Completions. A finish reason makes a reply whole; the end mark alone does not. */
final class ChatReading extends Reading {
    private final ChatCalls calls;
    private final Draft.Words text;
    private final Draft.Words thinking;
    private final ThinkTags tags = new ThinkTags();
    private final ArrayNode details = Json.object().arrayNode(); // OpenRouter's reasoning_details
    private final StringBuilder refused = new StringBuilder();
    private JsonNode usage = Json.object();
    private String finish = "";
    private boolean done;

    ChatReading(Draft draft) {
        super(draft);
        calls = new ChatCalls(draft);
        text = draft.text();
        thinking = draft.thinking();
        thinking.replay(
                () -> details.isEmpty() ? details.nullNode() : Json.object().set("reasoning_details", details));
    }

    @Override
    Next take(String event, JsonNode data, Endpoint endpoint) throws Trouble {
        if (event.equals("error")
                || data.path("error").isObject()
                || data.path("error").isTextual()) {
            throw Trouble.inStream(endpoint, data);
        }
        if (model.isEmpty()) {
            model = Json.string(data, "model");
        }
        if (data.path("usage").isObject()) {
            usage = data.path("usage");
        }
        var choice = data.path("choices").path(0);
        take(choice.path("delta"));
        if (!Json.string(choice, "finish_reason").isEmpty() && finish.isEmpty()) {
            finish = Json.string(choice, "finish_reason");
            finishTags();
        }
        if (finish.equals("error")) {
            throw Trouble.said(new Trouble.Said(500, "error", "", "", "the provider ended the reply with an error"));
        }
        return finish.isEmpty() ? Next.MORE : Next.LINGER;
    }

    private void take(JsonNode delta) throws Trouble {
        var reasoning = Json.string(delta, "reasoning_content");
        thinking.append(reasoning.isEmpty() ? Json.string(delta, "reasoning") : reasoning);
        for (var detail : delta.path("reasoning_details")) {
            join(detail);
        }
        refused.append(Json.string(delta, "refusal"));
        content(delta.path("content"));
        for (var part : delta.path("tool_calls")) {
            calls.take(part);
        }
        if (delta.path("function_call").isObject()) {
            calls.take(Json.object().set("function", delta.path("function_call")));
        }
    }

    private void content(JsonNode content) throws Trouble {
        if (content.isTextual()) {
            for (var piece : tags.take(content.textValue())) {
                (piece.thinking() ? thinking : text).append(piece.text());
            }
        }
        for (var part : content) { // Mistral
            if (Json.string(part, "type").equals("thinking")) {
                for (var thought : part.path("thinking")) {
                    thinking.append(Json.string(thought, "text"));
                }
            } else {
                text.append(Json.string(part, "text"));
            }
        }
    }

    private void finishTags() throws Trouble {
        for (var piece : tags.rest()) {
            (piece.thinking() ? thinking : text).append(piece.text());
        }
    }

    /** Pieces with the same index are one detail: texts are joined, the rest replaced. */
    private void join(JsonNode piece) {
        thinking.place();
        for (var known : details) {
            if (known.path("index").equals(piece.path("index"))
                    && known.path("type").equals(piece.path("type"))) {
                piece.properties().forEach(field -> merge((ObjectNode) known, field.getKey(), field.getValue()));
                return;
            }
        }
        details.add(piece.deepCopy());
    }

    private static void merge(ObjectNode known, String name, JsonNode value) {
        boolean grows = name.equals("text") || name.equals("summary") || name.equals("data");
        if (grows && value.isTextual()) {
            known.put(name, Json.string(known, name) + value.textValue());
        } else if (!value.isNull()) {
            known.set(name, value);
        }
    }

    @Override
    Next atDone() throws Trouble {
        done = true;
        finishTags();
        return Next.DONE;
    }

    /** Some servers send no finish reason after calls: then calls that parse, before the end mark, will do. */
    @Override
    boolean isWhole() {
        return !finish.isEmpty() || done && calls.areWhole();
    }

    @Override
    Stop stop() {
        if (finish.equals("content_filter") || !refused.isEmpty()) {
            refusal = Optional.of(refused.toString()).filter(words -> !words.isBlank());
            return Stop.REFUSED;
        }
        return finish.equals("length") ? Stop.OUTPUT_LIMIT : Stop.END;
    }

    @Override
    Tally tally() {
        var promptDetails = usage.path("prompt_tokens_details");
        long cached = Math.max(
                promptDetails.path("cached_tokens").asLong(),
                usage.path("prompt_cache_hit_tokens").asLong());
        long written = promptDetails.path("cache_write_tokens").asLong();
        return new Tally(
                Math.max(0, usage.path("prompt_tokens").asLong() - cached - written),
                usage.path("completion_tokens").asLong(),
                cached,
                written,
                0,
                0,
                usage.path("cost").isNumber() ? usage.path("cost").asDouble() : Double.NaN);
    }
}
