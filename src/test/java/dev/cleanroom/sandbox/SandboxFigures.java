package dev.cleanroom.sandbox;

import dev.cleanroom.testing.DockerDaemon;
import dev.cleanroom.testing.HostPreparation;
import dev.cleanroom.testing.RunnerRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Measures sandboxes with the real runner, without a database. */
public final class SandboxFigures {
    private static final StreamOpened NO_STREAMS = (session, kind, target, stream) -> {};
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Milliseconds, ascending. */
    public record Figures(List<Double> ready, List<Double> execTrue) {
        /** @param share 0.5 is the median */
        public static double quantile(List<Double> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, Math.round(share * (sorted.size() - 1))));
        }
    }

    private SandboxFigures() {}

    /** @param docker a daemon of the tests' own; else bubblewrap. @param starts sandboxes, one after the other, each with a fresh workspace; the first is not counted */
    public static Figures measure(boolean docker, int starts, int execs) throws Exception {
        HostPreparation.run();
        var home = HostPreparation.home();
        var engine = docker
                ? Engines.docker(home, RunnerRuntime.path(), DockerDaemon.IMAGE, Rooms.LIMITS, DockerDaemon.socket())
                : Engines.bubblewrap(home, RunnerRuntime.path(), Rooms.LIMITS);
        engine.preflight().problem().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        var ready = new ArrayList<Double>();
        var execTrue = new ArrayList<Double>();
        for (int i = 0; i <= starts; i++) {
            var box = new Engine.Box(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), i + 1);
            long begun = System.nanoTime();
            var row = new SandboxStore.Row(
                    box, engine.name(), SandboxStore.Intent.STARTING, 1, Optional.empty(), Optional.empty());
            try (var live = new LiveSandbox(engine, row, true, NO_STREAMS, lost -> {})) {
                engine.start(box);
                if (!live.await(LIMIT)) {
                    throw new IllegalStateException("no runner: " + engine.lastWords(box.session()));
                }
                if (i > 0) {
                    ready.add((System.nanoTime() - begun) / 1e6);
                }
                if (i == starts) {
                    for (int j = 0; j < execs; j++) {
                        long asked = System.nanoTime();
                        Rooms.run(live.runner(), LIMIT, "true");
                        execTrue.add((System.nanoTime() - asked) / 1e6);
                    }
                }
            } finally {
                engine.destroy(box);
                engine.deleteCaches(box.caches());
            }
        }
        ready.sort(null);
        execTrue.sort(null);
        return new Figures(ready, execTrue);
    }
}
