package dev.cleanroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * A model on the Anthropic wire that does next to nothing but note the time: {@code testing.ScriptedModel} checks each
 * request, and would be measured. A conversation is named by the last text of its first message; each plays the script.
 */
final class BenchModel implements AutoCloseable {
    static final String NAME = "scripted-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What one reply is. */
    sealed interface Step {
        /** @param kind under which the time until the next request is counted */
        record Call(String kind, String tool, Map<String, Object> input) implements Step {}

        /** Text in pieces, one event each, with a pause after each. */
        record Pieces(List<String> pieces, Duration pause) implements Step {}
    }

    /** Told by the threads that serve. Times are of {@link System#nanoTime}. */
    interface Observer {
        /** @param step from 0; @param at when the request's first bytes had come */
        default void asked(String conversation, int step, JsonNode body, long at) {}

        /** @param at just before the piece was written */
        default void writes(String conversation, String piece, long at) {}

        /** @param at when the reply's last byte had been written */
        default void answered(String conversation, int step, long at) {}
    }

    private final HttpServer server;
    private final List<Step> script;
    private final Observer observer;
    private final Map<String, Integer> done = new ConcurrentHashMap<>(); // conversations whose script has ended

    BenchModel(List<Step> script, Observer observer) throws IOException {
        System.setProperty(
                "sun.net.httpserver.nodelay",
                "true"); // else a reply's end waits 40 ms for the reader's acknowledgement
        this.script = script;
        this.observer = observer;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 200);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/messages", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Returns when the last step of the script has been answered. */
    void awaitEnd(String conversation, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!done.containsKey(conversation)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("The script of " + conversation + " was not played to its end");
            }
            Thread.sleep(20);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        long at = System.nanoTime();
        var body = JSON.readTree(exchange.getRequestBody());
        String conversation = conversation(body);
        int step = 0;
        for (var message : body.path("messages")) {
            step += message.path("role").asText().equals("assistant") ? 1 : 0;
        }
        observer.asked(conversation, step, body, at);
        exchange.getResponseHeaders().add("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            switch (step < script.size() ? script.get(step) : new Step.Pieces(List.of("Done."), Duration.ZERO)) {
                case Step.Call call -> write(out, frames(call, step));
                case Step.Pieces(var pieces, var pause) -> stream(out, conversation, pieces, pause);
            }
        }
        observer.answered(conversation, step, System.nanoTime());
        if (step >= script.size() - 1 && !(script.getLast() instanceof Step.Call) || step >= script.size()) {
            done.put(conversation, step);
        }
    }

    private void stream(OutputStream out, String conversation, List<String> pieces, Duration pause) throws IOException {
        var block = object().put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        write(out, frame("message_start", message()) + frame("content_block_start", block));
        for (var piece : pieces) {
            var frame = frame("content_block_delta", delta("text_delta", "text", piece));
            observer.writes(conversation, piece, System.nanoTime());
            write(out, frame);
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        write(out, frame("content_block_stop", object().put("index", 0)) + end("end_turn"));
    }

    private static void write(OutputStream out, String frames) throws IOException {
        out.write(frames.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static String conversation(JsonNode body) {
        var first = body.path("messages").path(0).path("content");
        return first.isTextual()
                ? first.asText()
                : first.path(first.size() - 1).path("text").asText();
    }

    private static String frames(Step.Call call, int number) {
        var block = object().put("index", 0);
        block.putObject("content_block")
                .put("type", "tool_use")
                .put("id", "toolu_" + number)
                .put("name", call.tool())
                .putObject("input");
        var input = JSON.valueToTree(call.input()).toString();
        return frame("message_start", message())
                + frame("content_block_start", block)
                + frame("content_block_delta", delta("input_json_delta", "partial_json", input))
                + frame("content_block_stop", object().put("index", 0))
                + end("tool_use");
    }

    private static ObjectNode message() {
        var start = object();
        var message = start.putObject("message")
                .put("id", "msg")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", NAME);
        message.putArray("content");
        message.putObject("usage").put("input_tokens", 1_000).put("output_tokens", 1);
        return start;
    }

    private static ObjectNode delta(String type, String field, String text) {
        var delta = object().put("index", 0);
        delta.putObject("delta").put("type", type).put(field, text);
        return delta;
    }

    private static String end(String reason) {
        var end = object();
        end.putObject("delta").put("stop_reason", reason);
        end.putObject("usage").put("output_tokens", 20);
        return frame("message_delta", end) + frame("message_stop", object());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String frame(String event, ObjectNode data) {
        return "event: " + event + "\ndata: " + data.put("type", event) + "\n\n";
    }
}
