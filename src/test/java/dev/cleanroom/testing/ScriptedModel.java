package dev.cleanroom.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.testing.Answer.Fault;
import dev.cleanroom.testing.Asked.Turn;
import dev.cleanroom.testing.PieceServer.Request;
import dev.cleanroom.testing.PieceServer.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

/**
 * A model that plays scripts over the three real wires, on a real socket, and refuses what the real services refuse.
 * What it answers, in this order: what {@link #when} says, the script that the newest prompt names, the next of
 * {@link #reply}'s answers, and "Done." at the end of a script. Many sessions may play one script at once: where each
 * stands is counted from its own conversation.
 */
public final class ScriptedModel implements AutoCloseable {
    public static final String MODEL = "scripted-1";

    private final PieceServer server;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Map<String, List<Answer>> scripts = new ConcurrentHashMap<>();
    private final Map<Predicate<Asked>, Answer> special = new LinkedHashMap<>();
    private final List<Asked> requests = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Set<String> unknownFields = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>(); // by digest of the body
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger ids = new AtomicInteger();
    private volatile Answer otherwise =
            Answer.status(400, "invalid_request_error", "The scripted model has no answer left.");
    private volatile boolean capabilities = true;
    private volatile boolean recording = true;
    private volatile Set<String> models = Set.of();

    private ScriptedModel(int port) {
        try {
            server = new PieceServer(port, this::handle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ScriptedModel start() {
        return new ScriptedModel(0);
    }

    public static ScriptedModel start(int port) {
        return new ScriptedModel(port);
    }

    /** For {@code ANTHROPIC_BASE_URL}; any key but one that begins with {@code bad} is taken. */
    public URI anthropicBase() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** For {@code OPENAI_BASE_URL}; both OpenAI wires answer there. */
    public URI openAiBase() {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1");
    }

    /** The next answer, whoever asks. */
    public ScriptedModel reply(Answer... next) {
        answers.addAll(List.of(next));
        return this;
    }

    public ScriptedModel reply(Answer.Part... parts) {
        return reply(Answer.reply(parts));
    }

    /**
     * Played by each conversation whose newest prompt that names any script names this one. Answers that fail are played
     * once for the same request, then the next answer is.
     */
    public ScriptedModel script(String name, List<Answer> steps) {
        scripts.put(name, List.copyOf(steps));
        return this;
    }

    /** Answers every request of a kind in the same way. */
    public ScriptedModel when(Predicate<Asked> request, Answer answer) {
        synchronized (special) {
            special.put(request, answer);
        }
        return this;
    }

    /** The answer where nothing is scripted; without it, a refusal that says so. */
    public ScriptedModel otherwise(Answer answer) {
        otherwise = answer;
        return this;
    }

    /** Refuses a field as a gateway does that does not know it; {@code thinking.display} names one within another. */
    public ScriptedModel refuseField(String field) {
        unknownFields.add(field);
        return this;
    }

    /** Has no models endpoint that tells what a model can do. */
    public ScriptedModel withoutCapabilities() {
        capabilities = false;
        return this;
    }

    /** Knows these models only; any else is a 404. */
    public ScriptedModel models(String... names) {
        models = new LinkedHashSet<>(List.of(names));
        return this;
    }

    /** For long runs: keeps no requests. */
    public ScriptedModel withoutRecording() {
        recording = false;
        return this;
    }

    /** All requests for a reply so far, those refused included. */
    public List<Asked> requests() {
        return List.copyOf(requests);
    }

    /** For long runs: lets go of the requests so far. */
    public ScriptedModel forget() {
        requests.clear();
        return this;
    }

    public Asked lastRequest() {
        return requests.getLast();
    }

    /** Why requests were refused, in words; a test of good conduct wants none. */
    public List<String> refusals() {
        return List.copyOf(refused);
    }

    /** Waits until the n-th request (from 1) has come. */
    public Asked awaitRequest(int n, Duration deadline) throws InterruptedException {
        Eventually.isTrue(
                deadline, () -> "only " + requests.size() + " of " + n + " requests came", () -> requests.size() >= n);
        return requests.get(n - 1);
    }

    /** Connections that clients hold open at the moment. */
    public int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        closed.countDown();
        server.close();
    }

    /** The script's own time; it ends with the server. */
    private static void pause(CountDownLatch closed, Duration time) throws InterruptedException {
        if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the scripted model was closed");
        }
    }

    private void handle(Request request, Response response) throws IOException, InterruptedException {
        var path = request.path().replaceFirst("\\?.*", "");
        var wire = WireScript.of(path);
        if (request.method().equals("GET") && path.startsWith("/v1/models")) {
            list(path, request, response);
        } else if (wire == null) {
            json(response, 404, "{\"error\":{\"type\":\"not_found_error\",\"message\":\"Not found\"}}");
        } else {
            answer(wire, request, response);
        }
    }

    private void list(String path, Request request, Response response) throws IOException {
        var key = request.headers()
                .getOrDefault(
                        "x-api-key",
                        request.headers().getOrDefault("authorization", "").replace("Bearer ", ""));
        if (key.startsWith("bad")) {
            json(response, 401, "{\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid key\"}}");
            return;
        }
        var names = models.isEmpty() ? List.of(MODEL) : List.copyOf(models);
        if (path.equals("/v1/models")) {
            var list = Wiring.object();
            names.forEach(name -> list.withArray("data").add(model(name)));
            json(response, 200, list.put("has_more", false).toString());
        } else {
            var name = path.substring("/v1/models/".length());
            boolean known = capabilities && (models.isEmpty() || models.contains(name));
            json(
                    response,
                    known ? 200 : 404,
                    known ? model(name).toString() : "{\"error\":{\"message\":\"Not found\"}}");
        }
    }

    private JsonNode model(String name) {
        var model = Wiring.object().put("type", "model").put("id", name);
        if (capabilities) {
            model.put("max_input_tokens", 200_000).put("max_tokens", 64_000);
            model.putObject("capabilities")
                    .putObject("thinking")
                    .putObject("types")
                    .putObject("adaptive")
                    .put("supported", true);
        }
        return model;
    }

    private static void json(Response response, int status, String body) throws IOException {
        response.whole(status, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(WireScript wire, Request request, Response response) throws IOException, InterruptedException {
        var body = Wiring.JSON.readTree(request.body());
        var asked = new Asked(wire, request.headers(), body, wire.turns(body));
        if (recording) {
            requests.add(asked);
        }
        var refusal = refusal(asked);
        if (refusal.isPresent()) {
            refused.add(refusal.get().message());
            var said = new Answer.Said(
                    refusal.get().type(), refusal.get().code(), refusal.get().message());
            json(response, refusal.get().status(), wire.error(said));
            return;
        }
        play(answerTo(asked), asked, response);
    }

    private Optional<WireScript.Refusal> refusal(Asked asked) {
        if (!models.isEmpty() && !models.contains(asked.model())) {
            return Optional.of(
                    new WireScript.Refusal(404, "not_found_error", "model_not_found", "model: " + asked.model()));
        }
        for (var field : unknownFields) {
            int dot = field.indexOf('.');
            boolean sent = dot < 0
                    ? asked.body().has(field) || !asked.body().findValues(field).isEmpty()
                    : asked.body().path(field.substring(0, dot)).has(field.substring(dot + 1));
            if (sent) {
                return WireScript.Refusal.invalid(field + ": Extra inputs are not permitted");
            }
        }
        return asked.wire().refuses(asked.body(), asked.headers());
    }

    private Answer answerTo(Asked asked) {
        synchronized (special) {
            for (var entry : special.entrySet()) {
                if (entry.getKey().test(asked)) {
                    return entry.getValue();
                }
            }
        }
        int replies = 0;
        for (var turn : asked.turns().reversed()) {
            if (turn instanceof Turn.Reply) {
                replies++;
            } else if (turn instanceof Turn.Prompt(var text)) {
                for (var script : scripts.entrySet()) {
                    if (text.contains(script.getKey())) {
                        return step(script.getValue(), replies, asked);
                    }
                }
            }
        }
        var next = answers.poll();
        return next != null ? next : otherwise;
    }

    /** An answer that fails is one try of the step after it: the same request gets the next. */
    private Answer step(List<Answer> script, int replies, Asked asked) {
        int good = 0;
        var tries = new ArrayList<Answer>();
        for (var answer : script) {
            if (good == replies) {
                tries.add(answer);
            }
            if (!answer.fails() && good++ == replies) {
                break;
            }
        }
        if (tries.isEmpty()) {
            return Answer.reply(Answer.text("Done."));
        }
        int before = tries.size() == 1
                ? 0
                : attempts.merge(Wiring.digest(asked.body().toString()), 1, Integer::sum) - 1;
        return tries.get(Math.min(before, tries.size() - 1));
    }

    private void play(Answer answer, Asked asked, Response response) throws IOException, InterruptedException {
        pause(closed, answer.beforeFirst);
        if (answer.fault.filter(Fault.NoAnswer.class::isInstance).isPresent()) {
            response.cut();
            return;
        }
        if (answer.status != 200) {
            var headers = new LinkedHashMap<>(answer.headers);
            headers.put("content-type", "application/json");
            response.whole(
                    answer.status, headers, asked.wire().error(answer.error).getBytes(StandardCharsets.UTF_8));
            return;
        }
        var frames = new ArrayList<>(
                answer.raw.isEmpty()
                        ? asked.wire().frames(answer, asked, Integer.toString(ids.incrementAndGet()))
                        : answer.raw);
        var headers = new LinkedHashMap<>(answer.headers);
        headers.put("content-type", "text/event-stream");
        if (answer.framing == Answer.Framing.GZIP) {
            headers.put("content-encoding", "gzip");
        }
        new Playing(answer, asked, response, closed).play(frames, headers);
    }

    /** Writes one answer, with what goes wrong in it. */
    private record Playing(Answer answer, Asked asked, Response response, CountDownLatch closed) {
        void play(List<String> frames, Map<String, String> headers) throws IOException, InterruptedException {
            response.begin(200, headers);
            switch (answer.fault.orElse(null)) {
                case null -> write(frames);
                case Fault.Cut(var at) -> {
                    write(inHalf(frames, at));
                    response.cut();
                }
                case Fault.EndInEvent(var at) -> write(inHalf(frames, at));
                case Fault.EndEarly(var at) -> write(frames.subList(0, index(frames, at)));
                case Fault.Stall(var at) -> {
                    write(frames.subList(0, index(frames, at)));
                    response.stall();
                }
                case Fault.ErrorEvent(var at, var said) -> {
                    write(frames.subList(0, index(frames, at)));
                    write(List.of(asked.wire().errorFrame(said)));
                }
                case Fault.BadJson(var at) -> {
                    write(frames.subList(0, index(frames, at)));
                    write(List.of("event: content_block_delta\ndata: {\"type\":\"content_block_\n\n"));
                    write(frames.subList(index(frames, at), frames.size()));
                }
                case Fault.NoAnswer _ -> throw new IllegalStateException();
            }
        }

        private static int index(List<String> frames, double at) {
            return (int) (at * frames.size());
        }

        private static List<String> inHalf(List<String> frames, double at) {
            int index = index(frames, at);
            var some = new ArrayList<>(frames.subList(0, index));
            var half = frames.get(index);
            some.add(half.substring(0, half.length() / 2));
            return some;
        }

        private void write(List<String> frames) throws IOException, InterruptedException {
            if (answer.framing == Answer.Framing.GZIP) {
                var zipped = new ByteArrayOutputStream();
                try (var zip = new GZIPOutputStream(zipped)) {
                    zip.write(escaped(String.join("", frames)).getBytes(StandardCharsets.UTF_8));
                }
                pieces(zipped.toByteArray());
                return;
            }
            if (answer.pace.isZero()) {
                var all = new StringBuilder(answer.framing == Answer.Framing.ODD ? "\uFEFF" : "");
                frames.forEach(frame -> all.append(framed(frame)));
                if (answer.pieceBytes > 0) {
                    pieces(all.toString().getBytes(StandardCharsets.UTF_8));
                    return;
                }
            }
            for (int i = 0; i < frames.size(); i++) {
                var mark = i == 0 && answer.framing == Answer.Framing.ODD ? "\uFEFF" : "";
                var bytes = (mark + framed(frames.get(i))).getBytes(StandardCharsets.UTF_8);
                response.write(bytes, 0, bytes.length);
                if (!answer.pace.isZero()) {
                    pause(closed, answer.pace);
                }
            }
        }

        /** A character beyond U+FFFF that two deltas share is written as an escape for each half. */
        private static String escaped(String frame) {
            var escaped = new StringBuilder();
            frame.chars().forEach(c -> {
                if (Character.isSurrogate((char) c)) {
                    escaped.append(String.format("\\u%04x", c));
                } else {
                    escaped.append((char) c);
                }
            });
            return escaped.toString();
        }

        private String framed(String unescaped) {
            var frame = escaped(unescaped);
            return switch (answer.framing) {
                case LF, GZIP -> frame;
                case CRLF -> frame.replace("\n", "\r\n");
                case CR -> frame.replace("\n", "\r");
                case ODD -> ": keep-alive\n\nid: 7\nretry: 1\n" + frame.replace(": {", ":{");
            };
        }

        private void pieces(byte[] bytes) throws IOException {
            int size = answer.pieceBytes == 0 ? bytes.length : answer.pieceBytes;
            for (int at = 0; at < bytes.length; at += size) {
                response.write(bytes, at, Math.min(size, bytes.length - at));
            }
        }
    }
}
