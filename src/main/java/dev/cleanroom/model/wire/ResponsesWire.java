package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.wire.Transcript.Maker;
import dev.cleanroom.model.wire.Transcript.Said;
import dev.cleanroom.model.wire.Transcript.Turn;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** OpenAI's Responses API, with nothing stored there: reasoning goes back encrypted, as it came. */
final class ResponsesWire implements Wire {
    @Override
    public String path() {
        return "/responses";
    }

    @Override
    public Map<String, String> headers(Question question) {
        return question.endpoint()
                .key()
                .map(key -> Map.of("authorization", "Bearer " + key))
                .orElse(Map.of());
    }

    @Override
    public OptionalInt outputLimit(Question question) {
        var wanted = question.maxOutput();
        var most = question.traits().maxOutput();
        return wanted.isPresent() && most.isPresent()
                ? OptionalInt.of(Math.min(wanted.getAsInt(), most.getAsInt()))
                : wanted;
    }

    @Override
    public ObjectNode body(Question question) {
        var request = question.request();
        var traits = question.traits();
        var body = Json.object();
        body.put("model", question.model());
        body.put("stream", true);
        body.put("store", false);
        if (traits.takes("include")) {
            body.putArray("include").add("reasoning.encrypted_content");
        }
        if (traits.takes("reasoning")) {
            body.putObject("reasoning").put("summary", "auto");
        }
        if (traits.takes("prompt_cache_key")) {
            body.put("prompt_cache_key", request.cacheKey());
        }
        if (traits.takes("max_output_tokens")) {
            outputLimit(question).ifPresent(limit -> body.put("max_output_tokens", limit));
        }
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools().forEach(tool -> {
                var node = tools.addObject().put("type", "function").put("name", ToolNames.onWire(tool.name()));
                node.put("description", tool.description());
                node.set("parameters", tool.inputSchema());
                if (traits.takes("strict")) {
                    node.put("strict", false);
                }
            });
        }
        if (!request.system().isBlank()) {
            body.put("instructions", request.system());
        }
        input(body.putArray("input"), question);
        return body;
    }

    private static void input(ArrayNode input, Question question) {
        var transcript = Transcript.of(question, false, (block, maker) -> sends(block, maker, question.thinking()));
        for (var turn : transcript.turns()) {
            switch (turn) {
                case Turn.User user -> user(input, user);
                case Turn.Assistant(var blocks) -> assistant(input, blocks);
            }
        }
    }

    private static boolean sends(Block block, Maker maker, Learnt.Thinking thinking) {
        boolean reasoning = Json.string(block.replay(), "type").equals("reasoning");
        return maker == Maker.SAME_MODEL
                && (reasoning
                        ? block.replay().has("encrypted_content") && thinking != Learnt.Thinking.LEFT_OUT
                        : block instanceof Block.Opaque);
    }

    private static void user(ArrayNode input, Turn.User user) {
        for (var answer : user.answers()) {
            input.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", answer.id())
                    .put("output", answer.failed() ? "Error: " + answer.output() : answer.output());
        }
        if (!user.images().isEmpty() || !user.texts().isEmpty()) {
            var content =
                    input.addObject().put("type", "message").put("role", "user").putArray("content");
            user.images()
                    .forEach(image ->
                            content.addObject().put("type", "input_image").put("image_url", Json.dataUrl(image)));
            user.texts()
                    .forEach(text ->
                            content.addObject().put("type", "input_text").put("text", text));
        }
    }

    private static void assistant(ArrayNode input, List<Said> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            var said = blocks.get(i);
            boolean raw =
                    said.maker() == Maker.SAME_MODEL && said.block().replay().isObject();
            switch (said.block()) {
                case Block.Text text when raw -> input.add(text.replay());
                case Block.Text text ->
                    input.addObject()
                            .put("type", "message")
                            .put("role", "assistant")
                            .putArray("content")
                            .addObject()
                            .put("type", "output_text")
                            .put("text", text.text());
                case Block.Thinking thinking -> {
                    if (i < blocks.size() - 1) { // reasoning without the item after it is refused
                        input.add(thinking.replay());
                    }
                }
                case Block.Opaque opaque -> input.add(opaque.replay());
                case Block.Call call
                when raw && call.replay().has("arguments") -> {
                    var item = ((ObjectNode) call.replay().deepCopy()).put("call_id", said.id());
                    input.add(item.put("arguments", Arguments.text(call.replay(), call.input())));
                }
                case Block.Call call ->
                    input.addObject()
                            .put("type", "function_call")
                            .put("call_id", said.id())
                            .put("name", ToolNames.onWire(call.tool()))
                            .put("arguments", Json.text(call.input()));
            }
        }
    }

    @Override
    public Reading reading(Draft draft) {
        return new ResponsesReading(draft);
    }
}
