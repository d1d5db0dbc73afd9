package dev.cleanroom.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a benchmark prints, {@code name value unit  (aim …)}, and how it measures processes. */
final class Figures {
    private static final double TICK = 10; // ms of CPU time that one unit in /proc/PID/stat stands for
    private static final double KIB_A_MIB = 1024;

    private Figures() {}

    static void print(String name, double value, String unit) {
        System.out.printf(Locale.ROOT, "%s %.2f %s%n", name, value, unit);
    }

    static void print(String name, double value, String unit, double atMost) {
        System.out.printf(
                Locale.ROOT,
                "%s %.2f %s  (aim at most %s%s)%n",
                name,
                value,
                unit,
                Double.toString(atMost).replaceFirst("\\.0$", ""),
                value > atMost ? ": missed" : "");
    }

    /** Milliseconds. @param nanos any order, not empty; @param share 0.5 is the median */
    static double quantile(Collection<Long> nanos, double share) {
        var sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }

    /** The machine's load of the last minute: figures that were taken under load are upper bounds. */
    static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }

    /** CPU time of a process, and of all that it and its descendants have started and outlived. */
    record Cpu(double own, double below) {
        static Cpu of(ProcessHandle process) throws IOException {
            double below = 0;
            for (var child : (Iterable<ProcessHandle>) process.descendants()::iterator) {
                var times = times(child.pid());
                below += times.isEmpty() ? 0 : sum(times);
            }
            var times = times(process.pid());
            return new Cpu(times.get(0) + times.get(1), below + times.get(2) + times.get(3));
        }

        private static double sum(List<Double> times) {
            return times.stream().mapToDouble(Double::doubleValue).sum();
        }

        /** Own user and system time, those of ended children; empty if the process is gone. */
        private static List<Double> times(long pid) throws IOException {
            var stat = Path.of("/proc/" + pid + "/stat");
            try {
                var fields =
                        Files.readString(stat).replaceFirst("(?s).*\\) ", "").split(" ");
                return Stream.of(11, 12, 13, 14)
                        .map(at -> Long.parseLong(fields[at]) * TICK)
                        .toList();
            } catch (IOException gone) {
                return List.of();
            }
        }

        Cpu since(Cpu before) {
            return new Cpu(own - before.own, below - before.below);
        }

        double all() {
            return own + below;
        }
    }

    /** MiB of resident memory. @param field {@code VmRSS} now, {@code VmHWM} at its peak */
    static double memory(ProcessHandle process, String field) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field + ":"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                            .sum()
                    / KIB_A_MIB;
        }
    }

    /** Of this run's own project, in a data folder that may have seen others. */
    static String name(String what) {
        return what + "-" + ProcessHandle.current().pid();
    }

    /** The servers of all benchmarks of one run share a data folder: it is built into and trained once. */
    static Path home() throws IOException {
        var shared = System.getenv("CLEANROOM_BENCH_HOME");
        return shared == null ? Files.createTempDirectory("cleanroom-bench-") : Path.of(shared);
    }
}
