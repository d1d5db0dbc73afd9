package dev.cleanroom.sandbox;

import dev.cleanroom.outbound.Answer;
import dev.cleanroom.outbound.Budget;
import dev.cleanroom.outbound.Request;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.project.ProjectSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One request to {@code http://NAME.secret.internal/…}: goes on over TLS to that secret's one host and path, with its header
 * on it. Redirects are answers like any other: the sandbox may follow, without the header.
 */
final class SecretExchange {
    static final String SUFFIX = ".secret.internal";

    private static final int MAX_BODY =
            1 << 20; // bytes of a request, which is held in memory: as the server takes itself
    private static final Budget BUDGET =
            new Budget(Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofMinutes(30), 1L << 30);
    /** What two readers could take for another path. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i).*(%2e|%2f|%5c|%25|\\\\|//|/\\.{1,2}(/|;|$)|;).*");
    /** What framing says, and what the answer's framing here says anew. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "trailer", "upgrade");

    /** Sends a request as {@link dev.cleanroom.outbound.OutboundClient} does. */
    interface Outgoing {
        Answer send(Request request) throws IOException;
    }

    /** Why it is refused before anything was sent. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final EgressRequest request;
    private final ProjectSecrets.Header secret;
    private final URI address;
    private final Map<String, String> headers = new HashMap<>();
    private final String method;

    /** @throws Refused if the secret is not for this method or path */
    SecretExchange(EgressRequest request, ProjectSecrets.Header secret) throws Refused {
        this.request = request;
        this.secret = secret;
        var lines = new String(request.head(), StandardCharsets.ISO_8859_1).split("\r\n");
        var first = lines[0].split(" ");
        this.method = first[0];
        this.address = address(first[1]);
        if (!secret.methods().contains(method)) {
            throw new Refused(
                    403,
                    "This secret is for "
                            + String.join(
                                    ", ", secret.methods().stream().sorted().toList())
                            + " only: an editor can change that in the project's settings under Secrets");
        }
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            if (!name.equals("expect") && !name.equals("host") && !NOT_PASSED_ON.contains(name)) {
                headers.put(name, lines[i].substring(colon + 1).strip());
            }
        }
        headers.remove("authorization");
        headers.remove("cookie");
        headers.put(secret.header().toLowerCase(Locale.ROOT), secret.value());
    }

    private URI address(String target) throws Refused {
        var parts = target.split("\\?", 2);
        String path = parts[0];
        String prefix = secret.address().getRawPath();
        boolean isBelow = path.equals(prefix) || path.startsWith(prefix + "/");
        if (!isBelow || AMBIGUOUS.matcher(path).matches()) {
            throw new Refused(
                    403,
                    "This secret is for " + secret.address() + " and what is below it: ask for a plain path that begins"
                            + " with " + (prefix.isEmpty() ? "/" : prefix));
        }
        String origin = secret.address().getScheme() + "://" + secret.address().getRawAuthority();
        try {
            return URI.create(origin + path + (parts.length > 1 ? "?" + parts[1] : ""));
        } catch (IllegalArgumentException malformed) {
            throw new Refused(400, "The address cannot be read");
        }
    }

    /** That it goes to. */
    static int port(ProjectSecrets.Header secret) {
        return secret.address().getPort() < 0 ? 443 : secret.address().getPort();
    }

    /** @param moved is told whenever bytes have come or gone */
    void run(Outgoing client, Duplex stream, EgressEntry entry, Runnable moved) throws IOException {
        byte[] body = body(stream);
        entry.up().addAndGet(request.head().length + body.length);
        moved.run();
        try (var answer = send(client, body)) {
            write(stream, head(answer));
            var buffer = new byte[32 * 1024]; // bytes; each write is a frame
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                stream.output().write(buffer, 0, count);
                stream.output().flush();
                entry.down().addAndGet(count);
                moved.run();
            }
            stream.output().close();
        } catch (ProblemException tooLarge) {
            throw new IOException(tooLarge.getMessage(), tooLarge);
        }
    }

    private Answer send(Outgoing client, byte[] body) throws Refused {
        try {
            return client.send(new Request(method, address, headers, body, 0, BUDGET));
        } catch (ProblemException refused) {
            throw new Refused(403, refused.getMessage());
        } catch (IOException unreachable) {
            throw new Refused(502, address.getHost() + " cannot be reached: " + unreachable.getMessage());
        }
    }

    private byte[] body(Duplex stream) throws IOException {
        InputStream input = request.bodyLength() < 0 ? new ChunkedInput(stream.input()) : stream.input();
        if (request.bodyLength() > MAX_BODY) {
            throw new Refused(413, "A request with a secret has at most " + MAX_BODY + " bytes");
        }
        byte[] body = input.readNBytes(request.bodyLength() < 0 ? MAX_BODY + 1 : (int) request.bodyLength());
        if (body.length > MAX_BODY) {
            throw new Refused(413, "A request with a secret has at most " + MAX_BODY + " bytes");
        }
        return body;
    }

    private static String head(Answer answer) {
        var head = new StringBuilder("HTTP/1.1 " + answer.status() + " " + answer.reason() + "\r\n");
        answer.headers().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name)) {
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return head.append("Connection: close\r\n\r\n").toString();
    }

    private static void write(Duplex stream, String text) throws IOException {
        stream.output().write(text.getBytes(StandardCharsets.ISO_8859_1));
        stream.output().flush();
    }
}
