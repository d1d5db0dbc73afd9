package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.wire.Transcript.Maker;
import dev.cleanroom.model.wire.Transcript.Said;
import dev.cleanroom.model.wire.Transcript.Turn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Anthropic's Messages API, versions 2023-06-01 and 2026-10-21: bodies are valid in both. */
final class AnthropicWire implements Wire {
    private static final int MAX_OUTPUT = 32_000; // tokens, thinking included; a reply cut inside a call asks for more
    private static final Set<String> OWN_FIELDS =
            Set.of("id", "arguments"); // of a call's replay; the rest is the wire's
    private static final String BINDING_BETA = "thinking-binding-controls-2026-08-01";

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public Map<String, String> headers(Question question) {
        var headers = new LinkedHashMap<String, String>();
        var endpoint = question.endpoint();
        headers.put("anthropic-version", endpoint.isHost(Endpoint.ANTHROPIC_HOST) ? "2026-10-21" : "2023-06-01");
        endpoint.key().ifPresent(key -> headers.put("x-api-key", key));
        if (asksToDropBlocks(question)) {
            headers.put("anthropic-beta", BINDING_BETA);
        }
        return headers;
    }

    private static boolean asksToDropBlocks(Question question) {
        return question.thinking() == Learnt.Thinking.DROP_BLOCK
                && question.traits().takes("anthropic-beta");
    }

    @Override
    public OptionalInt outputLimit(Question question) {
        int wanted = question.maxOutput().orElse(MAX_OUTPUT);
        return OptionalInt.of(Math.min(wanted, question.traits().maxOutput().orElse(Integer.MAX_VALUE)));
    }

    @Override
    public ObjectNode body(Question question) {
        var request = question.request();
        var traits = question.traits();
        var body = Json.object();
        body.put("model", question.model());
        body.put("max_tokens", outputLimit(question).orElseThrow());
        body.put("stream", true);
        if (traits.adaptiveThinking() && traits.takes("thinking")) {
            var thinking = body.putObject("thinking").put("type", "adaptive");
            if (traits.takes("thinking.display")) {
                thinking.put("display", "summarized");
            }
            if (asksToDropBlocks(question)) {
                thinking.putObject("block_binding").put("prefix_mismatch_behavior", "drop_block");
            }
        }
        boolean marks = traits.takes("cache_control");
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools()
                    .forEach(tool -> tools.addObject()
                            .put("name", ToolNames.onWire(tool.name()))
                            .put("description", tool.description())
                            .set("input_schema", tool.inputSchema()));
            if (marks && request.system().isBlank()) {
                mark((ObjectNode) tools.get(tools.size() - 1));
            }
        }
        if (!request.system().isBlank()) {
            var system = body.putArray("system").addObject().put("type", "text").put("text", request.system());
            if (marks) {
                mark(system);
            }
        }
        messages(body.putArray("messages"), question);
        if (marks) {
            markNewestUsers(body.withArray("messages"));
        }
        return body;
    }

    private static void messages(ArrayNode messages, Question question) {
        var transcript = Transcript.of(question, false, (block, maker) -> sends(block, maker, question.thinking()));
        for (var turn : transcript.turns()) {
            switch (turn) {
                case Turn.User user -> user(messages, user);
                case Turn.Assistant(var blocks) -> assistant(messages, blocks);
            }
        }
    }

    private static boolean sends(Block block, Maker maker, Learnt.Thinking thinking) {
        var replay = block.replay();
        boolean isThinking =
                replay.has("signature") || Json.string(replay, "type").equals("redacted_thinking");
        return maker != Maker.OTHER
                && (block instanceof Block.Opaque || isThinking)
                && !(isThinking && thinking == Learnt.Thinking.LEFT_OUT);
    }

    private static void user(ArrayNode messages, Turn.User user) {
        var content = messages.addObject().put("role", "user").putArray("content");
        for (var answer : user.answers()) {
            var result = content.addObject().put("type", "tool_result").put("tool_use_id", answer.id());
            if (!answer.output().isEmpty()) {
                result.put("content", answer.output());
            }
            if (answer.failed()) {
                result.put("is_error", true);
            }
        }
        for (var image : user.images()) {
            content.addObject()
                    .put("type", "image")
                    .putObject("source")
                    .put("type", "base64")
                    .put("media_type", image.mediaType())
                    .put("data", image.base64());
        }
        user.texts().forEach(text -> content.addObject().put("type", "text").put("text", text));
    }

    private static void assistant(ArrayNode messages, List<Said> blocks) {
        var content = messages.addObject().put("role", "assistant").putArray("content");
        for (var said : blocks) {
            switch (said.block()) {
                case Block.Text text
                when said.maker() != Maker.OTHER && text.replay().isObject() -> content.add(text.replay());
                case Block.Text text -> content.addObject().put("type", "text").put("text", text.text());
                case Block.Thinking thinking -> content.add(thinking.replay());
                case Block.Opaque opaque -> content.add(opaque.replay());
                case Block.Call call -> {
                    var use = content.addObject()
                            .put("type", "tool_use")
                            .put("id", said.id())
                            .put("name", ToolNames.onWire(call.tool()));
                    use.set("input", Arguments.object(call.replay(), call.input()));
                    if (said.maker() != Maker.OTHER) {
                        call.replay().properties().stream()
                                .filter(field -> !OWN_FIELDS.contains(field.getKey()))
                                .forEach(field -> use.set(field.getKey(), field.getValue()));
                    }
                }
            }
        }
    }

    /** At the end of the newest user message and of the one before: a long step still finds the previous end. */
    private static void markNewestUsers(ArrayNode messages) {
        int marked = 0;
        for (int i = messages.size() - 1; i >= 0 && marked < 2; i--) {
            if (messages.get(i).path("role").textValue().equals("user")) {
                var content = messages.get(i).path("content");
                mark((ObjectNode) content.get(content.size() - 1));
                marked++;
            }
        }
    }

    private static void mark(ObjectNode block) {
        block.putObject("cache_control").put("type", "ephemeral");
    }

    @Override
    public Reading reading(Draft draft) {
        return new AnthropicReading(draft);
    }
}
