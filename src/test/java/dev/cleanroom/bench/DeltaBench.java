package dev.cleanroom.bench;

import dev.cleanroom.bench.BenchModel.Step;
import dev.cleanroom.whole.WholeServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** From the model's write of a piece of text to its receipt by a WebSocket client, both in this process: one clock. */
public final class DeltaBench implements BenchModel.Observer {
    private static final int PIECES = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(10); // a quick model: a hundred pieces a second
    private static final Duration TURN = Duration.ofMinutes(2);
    private static final int WARM = 3; // replies that are not counted
    private static final Pattern NUMBER = Pattern.compile("<(\\d+)>");

    private final Map<String, Long> written = new ConcurrentHashMap<>(); // by piece
    private final Map<String, Long> taken = new ConcurrentHashMap<>(); // by piece: ns from write to receipt

    private DeltaBench() {}

    public static void main(String[] arguments) throws Exception {
        var bench = new DeltaBench();
        var pieces = IntStream.range(0, PIECES)
                .mapToObj(number -> " word <" + number + ">")
                .toList();
        try (var model = new BenchModel(List.of(new Step.Pieces(pieces, PAUSE)), bench);
                var server = WholeServer.withModel(Figures.home(), model.url(), BenchModel.NAME)) {
            server.start();
            String project = server.project(Figures.name("deltas"));
            for (int i = 0; i < WARM; i++) {
                bench.reply(model, server, project);
            }
            bench.taken.clear();
            double load = Figures.load();
            bench.reply(model, server, project);
            Figures.print("delta.received", bench.taken.size(), "of " + PIECES);
            Figures.print("delta.p50", Figures.quantile(bench.taken.values(), 0.5), "ms", 2);
            Figures.print("delta.p99", Figures.quantile(bench.taken.values(), 0.99), "ms", 20);
            Figures.print("delta.min", Figures.quantile(bench.taken.values(), 0), "ms");
            Figures.print("load", load, "");
            server.delete(project, Figures.name("deltas"));
        }
    }

    private void reply(BenchModel model, WholeServer server, String project) throws Exception {
        String session = server.session(project);
        String prompt = "a long reply " + session;
        var receiver = new Receiver();
        var socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + server.token())
                .buildAsync(
                        URI.create("ws://localhost:" + server.url().getPort() + "/ws/sessions/" + session), receiver)
                .get(10, TimeUnit.SECONDS);
        server.prompt(session, prompt);
        model.awaitEnd(prompt, TURN);
        receiver.ended.get(TURN.toSeconds(), TimeUnit.SECONDS);
        socket.abort();
    }

    @Override
    public void writes(String conversation, String piece, long at) {
        written.put(numberIn(piece), at);
    }

    private static String numberIn(String text) {
        var number = NUMBER.matcher(text);
        return number.find() ? number.group(1) : "";
    }

    private final class Receiver implements WebSocket.Listener {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            long at = System.nanoTime();
            message.append(part);
            if (last) {
                received(message.toString(), at);
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void received(String text, long at) {
            if (text.startsWith("{\"type\":\"delta\"")) {
                NUMBER.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .forEach(number -> taken.put(number, at - written.get(number)));
            } else if (text.contains("\"type\":\"turn-ended\"")) {
                ended.complete(null);
            }
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.completeExceptionally(error);
        }
    }
}
