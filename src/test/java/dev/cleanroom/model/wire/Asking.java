package dev.cleanroom.model.wire;

import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelClient.ToolSpec;
import dev.cleanroom.model.ModelClient.Usage;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.testing.ScriptedModel;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client of a scripted model with a conversation that grows as an agent's does. Its patience is short. */
final class Asking implements Listener {
    static final Limits SHORT = new Limits(
            Duration.ofMillis(1_500),
            Duration.ofMillis(1_500),
            Duration.ofMillis(600),
            8,
            3,
            Duration.ofSeconds(20),
            Duration.ofMillis(2),
            Duration.ofMillis(10),
            Duration.ofMillis(600),
            Duration.ofMillis(600));

    final List<Message> conversation = new ArrayList<>();
    final List<String> retries = new ArrayList<>();
    final List<Long> waits = new ArrayList<>();
    final List<Usage> discarded = new ArrayList<>();
    final Map<Integer, StringBuilder> shown = new TreeMap<>(); // by block, of the newest attempt
    Optional<Reply> soFar = Optional.empty();
    List<ToolSpec> tools = List.of(
            tool("Read", "{\"type\":\"object\",\"properties\":{\"file_path\":{\"type\":\"string\"}}}"),
            tool("Bash", "{\"type\":\"object\",\"properties\":{\"command\":{\"type\":\"string\"}}}"));
    Optional<Integer> maxOutput = Optional.empty();
    String model = ScriptedModel.MODEL;

    private final Endpoint endpoint;
    private final WireClient client;
    private int attempt = 1;

    Asking(ScriptedModel server, Format format) {
        this(base(server, format), format, SHORT);
    }

    Asking(URI base, Format format, Limits limits) {
        this(new Endpoint("test", format, base, Optional.of("key-1")), limits);
    }

    Asking(Endpoint endpoint, Limits limits) {
        this.endpoint = endpoint;
        client = new WireClient((_, _, _) -> Optional.of(0.5), limits, Clock.systemUTC());
    }

    static URI base(ScriptedModel server, Format format) {
        return format == Format.ANTHROPIC ? server.anthropicBase() : server.openAiBase();
    }

    static ToolSpec tool(String name, String schema) {
        return new ToolSpec(name, "Does " + name + ".", Json.read(schema).orElseThrow());
    }

    WireClient client() {
        return client;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Reply ask(String prompt) throws ModelException, InterruptedException {
        conversation.add(Message.User.text(prompt));
        return again();
    }

    /** Answers each call of the newest reply and asks on. */
    Reply answer(String output) throws ModelException, InterruptedException {
        var calls = ((Message.Assistant) conversation.getLast()).blocks();
        conversation.add(new Message.User(
                calls.stream()
                        .filter(Block.Call.class::isInstance)
                        .map(call -> new Result(((Block.Call) call).callId(), output, false))
                        .toList(),
                List.of(),
                List.of()));
        return again();
    }

    Reply again() throws ModelException, InterruptedException {
        shown.clear();
        attempt = 1;
        var reply = client.reply(endpoint, model, request(), this);
        conversation.add(new Message.Assistant(endpoint.provider() + "/" + model, reply.blocks()));
        return reply;
    }

    Request request() {
        return new Request(
                endpoint.provider() + "/" + model,
                "You are a test.",
                tools,
                List.copyOf(conversation),
                "session-1",
                maxOutput);
    }

    @Override
    public void delta(int attempt, int block, Kind kind, int offset, String text) {
        if (attempt > this.attempt) {
            this.attempt = attempt;
            shown.clear();
        }
        var known = shown.computeIfAbsent(block, _ -> new StringBuilder());
        if (offset != known.length()) {
            throw new AssertionError(
                    "offset " + offset + " of block " + block + ", but " + known.length() + " are shown");
        }
        known.append(text);
    }

    @Override
    public void retried(int attempt, long afterMillis, String reason) {
        retries.add(reason);
        waits.add(afterMillis);
    }

    @Override
    public void discarded(int attempt, Usage usage) {
        discarded.add(usage);
    }

    @Override
    public void interrupted(Reply soFar) {
        this.soFar = Optional.of(soFar);
    }

    static String text(Reply reply) {
        var text = new StringBuilder();
        for (var block : reply.blocks()) {
            if (block instanceof Block.Text words) {
                text.append(words.text());
            }
        }
        return text.toString();
    }

    static List<Block.Call> calls(Reply reply) {
        return reply.blocks().stream()
                .filter(Block.Call.class::isInstance)
                .map(Block.Call.class::cast)
                .toList();
    }
}
