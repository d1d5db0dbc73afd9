package dev.cleanroom.database;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a server that waits to become the active one answers, whatever it is asked: that it waits. */
public final class Standby implements AutoCloseable {
    private static final String READINESS = "/q/health/ready";
    private static final String DOWN = """
            {"status":"DOWN","checks":[{"name":"active","status":"DOWN"}]}
            """;
    private static final String PROBLEM = """
            {"type":"server.standby","status":503,"detail":"This server waits to take over: another one serves this \
            database. Use that one, or try again in some seconds if it has just ended."}
            """;

    private final HttpServer server;

    private Standby(HttpServer server) {
        this.server = server;
    }

    /** @throws IOException {@link java.net.BindException} if the port is taken */
    public static Standby listen(String host, int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(host, port), 0);
        server.createContext("/", exchange -> answer(exchange, "application/problem+json", PROBLEM));
        server.createContext(READINESS, exchange -> answer(exchange, "application/json", DOWN));
        server.start();
        return new Standby(server);
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
        try (exchange) {
            Map.of(
                            "Content-Type", type,
                            "Cache-Control", "no-store",
                            "Retry-After", "5",
                            "X-Content-Type-Options", "nosniff",
                            "Content-Security-Policy", "default-src 'none'",
                            "Connection", "close") // the port is needed at once when this one takes over
                    .forEach(exchange.getResponseHeaders()::set);
            var bytes = body.strip().getBytes(StandardCharsets.UTF_8);
            boolean headOnly = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(503, headOnly ? -1 : bytes.length);
            if (!headOnly) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
