package dev.cleanroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.bench.BenchModel.Step;
import dev.cleanroom.whole.WholeServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the server adds to a step: from the last byte of the model's reply to the first byte of the next request, tool
 * included, every event durable. Plays the script of {@link Scripted} in sessions one after the other, and the floor in the
 * same run: a loop of plain Java that reads the file and posts the next request. Also what the first request weighs, and
 * that each request of a turn begins with the one before it.
 *
 * <p>Arguments: {@code [rounds] [rounds that warm up]}, 15 and 15 if not given.
 */
public final class StepBench implements BenchModel.Observer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TURN = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(50); // looking costs the server, too
    private static final String FLOOR = "floor";
    private static final int FILE_LINES = 200; // as in the script's files

    private final Map<String, Collection<Long>> nanos = new ConcurrentHashMap<>(); // by kind of step
    private final Map<String, Long> answered = new ConcurrentHashMap<>(); // by conversation: when its last reply ended
    private final List<JsonNode> requests = new ArrayList<>(); // of the first turn
    private volatile boolean measures;

    private StepBench() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        int warm = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        var bench = new StepBench();
        try (var model = new BenchModel(Scripted.STEPS, bench);
                var server = WholeServer.withModel(Figures.home(), model.url(), BenchModel.NAME)) {
            bench.run(model, server, rounds, warm);
        }
    }

    private void run(BenchModel model, WholeServer server, int rounds, int warm) throws Exception {
        server.start();
        String project = server.project(Figures.name("steps"));
        floor(model.url(), warm);
        for (int i = 0; i < warm; i++) {
            turn(model, server, project); // the first sessions run half interpreted
        }
        measures = true;
        floor(model.url(), rounds);
        double load = Figures.load();
        var before = Figures.Cpu.of(server.process().toHandle());
        for (int i = 0; i < rounds; i++) {
            turn(model, server, project);
        }
        var cpu = Figures.Cpu.of(server.process().toHandle()).since(before);
        report(cpu, rounds * (Scripted.STEPS.size() + 1), load);
        sizes();
        Figures.print("server.rss-after", Figures.memory(server.process().toHandle(), "VmRSS"), "MiB");
        server.delete(project, Figures.name("steps"));
    }

    private void turn(BenchModel model, WholeServer server, String project) throws Exception {
        String session = server.session(project);
        String prompt = "twenty steps " + session;
        server.prompt(session, prompt);
        model.awaitEnd(prompt, TURN);
        server.awaitIdle(session, PAUSE);
        Scripted.check(server, session);
    }

    /** What a process with nothing in it costs here. */
    private static void floor(URI model, int rounds) throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        var file = Files.createTempFile("floor", ".txt");
        Files.writeString(file, "a line of the file\n".repeat(FILE_LINES));
        for (int round = 0; round < rounds; round++) {
            var messages = JSON.createArrayNode();
            messages.addObject().put("role", "user").put("content", FLOOR);
            for (int step = 0; step <= Scripted.STEPS.size(); step++) {
                var body = JSON.createObjectNode().set("messages", messages).toString();
                var request = HttpRequest.newBuilder(model.resolve("/v1/messages"))
                        .POST(BodyPublishers.ofString(body))
                        .build();
                client.send(request, BodyHandlers.ofLines()).body().forEach(line -> {});
                messages.addObject().put("role", "assistant").put("content", "call");
                messages.addObject().put("role", "user").put("content", Files.readString(file));
            }
        }
        Files.delete(file);
    }

    @Override
    public void asked(String conversation, int step, JsonNode body, long at) {
        var last = answered.remove(conversation);
        if (measures && last != null && step > 0) {
            String kind = conversation.equals(FLOOR) ? FLOOR : ((Step.Call) Scripted.STEPS.get(step - 1)).kind();
            nanos.computeIfAbsent(kind, _ -> new ConcurrentLinkedQueue<>()).add(at - last);
        }
        synchronized (requests) {
            boolean isFirstTurn = requests.isEmpty() && step == 0
                    || !requests.isEmpty() && conversation.equals(BenchModel.conversation(requests.getFirst()));
            if (isFirstTurn && !conversation.equals(FLOOR)) {
                requests.add(body);
            }
        }
    }

    @Override
    public void answered(String conversation, int step, long at) {
        answered.put(conversation, at);
    }

    private void report(Figures.Cpu cpu, int steps, double load) {
        for (var kind : Scripted.KINDS) {
            Figures.print("step." + kind + ".p50", Figures.quantile(nanos.get(kind), 0.5), "ms");
            Figures.print("step." + kind + ".p95", Figures.quantile(nanos.get(kind), 0.95), "ms");
            Figures.print("step." + kind + ".min", Figures.quantile(nanos.get(kind), 0), "ms");
        }
        double floor = Figures.quantile(nanos.get(FLOOR), 0.5);
        Figures.print("floor.p50", floor, "ms");
        Figures.print("floor.min", Figures.quantile(nanos.get(FLOOR), 0), "ms");
        Figures.print("step.read.over-floor.p50", Figures.quantile(nanos.get("read"), 0.5) - floor, "ms", 2);
        Figures.print("step.cpu", cpu.all() / steps, "ms", 15);
        Figures.print("step.cpu.server", cpu.own() / steps, "ms");
        Figures.print("step.cpu.database-and-sandboxes", cpu.below() / steps, "ms");
        Figures.print("load", load, "");
    }

    /** Tokens are a quarter of the bytes, as for the peers. */
    private void sizes() {
        var first = requests.getFirst();
        int bytes = bytes(first.path("system")) + bytes(first.path("tools"));
        Figures.print("first-request.system-and-tools", bytes / 4.0, "tokens", 4_000);
        Figures.print("first-request.whole", bytes(first) / 4.0, "tokens");
        int kept = 0;
        for (int i = 1; i < requests.size(); i++) {
            kept += isPrefix(requests.get(i - 1), requests.get(i)) ? 1 : 0;
        }
        System.out.printf("prefix-kept %d of %d requests  (aim all)%n", kept, requests.size() - 1);
    }

    private static int bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Tools, system and every message of the former, but for the marks that say what to cache. */
    private static boolean isPrefix(JsonNode former, JsonNode latter) {
        if (!same(former.path("tools"), latter.path("tools")) || !same(former.path("system"), latter.path("system"))) {
            return false;
        }
        for (int i = 0; i < former.path("messages").size(); i++) {
            if (!same(former.path("messages").get(i), latter.path("messages").path(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return unmarked(one).equals(unmarked(other));
    }

    private static String unmarked(JsonNode node) {
        return node.toString().replaceAll(",?\"cache_control\":\\{[^}]*}", "");
    }
}
