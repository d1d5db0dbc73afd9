package dev.cleanroom.bench;

import dev.cleanroom.whole.WholeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** From {@code ./cleanroom} to ready, on a data folder that a start before has made; memory of a server that nobody uses. */
public final class StartBench {
    private static final int STARTS = 7;
    private static final Duration IDLE = Duration.ofSeconds(20); // what starts by itself has started by then

    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = new WholeServer(Figures.home(), Map.of())) {
            server.start(); // builds, unpacks, trains
            var taken = new ArrayList<Long>();
            for (int i = 0; i < STARTS; i++) {
                server.stop();
                taken.add(server.start().toNanos());
            }
            Figures.print("start.ready.p50", Figures.quantile(taken, 0.5) / 1e3, "s", 3);
            Figures.print("start.ready.min", Figures.quantile(taken, 0) / 1e3, "s");
            Thread.sleep(IDLE);
            Figures.print("server.rss-idle", Figures.memory(server.process().toHandle(), "VmRSS"), "MiB", 350);
            Figures.print("stop.max", server.stop().toNanos() / 1e9, "s", 10);
        }
    }
}
