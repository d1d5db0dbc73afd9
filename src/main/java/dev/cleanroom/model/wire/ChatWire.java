package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.wire.Transcript.Maker;
import dev.cleanroom.model.wire.Transcript.Said;
import dev.cleanroom.model.wire.Transcript.Turn;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chat Completions, as OpenAI began it and many servers speak it, each in its own way. */
final class ChatWire implements Wire {
    private static final String DEEPSEEK_HOST = "api.deepseek.com";

    @Override
    public String path() {
        return "/chat/completions";
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
        boolean openAi = question.endpoint().isHost(Endpoint.OPENAI_HOST);
        var body = Json.object();
        body.put("model", question.model());
        body.put("stream", true);
        if (traits.takes("stream_options")) {
            body.putObject("stream_options").put("include_usage", true);
        }
        var limitName = openAi != traits.otherLimitName() ? "max_completion_tokens" : "max_tokens";
        if (traits.takes(limitName)) {
            outputLimit(question).ifPresent(limit -> body.put(limitName, limit));
        }
        if (traits.effortNone()) {
            body.put("reasoning_effort", "none");
        }
        if (openAi && traits.takes("prompt_cache_key")) {
            body.put("prompt_cache_key", request.cacheKey());
        }
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools()
                    .forEach(tool -> tools.addObject()
                            .put("type", "function")
                            .putObject("function")
                            .put("name", ToolNames.onWire(tool.name()))
                            .put("description", tool.description())
                            .set("parameters", tool.inputSchema()));
        }
        var messages = body.putArray("messages");
        if (!request.system().isBlank()) {
            messages.addObject().put("role", "system").put("content", request.system());
        }
        var transcript = Transcript.of(
                question,
                traits.shortIds(),
                (block, maker) -> maker == Maker.SAME_MODEL && block instanceof Block.Thinking);
        for (var turn : transcript.turns()) {
            switch (turn) {
                case Turn.User user -> user(messages, user, traits.noUserAfterTool());
                case Turn.Assistant(var blocks) -> assistant(messages, blocks, question);
            }
        }
        return body;
    }

    private static void user(ArrayNode messages, Turn.User user, boolean noUserAfterTool) {
        boolean resultsCarryText = noUserAfterTool && !user.answers().isEmpty();
        var leftOut =
                resultsCarryText ? user.images().stream().map(_ -> Transcript.IMAGE_LEFT_OUT) : Stream.<String>of();
        var text = Stream.concat(leftOut, user.texts().stream()).collect(Collectors.joining("\n\n"));
        for (var answer : user.answers()) {
            var output = answer.failed() ? "Error: " + answer.output() : answer.output();
            boolean carriesText = resultsCarryText
                    && !text.isEmpty()
                    && answer == user.answers().getLast();
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", answer.id())
                    .put("content", carriesText ? output + "\n\n" + text : output);
        }
        if (!resultsCarryText && !(text.isEmpty() && user.images().isEmpty())) {
            said(messages, user.images(), text);
        }
    }

    /** As a string where no image is with it: many servers take nothing else. */
    private static void said(ArrayNode messages, List<Image> images, String text) {
        var last = messages.path(messages.size() - 1);
        var message = Json.string(last, "role").equals("user") // strict templates want turns to alternate
                ? (ObjectNode) last
                : messages.addObject().put("role", "user");
        var before = Json.string(message, "content");
        if (images.isEmpty() && !message.path("content").isArray()) {
            message.put("content", before.isEmpty() ? text : before + "\n\n" + text);
            return;
        }
        var parts =
                message.path("content").isArray() ? (ArrayNode) message.get("content") : message.putArray("content");
        if (!before.isEmpty()) {
            parts.addObject().put("type", "text").put("text", before);
        }
        images.forEach(image -> parts.addObject()
                .put("type", "image_url")
                .putObject("image_url")
                .put("url", Json.dataUrl(image)));
        if (!text.isEmpty()) {
            parts.addObject().put("type", "text").put("text", text);
        }
    }

    private static void assistant(ArrayNode messages, List<Said> blocks, Question question) {
        var message = Json.object().put("role", "assistant");
        var text = blocks.stream()
                .map(Said::block)
                .filter(Block.Text.class::isInstance)
                .map(block -> ((Block.Text) block).text())
                .collect(Collectors.joining());
        if (text.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text);
        }
        boolean calls = blocks.stream().anyMatch(said -> said.block() instanceof Block.Call);
        if (calls && givesReasoningBack(question)) {
            message.put("reasoning_content", reasoning(blocks));
        }
        if (question.traits().takes("reasoning_details")) {
            blocks.stream()
                    .map(said -> said.block().replay().path("reasoning_details"))
                    .filter(JsonNode::isArray)
                    .findFirst()
                    .ifPresent(details -> message.set("reasoning_details", details));
        }
        if (calls) {
            var list = message.putArray("tool_calls");
            blocks.stream()
                    .filter(said -> said.block() instanceof Block.Call)
                    .forEach(said -> list.add(call((Block.Call) said.block(), said, question)));
        }
        if (calls || !text.isEmpty()) {
            messages.add(message);
        }
    }

    private static boolean givesReasoningBack(Question question) {
        return question.traits().reasoningBack()
                || question.endpoint().isHost(DEEPSEEK_HOST)
                        && question.traits().takes("reasoning_content");
    }

    private static String reasoning(List<Said> blocks) {
        return blocks.stream()
                .map(Said::block)
                .filter(Block.Thinking.class::isInstance)
                .map(block -> ((Block.Thinking) block).text())
                .collect(Collectors.joining());
    }

    private static ObjectNode call(Block.Call call, Said said, Question question) {
        boolean own = said.maker() == Maker.SAME_MODEL;
        var node = Json.object().put("id", said.id()).put("type", "function");
        node.putObject("function")
                .put("name", ToolNames.onWire(call.tool()))
                .put("arguments", own ? Arguments.text(call.replay(), call.input()) : Json.text(call.input()));
        if (own) {
            call.replay().path("extra").properties().stream()
                    .filter(field -> question.traits().takes(field.getKey()))
                    .forEach(field -> node.set(field.getKey(), field.getValue()));
        }
        return node;
    }

    @Override
    public Reading reading(Draft draft) {
        return new ChatReading(draft);
    }
}
