package dev.cleanroom.whole;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was killed when, how soon each turn went on, and what was wrong. */
final class ChaosTally {
    private final Map<String, Integer> byVictims = new TreeMap<>();
    private final Map<String, Integer> byMoment = new TreeMap<>();
    private final Map<String, List<Duration>> recoveries = new TreeMap<>(); // by victims
    private final List<String> violations = new ArrayList<>();
    private final long begun = System.nanoTime();
    private int kills;

    void struck(ChaosTurn.Kill kill) {
        kills++;
        byVictims.merge(kill.strike().toString(), 1, Integer::sum);
        byMoment.merge(kill.moment().name().toLowerCase(), 1, Integer::sum);
    }

    /** @param after from the kill to the next thing seen of the turn */
    void recovered(ChaosTurn.Kill kill, Duration after) {
        recoveries
                .computeIfAbsent(kill.strike().toString(), absent -> new ArrayList<>())
                .add(after);
    }

    void violation(String what) {
        violations.add(what);
        System.out.println("VIOLATION " + what);
    }

    int kills() {
        return kills;
    }

    List<String> violations() {
        return violations;
    }

    String progress() {
        return "%d kills in %d s, %d violations"
                .formatted(kills, Duration.ofNanos(System.nanoTime() - begun).toSeconds(), violations.size());
    }

    String table() {
        var table = new StringBuilder(
                progress() + "\n%-24s %6s %9s %9s\n".formatted("killed", "times", "p50 ms", "p99 ms"));
        byVictims.forEach((victims, times) -> {
            var after = recoveries.getOrDefault(victims, List.of());
            table.append("%-24s %6d %9s %9s\n".formatted(victims, times, percentile(after, 50), percentile(after, 99)));
        });
        var all = recoveries.values().stream().flatMap(List::stream).toList();
        table.append("%-24s %6d %9s %9s\n".formatted("all", kills, percentile(all, 50), percentile(all, 99)));
        byMoment.forEach((moment, times) -> table.append("at %-21s %6d\n".formatted(moment, times)));
        return table.toString();
    }

    private static String percentile(List<Duration> durations, int percent) {
        if (durations.isEmpty()) {
            return "–";
        }
        var sorted = new ArrayList<>(durations);
        Collections.sort(sorted);
        return Long.toString(sorted.get((sorted.size() - 1) * percent / 100).toMillis());
    }
}
