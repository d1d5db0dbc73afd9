package dev.cleanroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.whole.WholeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Many sessions in one server that play the script of {@link Scripted} at once: all must end, none much later than the
 * others. Arguments: {@code [sessions]}, 100 if not given.
 */
public final class CrowdBench implements BenchModel.Observer {
    private static final Duration ALL = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(1); // looking costs the server, too

    private final Map<String, Long> begun = new ConcurrentHashMap<>(); // by prompt, as are the others
    private final Map<String, Long> firstRequest = new ConcurrentHashMap<>();
    private final Map<String, Long> lastReply = new ConcurrentHashMap<>();

    private CrowdBench() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        var bench = new CrowdBench();
        try (var model = new BenchModel(Scripted.STEPS, bench);
                var server = WholeServer.withModel(Figures.home(), model.url(), BenchModel.NAME)) {
            bench.run(model, server, count);
        }
    }

    private void run(BenchModel model, WholeServer server, int count) throws Exception {
        server.start();
        String project = server.project(Figures.name("crowd"));
        double load = Figures.load();
        var handle = server.process().toHandle();
        var before = Figures.Cpu.of(handle);
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(IntStream.range(0, count)
                    .<Callable<Void>>mapToObj(_ -> () -> {
                        turn(model, server, project);
                        return null;
                    })
                    .toList())) {
                done.get();
            }
        }
        var cpu = Figures.Cpu.of(handle).since(before);
        var whole = new ArrayList<Long>();
        begun.forEach((prompt, at) -> whole.add(lastReply.get(prompt) - at));
        var first = new ArrayList<Long>();
        begun.forEach((prompt, at) -> first.add(firstRequest.get(prompt) - at));
        int steps = count * (Scripted.STEPS.size() + 1);
        Figures.print("crowd.finished", whole.size(), "sessions of " + count);
        Figures.print("crowd.all-done", (System.nanoTime() - start) / 1e9, "s");
        Figures.print("crowd.first-request.p50", Figures.quantile(first, 0.5) / 1e3, "s");
        Figures.print("crowd.first-request.max", Figures.quantile(first, 1) / 1e3, "s");
        Figures.print("crowd.session.p50", Figures.quantile(whole, 0.5) / 1e3, "s");
        Figures.print("crowd.session.max", Figures.quantile(whole, 1) / 1e3, "s");
        Figures.print(
                "crowd.session.max-over-p50", Figures.quantile(whole, 1) / Figures.quantile(whole, 0.5), "times", 2);
        Figures.print("crowd.step.cpu", cpu.all() / steps, "ms");
        Figures.print("crowd.step.cpu.server", cpu.own() / steps, "ms");
        Figures.print("crowd.server.rss-peak", Figures.memory(handle, "VmHWM"), "MiB", 450);
        Figures.print("crowd.server.rss-after", Figures.memory(handle, "VmRSS"), "MiB");
        Figures.print("load-before", load, "");
        server.delete(project, Figures.name("crowd"));
    }

    private void turn(BenchModel model, WholeServer server, String project) throws Exception {
        String session = server.session(project);
        String prompt = "twenty steps " + session;
        begun.put(prompt, System.nanoTime());
        server.prompt(session, prompt);
        model.awaitEnd(prompt, ALL);
        server.awaitIdle(session, PAUSE);
        Scripted.check(server, session);
    }

    @Override
    public void asked(String conversation, int step, JsonNode body, long at) {
        firstRequest.putIfAbsent(conversation, at);
    }

    @Override
    public void answered(String conversation, int step, long at) {
        lastReply.put(conversation, at);
    }
}
