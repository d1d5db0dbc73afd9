package dev.cleanroom.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged application, started by {@code ./cleanroom} as a person starts it: a process of its own, a data folder of
 * its own, free ports. It is used through its public face only, as the administrator whom it makes at its first start.
 */
public final class WholeServer implements AutoCloseable {
    public static final String EMAIL = "whole@example.org";
    public static final String PASSWORD = "correct horse battery";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofMinutes(15); // the first start may have to build
    private static final Duration STOP = Duration.ofSeconds(10); // what SIGTERM promises
    private static final Duration ANSWER = Duration.ofSeconds(60); // an answer that takes longer is a hang

    private final Path home;
    private final int port = freePort();
    private final int managementPort = freePort();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;
    private String token;

    private WholeServer(Path home) {
        this.home = home;
    }

    /** A server that is not started, on an empty data folder below the folder for temporary files. */
    public static WholeServer inNewFolder() throws IOException {
        var home = Files.createTempDirectory("cleanroom-whole-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        return on(home);
    }

    /** A server that is not started. @param home the data folder */
    public static WholeServer on(Path home) {
        return new WholeServer(home)
                .with("CLEANROOM_ADMIN_EMAIL", EMAIL)
                .with("CLEANROOM_ADMIN_PASSWORD", PASSWORD)
                .with("OPENAI_API_KEY", "")
                .with("OPENAI_BASE_URL", "");
    }

    /** Sets a variable of the environment for the next start. */
    public WholeServer with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Its models are this one, over Anthropic's wire. */
    public WholeServer asking(URI anthropicBase) {
        return with("ANTHROPIC_API_KEY", "key")
                .with("ANTHROPIC_BASE_URL", anthropicBase.toString())
                .with("CLEANROOM_MODEL", "anthropic/" + ScriptedModel.MODEL);
    }

    public Path home() {
        return home;
    }

    public int port() {
        return port;
    }

    public URI base() {
        return URI.create("http://localhost:" + port);
    }

    /** Of the server itself: the launcher becomes it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** What it has printed since its folder was made, over all its starts. */
    public String printed() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    private Path log() {
        return home.resolveSibling(home.getFileName() + ".log");
    }

    /** Starts it; returns at once. */
    public WholeServer start() throws IOException {
        var builder = new ProcessBuilder("./cleanroom");
        builder.environment()
                .putAll(Map.of(
                        "CLEANROOM_HOME",
                        home.toString(),
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(port),
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(managementPort)));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process = builder.start();
        return this;
    }

    /** Waits until it is ready. @throws IllegalStateException with what it printed if it ends before */
    public WholeServer awaitReady() throws Exception {
        Eventually.isTrue(START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The server ended: " + printed());
            }
            return isReady();
        });
        return this;
    }

    public boolean isReady() throws InterruptedException {
        try {
            return send("GET", "/q/health/ready", null, Map.of()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As {@code kill -9} does; PostgreSQL and the sandboxes are left to themselves. */
    public void killHard() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** By SIGTERM. @return how long it took; it is killed after 10 s */
    public Duration stop() throws InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            killHard();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Waits until it has ended by itself. @return its exit code */
    public int awaitEnd(Duration limit) throws Exception {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            killHard();
            throw new AssertionError("It did not end by itself: " + printed());
        }
        return process.exitValue();
    }

    /** Stops it and deletes its data folder, sandboxes included. */
    @Override
    public void close() throws IOException {
        if (isAlive()) {
            killHard();
        }
        for (var process :
                ProcessHandle.allProcesses().toList()) { // what lives in its folder: sandboxes and PostgreSQL
            if (process.info().commandLine().orElse("").contains(home + "/")) {
                process.destroyForcibly();
            }
        }
        new ProcessBuilder("rm", "-rf", home.toString()).start().onExit().join();
        Files.deleteIfExists(log());
    }

    /** Signs in as the administrator. @return the cookie, as a request sends it */
    public String signIn() throws Exception {
        var body = JSON.createObjectNode().put("email", EMAIL).put("password", PASSWORD);
        var answer = send("POST", "/api/v1/login", body.toString(), Map.of("Origin", base().toString()));
        if (answer.statusCode() != 204) {
            throw new IllegalStateException("Signing in: " + answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    /** An answer to somebody with this cookie. */
    public HttpResponse<String> getAs(String cookie, String path) throws Exception {
        return send("GET", path, null, Map.of("Cookie", cookie));
    }

    /** An access token of the administrator, for everything. */
    public String token() throws Exception {
        if (token == null) {
            var body = JSON.createObjectNode().put("name", "whole");
            body.putArray("scopes").add("all");
            var headers = Map.of("Cookie", signIn(), "Origin", base().toString());
            token = JSON.readTree(send("POST", "/api/v1/tokens", body.toString(), headers)
                            .body())
                    .path("token")
                    .asText();
        }
        return token;
    }

    /** The answer to the administrator, whatever it is. @param body JSON, or null */
    public HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return send(method, path, body, Map.of("Authorization", "Bearer " + token()));
    }

    /** The answer to the administrator, which must be a good one. @param body JSON, or null */
    public JsonNode json(String method, String path, String body) throws Exception {
        var answer = ask(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    }

    public JsonNode json(String path) throws Exception {
        return json("GET", path, null);
    }

    private HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base().resolve(path)).timeout(ANSWER);
        headers.forEach(request::header);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        var publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return client.send(request.method(method, publisher).build(), BodyHandlers.ofString());
    }

    /** An empty project. @return its id */
    public String project(String name) throws Exception {
        var wanted = JSON.createObjectNode().put("name", name);
        wanted.putObject("source").put("kind", "empty");
        String id =
                json("POST", "/api/v1/projects", wanted.toString()).path("id").asText();
        Eventually.isTrue(
                () -> json("/api/v1/projects/" + id).path("status").asText().equals("ready"));
        return id;
    }

    /** A session in which nothing is asked. @return its id */
    public String session(String project) throws Exception {
        return json("POST", "/api/v1/projects/" + project + "/sessions", "{\"mode\":\"bypassPermissions\"}")
                .path("id")
                .asText();
    }

    public void prompt(String session, String text) throws Exception {
        json(
                "POST",
                "/api/v1/sessions/" + session + "/prompts",
                JSON.createObjectNode().put("text", text).toString());
    }

    /** The whole log of a session. */
    public List<JsonNode> events(String session) throws Exception {
        var events = new ArrayList<JsonNode>();
        json("/api/v1/sessions/" + session + "/events?limit=5000").forEach(events::add);
        return events;
    }

    /** The bytes of a file in the session's tree, as text. */
    public String file(String session, String path) throws Exception {
        return ask("GET", "/api/v1/sessions/" + session + "/files/content?path=" + path, null)
                .body();
    }

    /** Waits until the session's turn has ended. @return that event */
    public JsonNode ended(String session, Duration limit) throws Exception {
        Eventually.isTrue(
                limit,
                () -> json("/api/v1/sessions/" + session)
                        .path("status")
                        .asText()
                        .equals("idle"));
        return events(session).reversed().stream()
                .filter(event -> event.path("type").asText().equals("turn-ended"))
                .findFirst()
                .orElseThrow();
    }

    /** One event of a live stream: a numbered one, or a delta, which has no number. */
    public record Streamed(String name, long sequence, JsonNode data) {
        public String type() {
            return data.path("type").asText();
        }
    }

    /** A live stream of a session's events. */
    public final class EventStream implements AutoCloseable {
        private final BufferedReader lines;

        private EventStream(String session, long lastEventId) throws Exception {
            var request = HttpRequest.newBuilder(base().resolve("/api/v1/sessions/" + session + "/events"))
                    .header("Authorization", "Bearer " + token())
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", Long.toString(lastEventId));
            var answer = client.send(request.build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IOException("The event stream was refused: " + answer.statusCode());
            }
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** Waits for the next. @throws IOException when the stream ends */
        public Streamed next() throws IOException {
            String name = "message";
            long sequence = 0;
            var data = new StringBuilder();
            while (true) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IOException("The event stream ended");
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return new Streamed(name, sequence, JSON.readTree(data.toString()));
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("id:")) {
                    sequence = Long.parseLong(line.substring(3).strip());
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5).strip());
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** What comes after this sequence. */
    public EventStream stream(String session, long lastEventId) throws Exception {
        return new EventStream(session, lastEventId);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
