package dev.cleanroom.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * Serves the repositories below a folder with git's own {@code http-backend}, on a loopback address that the tests' settings
 * open for imports. What begins with {@code /private/} asks for {@link #PASSWORD}.
 */
public final class GitServer implements AutoCloseable {
    /** Opened by {@code %test.cleanroom.outbound.private-hosts}; 127.0.0.1 stays closed. */
    public static final String HOST = "127.0.0.77";

    public static final String PASSWORD = "s3cret";

    private static final String BACKEND = "/usr/lib/git-core/git-http-backend";

    private final HttpServer http;
    private final Path root;
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean cut;

    private GitServer(HttpServer http, Path root) {
        this.http = http;
        this.root = root;
    }

    public static GitServer start(Path root) throws IOException {
        var server = new GitServer(HttpServer.create(new InetSocketAddress(HOST, 0), 0), root);
        server.http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.http.createContext("/", server::handle);
        server.http.start();
        return server;
    }

    public String url(String path) {
        return "http://" + HOST + ":" + http.getAddress().getPort() + "/" + path;
    }

    /** Requests below {@code from} are sent on to the same below {@code to}. */
    public void redirect(String from, String to) {
        redirects.put(from, to);
    }

    /** Packs stop in the middle from now on, until {@link #resume}. */
    public void pause() {
        gate = new CountDownLatch(1);
    }

    public void resume() {
        gate.countDown();
    }

    /** Connections break in the middle of a pack from now on. */
    public void cut() {
        cut = true;
        resume();
    }

    /** Every Authorization that came. */
    public List<String> authorizations() {
        return authorizations;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                authorizations.add(authorization);
            }
            for (var redirect : redirects.entrySet()) {
                if (path.startsWith(redirect.getKey())) {
                    String rest = exchange.getRequestURI()
                            .toString()
                            .substring(redirect.getKey().length());
                    exchange.getResponseHeaders().set("Location", redirect.getValue() + rest);
                    exchange.sendResponseHeaders(302, -1);
                    return;
                }
            }
            if (path.startsWith("/page")) {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
                return;
            }
            if (path.startsWith("/private/") && !isPassword(authorization)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"test\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            serve(exchange, path);
        }
    }

    private static boolean isPassword(String authorization) {
        return authorization != null
                && authorization.startsWith("Basic ")
                && new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8)
                        .endsWith(":" + PASSWORD);
    }

    private void serve(HttpExchange exchange, String path) throws IOException {
        var builder = new ProcessBuilder(BACKEND).redirectError(ProcessBuilder.Redirect.DISCARD);
        var environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", path);
        environment.put("QUERY_STRING", text(exchange.getRequestURI().getRawQuery()));
        environment.put("CONTENT_TYPE", text(exchange.getRequestHeaders().getFirst("Content-Type")));
        environment.put(
                "HTTP_CONTENT_ENCODING", text(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        environment.put("GIT_PROTOCOL", text(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        byte[] body = exchange.getRequestBody().readAllBytes();
        environment.put("CONTENT_LENGTH", "" + body.length);
        var process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(body);
        } catch (IOException notRead) {
            // the backend answers without it
        }
        try (var stdout = new BufferedInputStream(process.getInputStream())) {
            int status = 200;
            for (String line = line(stdout); !line.isEmpty(); line = line(stdout)) {
                int colon = line.indexOf(':');
                if (line.startsWith("Status:")) {
                    status = Integer.parseInt(line.substring(8, 11));
                } else {
                    exchange.getResponseHeaders()
                            .add(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip());
                }
            }
            exchange.sendResponseHeaders(status, 0);
            send(stdout, exchange, path.endsWith("git-upload-pack"));
        } finally {
            process.destroyForcibly();
        }
    }

    private void send(InputStream from, HttpExchange exchange, boolean gated) throws IOException {
        var to = exchange.getResponseBody();
        var buffer = new byte[8192];
        long sent = 0;
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            if (gated && sent > 1_500_000) {
                await();
                if (cut) {
                    exchange.close();
                    throw new IOException("cut");
                }
            }
            to.write(buffer, 0, read);
            to.flush();
            sent += read;
        }
    }

    private void await() {
        try {
            gate.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        resume();
        http.stop(0);
    }
}
