package dev.cleanroom.bench;

import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.ScriptedModel;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * CPU and wall time of a streamed reply of 200 deltas, on each wire. The scripted model runs in a process of its own, so
 * that only the client is counted.
 */
public final class ModelBench {
    private static final int WARM = 400;
    private static final int MEASURED = 400;
    private static final int DELTAS = 200;
    private static final int AT_ONCE = 100;

    private ModelBench() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("server")) {
            serve();
            return;
        }
        var server = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx256m",
                        ModelBench.class.getName(),
                        "server")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = server.inputReader()) {
            int port = Integer.parseInt(out.readLine());
            for (var wire : Format.values()) {
                measure(wire, port);
            }
        } finally {
            server.destroy();
        }
    }

    private static void serve() throws InterruptedException {
        var model = ScriptedModel.start()
                .withoutRecording()
                .otherwise(Answer.reply(Answer.text("token ".repeat(DELTAS))).deltaChars(6));
        System.out.println(model.anthropicBase().getPort());
        Thread.currentThread().join();
    }

    private static void measure(Format wire, int port) throws Exception {
        var base = URI.create("http://127.0.0.1:" + port + (wire == Format.ANTHROPIC ? "" : "/v1"));
        var endpoint = new Endpoint("bench", wire, base, Optional.of("key"));
        var client = new WireClient((_, _, _) -> Optional.empty());
        for (int i = 0; i < WARM; i++) {
            ask(client, endpoint);
        }
        var nanos = new long[MEASURED];
        long cpu = cpu();
        for (int i = 0; i < MEASURED; i++) {
            long before = System.nanoTime();
            ask(client, endpoint);
            nanos[i] = System.nanoTime() - before;
        }
        double cpuMs = (cpu() - cpu) / 1e6 / MEASURED;
        Arrays.sort(nanos);
        System.out.printf(
                "%-17s %d deltas: CPU %.2f ms, wall p50 %.2f ms, p99 %.2f ms; %d at once %d ms%n",
                wire,
                DELTAS,
                cpuMs,
                nanos[MEASURED / 2] / 1e6,
                nanos[MEASURED * 99 / 100] / 1e6,
                AT_ONCE,
                atOnce(client, endpoint).toMillis());
    }

    private static Duration atOnce(WireClient client, Endpoint endpoint) throws InterruptedException {
        var done = new CountDownLatch(AT_ONCE);
        long before = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.submit(() -> {
                    ask(client, endpoint);
                    done.countDown();
                    return null;
                });
            }
            done.await();
        }
        return Duration.ofNanos(System.nanoTime() - before);
    }

    private static void ask(WireClient client, Endpoint endpoint) throws Exception {
        var request = new Request(
                "bench/" + ScriptedModel.MODEL,
                "Be brief.",
                List.of(),
                List.of(Message.User.text("Go.")),
                "bench",
                Optional.empty());
        var reply = client.reply(endpoint, ScriptedModel.MODEL, request, new Listener() {
            @Override
            public void delta(int attempt, int block, Kind kind, int offset, String text) {}

            @Override
            public void retried(int attempt, long afterMillis, String reason) {
                throw new IllegalStateException(reason);
            }
        });
        if (reply.blocks().size() != 1) {
            throw new IllegalStateException("a reply of " + reply.blocks().size() + " blocks");
        }
    }

    /** Nanoseconds of this process. */
    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
