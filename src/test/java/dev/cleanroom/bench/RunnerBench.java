package dev.cleanroom.bench;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.testing.LocalSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What one trip to the runner costs, without a sandbox's walls. One line a figure: {@code name value unit}. */
public final class RunnerBench {
    private static final int WARM_UP = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private interface Trip {
        void run(int number) throws Exception;
    }

    private RunnerBench() {}

    public static void main(String[] arguments) throws Exception {
        var runtime = runtime();
        hello(runtime);
        try (var local = LocalSandbox.startFrom(runtime)) {
            var sandbox = local.sandbox();
            System.out.printf("runner.rss.fresh %d MiB%n", rss(local.runner()));
            trips("runner.ping", 2_000, number -> sandbox.ping());
            trips("runner.exec.true", 500, number -> run(sandbox, "true"));
            trips("runner.exec.bash", 200, number -> run(sandbox, "bash", "-c", "true"));
            var content = new byte[10 * 1024];
            sandbox.write("ten", content, new Sandbox.WriteCondition.Always());
            trips("runner.read.10k", 2_000, number -> sandbox.read("ten", 0, content.length));
            trips("runner.stat", 2_000, number -> sandbox.stat("ten"));
            trips(
                    "runner.write.10k",
                    500,
                    number -> sandbox.write("f" + number % 20, content, new Sandbox.WriteCondition.Always()));
            stdout(sandbox, 1_000_000_000L);
            System.out.printf("runner.rss.used %d MiB%n", rss(local.runner()));
        }
    }

    private static Path runtime() throws IOException, InterruptedException {
        var runtime = Path.of("target", "bench-runner").toAbsolutePath();
        var build = new ProcessBuilder("docker/runner/build-runtime.sh", "target/classes", runtime.toString());
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        if (build.inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("the runner's runtime cannot be built");
        }
        return runtime;
    }

    /** From the start of the process to the end of the handshake; the listener is there already. */
    private static void hello(Path runtime) throws Exception {
        var taken = new long[20];
        for (int i = -2; i < taken.length; i++) {
            long before = System.nanoTime();
            try (var local = LocalSandbox.startFrom(runtime)) {
                if (i >= 0) {
                    taken[i] = System.nanoTime() - before;
                }
                local.sandbox().ping();
            }
        }
        print("runner.hello", taken);
    }

    private static void run(Sandbox sandbox, String... argv) throws InterruptedException {
        var exec = sandbox.exec(new Sandbox.ExecRequest(
                UUID.randomUUID(), List.of(argv), Map.of(), "", Optional.of(LIMIT), new byte[0], Optional.empty()));
        exec.await();
        exec.acknowledge();
    }

    private static void stdout(Sandbox sandbox, long bytes) throws InterruptedException {
        var received = new AtomicLong();
        long before = System.nanoTime();
        var exec = sandbox.exec(
                Sandbox.ExecRequest.of(UUID.randomUUID(), LIMIT, "head", "-c", Long.toString(bytes), "/dev/zero"));
        exec.listen((stream, offset, piece) -> received.addAndGet(piece.length));
        exec.await();
        double seconds = (System.nanoTime() - before) / 1e9;
        System.out.printf("runner.stdout %.0f MB/s%n", received.get() / 1e6 / seconds);
        exec.acknowledge();
    }

    private static void trips(String name, int count, Trip trip) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            trip.run(i);
        }
        var taken = new long[count];
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            trip.run(i);
            taken[i] = System.nanoTime() - before;
        }
        print(name, taken);
    }

    private static void print(String name, long[] nanoseconds) {
        Arrays.sort(nanoseconds);
        System.out.printf("%s.p50 %.3f ms%n", name, nanoseconds[nanoseconds.length / 2] / 1e6);
        System.out.printf("%s.p99 %.3f ms%n", name, nanoseconds[nanoseconds.length * 99 / 100] / 1e6);
    }

    private static long rss(Process process) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }
}
