package dev.cleanroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.whole.WholeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** A rewind of files and conversation over a turn that made many files, back and forth; what it says before; a fork there. */
public final class RewindBench {
    private static final int FILES = 2_000;
    private static final int ROUNDS = 9;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private RewindBench() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = new WholeServer(Figures.home(), Map.of())) {
            server.start();
            var project = server.project(Figures.name("rewind"));
            var session = server.session(project);
            var address = "/api/v1/sessions/" + session;
            server.send(
                    "PATCH",
                    address,
                    "{\"mode\":\"bypassPermissions\"}",
                    Map.of("Authorization", "Bearer " + server.token()));
            server.prompt(
                    session, "run mkdir -p many; for n in $(seq %d); do echo $n > many/$n.txt; done".formatted(FILES));
            server.awaitIdle(session, PAUSE);
            long began = 0;
            for (JsonNode event : server.events(session)) {
                if (event.path("type").asText().equals("turn-started")) {
                    began = event.path("sequence").asLong();
                }
            }
            var back = new ArrayList<Long>();
            var forth = new ArrayList<Long>();
            var said = new ArrayList<Long>();
            var forked = new ArrayList<Long>();
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                server.get(address + "/rewind?to=" + (began - 1));
                said.add(System.nanoTime() - start);
                long sequence = rewind(server, address, began - 1, back);
                rewind(server, address, sequence - 1, forth);
                start = System.nanoTime();
                server.post(address + "/fork", Map.of("sequence", sequence - 1));
                forked.add(System.nanoTime() - start);
            }
            Figures.print("rewind.preview.p50", Figures.quantile(said, 0.5), "ms");
            Figures.print("rewind.back.p50", Figures.quantile(back, 0.5) / 1e3, "s", 3);
            Figures.print("rewind.forth.p50", Figures.quantile(forth, 0.5) / 1e3, "s", 3);
            Figures.print("fork.p50", Figures.quantile(forked, 0.5), "ms");
            server.delete(project, Figures.name("rewind"));
        }
    }

    /** @return sequence of its event */
    private static long rewind(WholeServer server, String address, long to, ArrayList<Long> nanos) throws Exception {
        long start = System.nanoTime();
        var done = server.post(address + "/rewind", Map.of("toSequence", to, "files", true, "conversation", true));
        nanos.add(System.nanoTime() - start);
        return done.path("sequence").asLong();
    }
}
