package dev.cleanroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The server to talk to: one that was named, the data folder's running one, or one started for this command. */
final class Server implements AutoCloseable {
    private static final long START_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5); // a first start builds and unpacks

    private final String url;
    private final String token;
    private final Process started; // null: it ran already

    private Server(String url, String token, Process started) {
        this.url = url;
        this.token = token;
        this.started = started;
    }

    static Server find() throws IOException, InterruptedException {
        String named = System.getenv("CLEANROOM_URL");
        String token = System.getenv("CLEANROOM_TOKEN");
        if (token != null) {
            return new Server(named == null ? local() : named, token, null);
        }
        Path tokenFile = Path.of(System.getenv("CLEANROOM_HOME"), "cli-token");
        if (Api.isReady(local())) {
            if (!Files.isReadable(tokenFile)) {
                throw new IOException(
                        "A server runs, but has no administrator yet: open the link that it printed, or set"
                                + " CLEANROOM_URL and CLEANROOM_TOKEN.");
            }
            requireOwn(tokenFile);
            return new Server(local(), Files.readString(tokenFile).strip(), null);
        }
        Process process = start(Files.exists(tokenFile));
        return new Server(local(), Files.readString(tokenFile).strip(), process);
    }

    /** The token is shown to no program of another user that listens where our server did. */
    private static void requireOwn(Path tokenFile) throws IOException {
        int owner = (int) Files.getAttribute(tokenFile, "unix:uid");
        if (!Listeners.of(Integer.parseInt(port())).equals(Set.of(owner))) {
            throw new IOException(
                    "A program of another user listens on port " + port()
                            + ", not the server of this data folder. Set QUARKUS_HTTP_PORT to this server's port, or stop that program.");
        }
    }

    private static String local() {
        return "http://127.0.0.1:" + port();
    }

    private static String port() {
        return System.getenv().getOrDefault("QUARKUS_HTTP_PORT", "8080");
    }

    private static Process start(boolean hasAccount) throws IOException, InterruptedException {
        System.err.println("· No server runs; starting one for this command");
        Path log = Files.createTempFile("cleanroom-run", ".log");
        var builder = new ProcessBuilder(System.getenv("CLEANROOM_LAUNCHER"), "start")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        if (!hasAccount) {
            byte[] password = new byte[24];
            new SecureRandom().nextBytes(password);
            builder.environment().put("CLEANROOM_ADMIN_EMAIL", "me@localhost.localdomain");
            builder.environment().put("CLEANROOM_ADMIN_PASSWORD", HexFormat.of().formatHex(password));
            System.err.println("· An administrator was made for you; ./cleanroom admin-link lets you in by browser");
        }
        Process process = builder.start();
        long end = System.nanoTime() + START_LIMIT_NANOS;
        while (!Api.isReady(local())) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroy();
                throw new IOException("The server did not start:\n" + Files.readString(log));
            }
            Thread.sleep(200);
        }
        Files.deleteIfExists(log);
        return process;
    }

    Api api() {
        return new Api(url, token);
    }

    @Override
    public void close() {
        if (started != null) {
            started.destroy();
            try {
                started.waitFor(15, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
