package dev.cleanroom.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API of a Docker or Podman daemon over its Unix socket: HTTP/1.1, one connection a request. */
final class DockerSocket {
    /** What Debian 12's Docker speaks at most; newer ones and Podman speak it, too. */
    private static final String VERSION = "/v1.41";

    private static final int MOST = 16 << 20; // bytes of an answer; a list of thousands of containers has less
    private static final int LONGEST_LINE = 16 << 10; // bytes of a head's line
    private static final int MOST_HEADERS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param body missing where there is none, or no JSON */
    record Reply(int status, JsonNode body, byte[] bytes) {
        boolean isOk() {
            return status < 400;
        }

        boolean isMissing() {
            return status == 404;
        }

        /** What the daemon says is wrong; nonsense if nothing is. */
        String message() {
            return body.path("message").asText("the daemon answered " + status);
        }

        /** @throws SandboxException if the daemon refused, with its reason */
        Reply orFail(String otherwise) {
            if (!isOk()) {
                throw new SandboxException(otherwise + ": " + message());
            }
            return this;
        }
    }

    private final Path path;
    private final Duration limit;

    /** @param limit of one request: a daemon on a busy machine needs seconds to start a container */
    DockerSocket(Path path, Duration limit) {
        this.path = path;
        this.limit = limit;
    }

    Path path() {
        return path;
    }

    Reply get(String resource) {
        return send("GET", resource, null);
    }

    /** @param body null: none */
    Reply post(String resource, JsonNode body) {
        return send("POST", resource, body);
    }

    Reply delete(String resource) {
        return send("DELETE", resource, null);
    }

    /**
     * @throws SandboxException if the daemon cannot be reached or does not answer in time, or if the thread is interrupted,
     *     which stays so
     */
    private Reply send(String method, String resource, JsonNode body) {
        var exchange = new FutureTask<>(() -> talk(method, resource, body));
        var thread = Thread.ofVirtual().name("docker").start(exchange);
        try {
            return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new SandboxException("The daemon at " + path + " did not answer within " + limit.toSeconds()
                    + " s: look at it, or restart it");
        } catch (ExecutionException failed) {
            var why = String.valueOf(failed.getCause().getMessage());
            throw new SandboxException(
                    "The daemon at " + path + " cannot be asked: " + why
                            + (why.contains("Permission denied")
                                    ? ". Put the server's user into the group of the socket and start the server again"
                                    : ". Start it, or name another's socket in CLEANROOM_SANDBOX_DOCKER_SOCKET"),
                    failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SandboxException("The daemon at " + path + " was not waited for: somebody interrupted this");
        } finally {
            thread.interrupt(); // closes its connection
        }
    }

    private Reply talk(String method, String resource, JsonNode body) throws IOException {
        byte[] content = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
        var head = method + " " + VERSION + resource + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
                + (body == null ? "" : "Content-Type: application/json\r\n")
                + "Content-Length: " + content.length + "\r\n\r\n";
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            return read(new BufferedInputStream(Channels.newInputStream(channel)));
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            channel.write(left);
        }
    }

    /** @throws IOException if it is no answer, cut, or longer than {@link #MOST} */
    static Reply read(InputStream in) throws IOException {
        var statusLine = line(in).split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.")) {
            throw new IOException("it does not speak HTTP");
        }
        int status = number(statusLine[1], 10);
        var headers = headers(in);
        byte[] bytes = status == 204 || status == 304 ? new byte[0] : body(in, headers);
        boolean json = headers.getOrDefault("content-type", "").startsWith("application/json");
        return new Reply(status, json ? JSON.readTree(bytes) : MissingNode.getInstance(), bytes);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        var headers = new HashMap<String, String>();
        int lines = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++lines > MOST_HEADERS) {
                throw new IOException("it does not speak HTTP");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks(in);
        }
        var length = headers.get("content-length");
        if (length != null) {
            return exactly(in, number(length, 10), 0);
        }
        byte[] bytes = in.readNBytes(MOST + 1); // to the connection's end
        if (bytes.length > MOST) {
            throw tooLong();
        }
        return bytes;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            int size = number(line(in).split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return all.toByteArray();
            }
            all.write(exactly(in, size, all.size()));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, int size, int before) throws IOException {
        if (size < 0 || size > MOST - before) {
            throw tooLong();
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("its answer is cut");
        }
        return bytes;
    }

    private static IOException tooLong() {
        return new IOException("its answer has more than " + (MOST >> 20) + " MiB");
    }

    private static int number(String digits, int radix) throws IOException {
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException none) {
            throw new IOException("it does not speak HTTP");
        }
    }

    /** Without its end. */
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException("its answer is cut");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
