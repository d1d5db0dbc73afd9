package dev.cleanroom.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.database.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The packaged server as a person starts it: {@code ./cleanroom} with a data folder and ports of its own, which stay the
 * same over restarts. Its first administrator is {@link #EMAIL}; requests carry the access token in the data folder.
 */
public final class WholeServer implements AutoCloseable {
    public static final String EMAIL = "somebody@example.org";
    public static final String PASSWORD = "correct horse battery";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofMinutes(15); // the first one builds, unpacks and trains
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration TURN = Duration.ofMinutes(10); // a hundred at once on a small machine
    private static final long LOOK = 5; // ms between two looks at what comes by itself

    private final List<String> command;
    private final Path home;
    private final Path log;
    private final int port = freePort();
    private final int managementPort = freePort();
    private final Map<String, String> settings;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;

    /** @param home made if absent; @param settings environment variables besides folder, ports and administrator */
    public WholeServer(Path home, Map<String, String> settings) throws IOException {
        this(List.of("./cleanroom"), home, settings);
    }

    /** As above, started by another command. */
    WholeServer(List<String> command, Path home, Map<String, String> settings) throws IOException {
        this.command = List.copyOf(command);
        Files.createDirectories(home);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.home = home;
        log = Files.createTempFile("cleanroom-", ".log");
        this.settings = Map.copyOf(settings);
    }

    /** @param model speaks the Anthropic wire; it is the default */
    public static WholeServer withModel(Path home, URI model, String name) throws IOException {
        return new WholeServer(home, modelSettings(model, name));
    }

    /** As {@link #withModel}, with more settings. */
    static WholeServer withModel(Path home, URI model, String name, Map<String, String> more) throws IOException {
        var settings = new HashMap<>(modelSettings(model, name));
        settings.putAll(more);
        return new WholeServer(home, settings);
    }

    /** As {@link #withModel}, on a database of somebody else's. */
    public static WholeServer on(EmbeddedPostgres postgres, String database, Path home, URI model, String name)
            throws IOException {
        var settings = new HashMap<>(modelSettings(model, name));
        settings.put("QUARKUS_DATASOURCE_JDBC_URL", postgres.jdbcUrl(database));
        settings.put("QUARKUS_DATASOURCE_USERNAME", postgres.username());
        settings.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password());
        return new WholeServer(home, settings);
    }

    private static Map<String, String> modelSettings(URI model, String name) {
        return Map.of(
                "ANTHROPIC_API_KEY",
                "scripted",
                "ANTHROPIC_BASE_URL",
                model.toString(),
                "CLEANROOM_MODEL",
                "anthropic/" + name);
    }

    /** Starts it, and returns when it is ready. @return how long that took */
    public Duration start() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        launch();
        awaitReady();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Starts the program only. Its output is in {@link #log}. */
    public Process launch() throws IOException {
        var builder = new ProcessBuilder(command);
        var environment = new HashMap<>(settings);
        environment.putIfAbsent("CLEANROOM_HOME", home.toString());
        environment.putIfAbsent("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.putIfAbsent("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.putIfAbsent("CLEANROOM_ADMIN_EMAIL", EMAIL);
        environment.putIfAbsent("CLEANROOM_ADMIN_PASSWORD", PASSWORD);
        builder.environment().putAll(environment);
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // it does not outlive who started it
        return process;
    }

    public void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (!isReady() || !Files.exists(home.resolve("cli-token"))) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("The server did not start:\n" + log());
            }
            Thread.sleep(LOOK);
        }
    }

    public boolean isReady() throws InterruptedException {
        try {
            return send("GET", "/q/health/ready", null, Map.of()).statusCode() == 200;
        } catch (IOException away) {
            return false;
        }
    }

    /** As {@code kill -9} does: nothing of it is asked. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** @return how long it took to end */
    public Duration stop() throws InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The server did not stop");
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The server's own process: the launcher becomes it. */
    public Process process() {
        return process;
    }

    public Path home() {
        return home;
    }

    int managementPort() {
        return managementPort;
    }

    public URI url() {
        return URI.create("http://localhost:" + port);
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    public String token() throws IOException {
        return Files.readString(home.resolve("cli-token")).strip();
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return json("GET", path, null);
    }

    public JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return json("POST", path, JSON.writeValueAsString(body));
    }

    private JsonNode json(String method, String path, String body) throws IOException, InterruptedException {
        var response = send(method, path, body, Map.of("Authorization", "Bearer " + token()));
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
    }

    /** Any request, whatever its answer. @param body JSON, or null */
    public HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url().resolve(path))
                .timeout(Duration.ofMinutes(1))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Signs in as the administrator. @return the cookie, as a request sends it */
    String signIn() throws IOException, InterruptedException {
        var body = JSON.writeValueAsString(Map.of("email", EMAIL, "password", PASSWORD));
        var answer = send("POST", "/api/v1/login", body, Map.of());
        if (answer.statusCode() != 204) {
            throw new IllegalStateException("Signing in: " + answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    /** The answer to the administrator, whatever it is. @param body JSON, or null */
    HttpResponse<String> ask(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, Map.of("Authorization", "Bearer " + token()));
    }

    /** A file of the session's tree. */
    String file(String session, String path) throws IOException, InterruptedException {
        return ask("GET", "/api/v1/sessions/" + session + "/files/content?path=" + path, null)
                .body();
    }

    /** The session's events after this one, live. */
    public EventStream stream(String session, long lastEventId) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url().resolve("/api/v1/sessions/" + session + "/events"))
                .header("Authorization", "Bearer " + token())
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(lastEventId));
        var answer = client.send(request.build(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("The event stream was refused: " + answer.statusCode());
        }
        return new EventStream(answer.body());
    }

    /** An empty project. @return its id */
    public String project(String name) throws IOException, InterruptedException {
        var made = post("/api/v1/projects", Map.of("name", name, "source", Map.of("kind", "empty")));
        String id = made.path("id").asText();
        awaitProject(id);
        return id;
    }

    /** A project of these files, by path. @return its id */
    String project(String name, Map<String, String> files) throws IOException, InterruptedException {
        var zip = new ByteArrayOutputStream();
        try (var entries = new ZipOutputStream(zip)) {
            for (var file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        var request = HttpRequest.newBuilder(url().resolve("/api/v1/projects/import?name=" + name))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/zip")
                .POST(BodyPublishers.ofByteArray(zip.toByteArray()));
        var answer = client.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("Importing: " + answer.statusCode() + " " + answer.body());
        }
        String id = JSON.readTree(answer.body()).path("id").asText();
        awaitProject(id);
        return id;
    }

    private void awaitProject(String id) throws IOException, InterruptedException {
        while (!get("/api/v1/projects/" + id).path("status").asText().equals("ready")) {
            Thread.sleep(LOOK);
        }
    }

    /** Deletes a project, and returns when its sandboxes are gone. */
    public void delete(String project, String name) throws IOException, InterruptedException {
        var sessions =
                get("/api/v1/projects/" + project + "/sessions?limit=200").path("items");
        json("DELETE", "/api/v1/projects/" + project + "?name=" + name, null);
        long end = System.nanoTime() + TURN.toNanos();
        for (var session : sessions) {
            while (Files.exists(
                    home.resolve("sandboxes").resolve(session.path("id").asText()))) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("the sandboxes of " + name + " are still there");
                }
                Thread.sleep(LOOK);
            }
        }
    }

    /** A session in which every call may run unasked. @return its id */
    public String session(String project) throws IOException, InterruptedException {
        return post("/api/v1/projects/" + project + "/sessions", Map.of("mode", "bypassPermissions"))
                .path("id")
                .asText();
    }

    public void prompt(String session, String text) throws IOException, InterruptedException {
        post("/api/v1/sessions/" + session + "/prompts", Map.of("text", text));
    }

    /** The whole log, oldest first. */
    public JsonNode events(String session) throws IOException, InterruptedException {
        return get("/api/v1/sessions/" + session + "/events?limit=5000");
    }

    /** Waits for an event, looking every {@code pause}. */
    public JsonNode await(String session, Duration pause, Predicate<JsonNode> isIt)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TURN.toNanos();
        while (true) {
            for (var event : events(session)) {
                if (isIt.test(event)) {
                    return event;
                }
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it did not come: " + events(session));
            }
            Thread.sleep(pause);
        }
    }

    /** Waits until nothing is to be done in a session, looking every {@code pause}. */
    public void awaitIdle(String session, Duration pause) throws IOException, InterruptedException {
        long end = System.nanoTime() + TURN.toNanos();
        while (!get("/api/v1/sessions/" + session).path("status").asText().equals("idle")) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("it is not idle: " + events(session));
            }
            Thread.sleep(pause);
        }
    }

    /** Waits for the end of the session's first turn. @return {@code turn-ended} */
    public JsonNode awaitEnd(String session, Duration pause) throws IOException, InterruptedException {
        return await(session, pause, event -> event.path("type").asText().equals("turn-ended"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
