package dev.cleanroom.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;

/** Git's own {@code http-backend} behind the smallest HTTP server that streams both ways: what ours is measured against. */
final class HttpBackend implements AutoCloseable {
    private static final String PROGRAM = "/usr/lib/git-core/git-http-backend";

    private final HttpServer http;
    private final Path root;

    private HttpBackend(HttpServer http, Path root) {
        this.http = http;
        this.root = root;
    }

    /** Serves the bare repositories below a folder to everybody, pushes included where their config allows it. */
    static HttpBackend start(Path root) throws IOException {
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var backend = new HttpBackend(http, root);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", backend::serve);
        http.start();
        return backend;
    }

    String url(String repository) {
        return "http://" + address() + "/" + repository;
    }

    String address() {
        return "127.0.0.1:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var builder = new ProcessBuilder(PROGRAM).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment()
                    .putAll(Map.of(
                            "GIT_PROJECT_ROOT",
                            root.toString(),
                            "GIT_HTTP_EXPORT_ALL",
                            "1",
                            "GIT_CONFIG_COUNT",
                            "1",
                            "GIT_CONFIG_KEY_0",
                            "safe.directory",
                            "GIT_CONFIG_VALUE_0",
                            "*",
                            "REQUEST_METHOD",
                            exchange.getRequestMethod(),
                            "PATH_INFO",
                            exchange.getRequestURI().getPath(),
                            "QUERY_STRING",
                            text(exchange.getRequestURI().getQuery())));
            header(builder, exchange, "Content-Type", "CONTENT_TYPE");
            header(builder, exchange, "Content-Length", "CONTENT_LENGTH");
            header(builder, exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING");
            header(builder, exchange, "Git-Protocol", "GIT_PROTOCOL");
            var process = builder.start();
            Thread.ofVirtual().start(() -> feed(exchange, process));
            try (var stdout = new BufferedInputStream(process.getInputStream())) {
                int status = headers(exchange, stdout);
                exchange.sendResponseHeaders(status, 0);
                stdout.transferTo(exchange.getResponseBody());
            }
        }
    }

    private static void feed(HttpExchange exchange, Process process) {
        try (var stdin = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(stdin);
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** @return the status that the program chose */
    private static int headers(HttpExchange exchange, InputStream stdout) throws IOException {
        int status = 200;
        for (String line = line(stdout); !line.isEmpty(); line = line(stdout)) {
            String[] header = line.split(": ", 2);
            if (header[0].equals("Status")) {
                status = Integer.parseInt(header[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }

    private static void header(ProcessBuilder builder, HttpExchange exchange, String header, String variable) {
        builder.environment().put(variable, text(exchange.getRequestHeaders().getFirst(header)));
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
