package dev.cleanroom.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A sandbox is destroyed, files and all, while a person edits and a command writes without a pause: it is rebuilt by itself,
 * and at most 2 s of what was there is missing. {@code chaos.sandboxes} says how often ({@code ./cleanroom chaos}: 50).
 */
class LostWorkIT {
    private static final Duration PROMISE = Duration.ofSeconds(2); // of work that may be missing
    private static final Duration REBUILT = Duration.ofMinutes(1); // on a busy machine
    private static final Duration PACE = Duration.ofMillis(100); // between edits of one who does not stop
    private static final Duration LEAST = Duration.ofSeconds(3); // of work before each loss
    private static final int MORE = 3_000; // ms, at most, beyond that
    private static final String
            COMMAND = // whole or not there: a checkpoint may fall between a file's making and its filling
            "while :; do date +%s%3N > .next; mv .next of-a-command.txt; sleep 0.1; done\n";

    private final WholeServer server;
    private final String session;
    private final HttpClient client = HttpClient.newHttpClient();

    LostWorkIT() throws Exception {
        server = Shared.server();
        session = server.session(server.project("lost-work " + UUID.randomUUID()));
    }

    @Test
    void aSandboxDestroyedInTheMiddleOfEditsIsRebuiltWithAllButTwoSecondsOfThem() throws Exception {
        int times = Integer.getInteger("chaos.sandboxes", 3);
        long seed = Long.getLong("chaos.seed", System.nanoTime() & 0xffff);
        System.out.println("chaos.seed=" + seed);
        var random = new Random(seed);
        var missing = new ArrayList<Long>();

        for (int time = 0; time < times; time++) {
            edit(0); // opens it where it is not
            var shell = shell(COMMAND);
            long end = System.currentTimeMillis() + LEAST.toMillis() + random.nextInt(MORE);
            while (System.currentTimeMillis() < end) {
                edit(System.currentTimeMillis());
                Thread.sleep(PACE);
            }

            long lostAt = System.currentTimeMillis();
            destroySandbox();

            shell.abort();
            long oldest = Math.min(number("of-a-person.txt"), number("of-a-command.txt"));
            missing.add(Math.max(0, lostAt - oldest - PACE.toMillis()));
        }

        missing.sort(null);
        System.out.printf(
                "%d sandboxes destroyed in mid-edit: missing p50 %d ms, max %d ms%n",
                times, missing.get((times - 1) / 2), missing.getLast());
        assertThat(missing.getLast()).isLessThanOrEqualTo(PROMISE.toMillis());
    }

    private void edit(long number) throws Exception {
        var request = HttpRequest.newBuilder(
                        server.url().resolve("/api/v1/sessions/" + session + "/files/content?path=of-a-person.txt"))
                .header("Authorization", "Bearer " + server.token())
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofString(number + "\n"))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer::body).isBetween(200, 201);
    }

    /** The newest time that a file has kept. Who asks while the sandbox goes may hear that it has gone. */
    private long number(String path) throws Exception {
        var content = new AtomicReference<String>();
        Eventually.isTrue(REBUILT, () -> {
            var answer = server.ask("GET", "/api/v1/sessions/" + session + "/files/content?path=" + path, null);
            content.set(answer.body().strip());
            return answer.statusCode() == 200;
        });
        return Long.parseLong(content.get());
    }

    private WebSocket shell(String command) throws Exception {
        var address = server.url().toString().replaceFirst("http", "ws") + "/ws/sessions/" + session + "/terminals/"
                + UUID.randomUUID();
        var shell = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + server.token())
                .buildAsync(URI.create(address), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer shown, boolean last) {
                        from.request(1);
                        return null;
                    }
                })
                .join();
        shell.sendBinary(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)), true)
                .join();
        return shell;
    }

    private void destroySandbox() throws Exception {
        var folder = server.home().resolve("sandboxes").resolve(session);
        var runner = Files.readString(folder.resolve("state")).strip().split("\\s")[0];
        var gone = server.home().resolve("gone");
        Files.move(folder, gone); // first: it is rebuilt as soon as it is lost
        assertThat(succeeds("kill", "-KILL", runner)).isTrue();
        Eventually.isTrue(() -> succeeds("rm", "-rf", gone.toString())); // what was killed may write once more
    }

    private static boolean succeeds(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
