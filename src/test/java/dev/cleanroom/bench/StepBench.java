package dev.cleanroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * What the server adds to a step: from the last byte of the model's reply to the first byte of the next request, tool
 * included, every event durable. Starts {@code ./cleanroom} on a data folder of its own, plays a script of twenty steps (10
 * reads, 5 shell calls, 3 edits, 1 grep, 1 write) in many sessions one after the other, and the floor in the same run: a
 * loop of plain Java that reads the file and posts the next request.
 *
 * <p>Arguments: {@code [rounds] [sessions at once]}, 8 and 0 if not given.
 */
public final class StepBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofMinutes(15); // the first start builds the server
    private static final Duration TURN = Duration.ofMinutes(5);
    private static final String SETUP =
            "mkdir -p src; for i in 1 2 3 4 5; do yes \"line of file $i\" | head -200 | nl > src/f$i.txt; done";

    private record Step(String kind, String tool, Map<String, Object> input) {}

    private static final List<Step> SCRIPT = script();

    private final Map<String, List<Long>> nanos = new ConcurrentHashMap<>();
    private final Map<String, Long> ended = new ConcurrentHashMap<>(); // by cache key: when the last reply ended
    private final Map<String, String> kinds = new ConcurrentHashMap<>(); // what that reply asked for
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer model;
    private volatile boolean measures;

    private StepBench() throws IOException {
        model = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 200);
        model.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        model.createContext("/v1/messages", this::answer);
        model.start();
    }

    private static List<Step> script() {
        var steps = new ArrayList<Step>();
        steps.add(new Step("setup", "Bash", Map.of("command", SETUP)));
        for (int i = 1; i <= 5; i++) {
            steps.add(new Step("read", "Read", Map.of("file_path", "src/f" + i + ".txt")));
            steps.add(new Step("read", "Read", Map.of("file_path", "src/f" + i + ".txt", "offset", 100)));
        }
        for (int i = 1; i <= 3; i++) {
            var edit = Map.<String, Object>of(
                    "file_path", "src/f" + i + ".txt", "old_string", "     7\t", "new_string", "     seven\t");
            steps.add(new Step("edit", "Edit", edit));
            steps.add(new Step("true", "Bash", Map.of("command", "true")));
        }
        steps.add(new Step("shell", "Bash", Map.of("command", "wc -l src/*.txt")));
        steps.add(new Step("grep", "Grep", Map.of("pattern", "seven")));
        steps.add(new Step("write", "Write", Map.of("file_path", "new.txt", "content", "new\n")));
        return steps;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        int atOnce = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        new StepBench().run(rounds, atOnce);
        System.exit(0);
    }

    private void run(int rounds, int atOnce) throws Exception {
        var home = Files.createTempDirectory("step-bench");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = freePort();
        var builder = new ProcessBuilder("./cleanroom");
        builder.environment()
                .putAll(Map.of(
                        "CLEANROOM_HOME",
                        home.toString(),
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(port),
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(freePort()),
                        "ANTHROPIC_API_KEY",
                        "bench",
                        "ANTHROPIC_BASE_URL",
                        "http://127.0.0.1:" + model.getAddress().getPort(),
                        "CLEANROOM_MODEL",
                        "anthropic/scripted-1",
                        "CLEANROOM_ADMIN_EMAIL",
                        "bench@example.org",
                        "CLEANROOM_ADMIN_PASSWORD",
                        "correct horse battery"));
        builder.redirectErrorStream(true).redirectOutput(home.resolve("log").toFile());
        var server = builder.start();
        try {
            var api = new Api(client, URI.create("http://localhost:" + port), home);
            api.awaitReady(server);
            var project = api.project();
            floor(rounds);
            for (int i = 0; i < rounds; i++) {
                api.turn(project); // warm: the first sessions run half interpreted
            }
            measures = true;
            double before = cpuMillis(server.pid());
            for (int i = 0; i < rounds; i++) {
                api.turn(project);
            }
            double cpu = (cpuMillis(server.pid()) - before) / (rounds * (SCRIPT.size() + 1));
            measures = false;
            report(cpu, server.pid());
            if (atOnce > 0) {
                many(api, project, atOnce, server.pid());
            }
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private void many(Api api, UUID project, int count, long pid) throws Exception {
        long begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(IntStream.range(0, count)
                    .<Callable<Void>>mapToObj(_ -> () -> {
                        api.turn(project);
                        return null;
                    })
                    .toList())) {
                done.get();
            }
        }
        print("sessions-at-once", count, "");
        print("sessions-at-once.all-done", (System.nanoTime() - begin) / 1e9, "s");
        print("server.rss-peak", status(pid, "VmHWM:") / 1024.0, "MiB");
    }

    /** The same server and script, played by forty lines of Java: what a process with nothing in it costs here. */
    private void floor(int rounds) throws Exception {
        var file = Files.createTempFile("floor", ".txt");
        Files.writeString(file, "line\n".repeat(200));
        var messages = JSON.createArrayNode();
        for (int round = 0; round < 2 * rounds; round++) {
            measures = round >= rounds;
            messages.removeAll();
            for (int step = 0; step <= SCRIPT.size(); step++) {
                var body = JSON.createObjectNode();
                body.putObject("metadata").put("user_id", "floor");
                body.set("messages", messages);
                var request = HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + model.getAddress().getPort() + "/v1/messages"))
                        .header("x-bench", "floor")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
                client.send(request, BodyHandlers.ofLines()).body().forEach(line -> {});
                messages.addObject().put("role", "assistant").put("content", "call");
                messages.addObject().put("role", "user").put("content", Files.readString(file));
            }
        }
        measures = false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        boolean isFloor = exchange.getRequestHeaders().containsKey("x-bench");
        var body = JSON.readTree(exchange.getRequestBody());
        String key = isFloor ? "floor" : conversation(body);
        int step = 0;
        for (var message : body.path("messages")) {
            step += message.path("role").asText().equals("assistant") ? 1 : 0;
        }
        var last = ended.remove(key);
        if (last != null && step > 0 && measures) {
            String kind = isFloor ? "floor" : kinds.get(key);
            nanos.computeIfAbsent(kind, _ -> Collections.synchronizedList(new ArrayList<>()))
                    .add(now - last);
        }
        var frames = (step < SCRIPT.size() ? call(SCRIPT.get(step), step) : text()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, frames.length);
        if (step < SCRIPT.size()) {
            kinds.put(key, SCRIPT.get(step).kind());
        }
        try (var out = exchange.getResponseBody()) {
            out.write(frames);
            out.flush();
            ended.put(key, System.nanoTime());
        }
    }

    /** Each session's first prompt names it. */
    private static String conversation(JsonNode body) {
        var first = body.path("messages").path(0).path("content");
        String text = first.isTextual()
                ? first.asText()
                : first.path(first.size() - 1).path("text").asText();
        return text;
    }

    private static String call(Step step, int number) {
        var input = JSON.valueToTree(step.input()).toString();
        return frame("message_start", message())
                + frame("content_block_start", block(number, step.tool()))
                + frame("content_block_delta", delta("input_json_delta", "partial_json", input))
                + frame("content_block_stop", object().put("index", 0))
                + frame("message_delta", end("tool_use"))
                + frame("message_stop", object());
    }

    private static String text() {
        var block = object().put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        return frame("message_start", message())
                + frame("content_block_start", block)
                + frame("content_block_delta", delta("text_delta", "text", "Done."))
                + frame("content_block_stop", object().put("index", 0))
                + frame("message_delta", end("end_turn"))
                + frame("message_stop", object());
    }

    private static ObjectNode message() {
        var start = object();
        var message = start.putObject("message")
                .put("id", "msg")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", "scripted-1");
        message.putArray("content");
        message.putObject("usage").put("input_tokens", 1_000).put("output_tokens", 1);
        return start;
    }

    private static ObjectNode block(int number, String tool) {
        var start = object().put("index", 0);
        start.putObject("content_block")
                .put("type", "tool_use")
                .put("id", "toolu_" + number)
                .put("name", tool)
                .putObject("input");
        return start;
    }

    private static ObjectNode delta(String type, String field, String text) {
        var delta = object().put("index", 0);
        delta.putObject("delta").put("type", type).put(field, text);
        return delta;
    }

    private static ObjectNode end(String reason) {
        var end = object();
        end.putObject("delta").put("stop_reason", reason);
        end.putObject("usage").put("output_tokens", 20);
        return end;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String frame(String event, ObjectNode data) {
        return "event: " + event + "\ndata: " + data.put("type", event) + "\n\n";
    }

    private void report(double cpuMillis, long pid) throws IOException {
        for (var kind : List.of("floor", "read", "true", "shell", "edit", "write", "grep")) {
            var sorted = nanos.getOrDefault(kind, List.of(0L)).stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            print("step." + kind + ".p50", at(sorted, 0.5), "ms");
            print("step." + kind + ".p95", at(sorted, 0.95), "ms");
            print("step." + kind + ".min", sorted[0] / 1e6, "ms");
        }
        print("step.read.over-floor.p50", at(sorted("read"), 0.5) - at(sorted("floor"), 0.5), "ms");
        print("step.cpu", cpuMillis, "ms");
        print("server.rss", status(pid, "VmRSS:") / 1024.0, "MiB");
    }

    private long[] sorted(String kind) {
        return nanos.getOrDefault(kind, List.of(0L)).stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[Math.min(sorted.length - 1, (int) (quantile * sorted.length))] / 1e6;
    }

    private static void print(String name, double value, String unit) {
        System.out.printf("%s %.2f %s%n", name, value, unit);
    }

    /** CPU time of the server's own process. */
    private static double cpuMillis(long pid) throws IOException {
        var fields = Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10.0; // ticks of 10 ms
    }

    private static long status(long pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElse(0);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The server's public face. */
    private record Api(HttpClient client, URI base, Path home) {
        void awaitReady(Process server) throws Exception {
            long end = System.nanoTime() + START.toNanos();
            while (true) {
                try {
                    if (send("GET", "/q/health/ready", null, false).statusCode() == 200
                            && Files.exists(home.resolve("cli-token"))) {
                        return;
                    }
                } catch (IOException notYet) {
                    // it starts
                }
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(Files.readString(home.resolve("log")));
                }
                Thread.sleep(100);
            }
        }

        UUID project() throws Exception {
            var made = json("POST", "/api/v1/projects", "{\"name\":\"bench\",\"source\":{\"kind\":\"empty\"}}");
            String id = made.path("id").asText();
            while (!json("GET", "/api/v1/projects/" + id, null)
                    .path("status")
                    .asText()
                    .equals("ready")) {
                Thread.sleep(20);
            }
            return UUID.fromString(id);
        }

        /** A session of its own, one prompt, until the turn has ended. */
        void turn(UUID project) throws Exception {
            var session = json(
                            "POST",
                            "/api/v1/projects/" + project + "/sessions",
                            "{\"model\":\"anthropic/scripted-1\",\"mode\":\"bypassPermissions\"}")
                    .path("id")
                    .asText();
            json("POST", "/api/v1/sessions/" + session + "/prompts", "{\"text\":\"twenty steps " + session + "\"}");
            long end = System.nanoTime() + TURN.toNanos();
            while (System.nanoTime() < end) {
                var events = json("GET", "/api/v1/sessions/" + session + "/events?limit=5000", null);
                for (var event : events) {
                    if (event.path("type").asText().equals("turn-ended")) {
                        if (!event.path("reason").asText().equals("answered")) {
                            throw new IllegalStateException(event.toString());
                        }
                        failOnFailedCalls(events);
                        return;
                    }
                }
                Thread.sleep(200);
            }
            throw new IllegalStateException("the turn did not end");
        }

        private static void failOnFailedCalls(JsonNode events) {
            for (var event : events) {
                if (event.path("failed").asBoolean(false)) {
                    throw new IllegalStateException(event.toString());
                }
            }
        }

        private JsonNode json(String method, String path, String body) throws Exception {
            var response = send(method, path, body, true);
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        }

        private HttpResponse<String> send(String method, String path, String body, boolean authorised)
                throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(base.resolve(path)).header("Content-Type", "application/json");
            if (authorised) {
                request.header(
                        "Authorization",
                        "Bearer " + Files.readString(home.resolve("cli-token")).strip());
            }
            var publisher =
                    body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
            return client.send(request.method(method, publisher).build(), BodyHandlers.ofString());
        }
    }
}
