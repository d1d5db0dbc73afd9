package dev.cleanroom.model.wire;

import dev.cleanroom.model.wire.Reading.Next;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;

/**
 * One streamed request on the asking thread. An interrupt closes the connection at once; a watch closes one that went
 * silent. Redirects are errors: they would carry the key elsewhere.
 */
final class Exchange {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LOOKS_PER_LIMIT = 20; // a stall is noticed within 5 % of its limit

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // an offered upgrade makes small local servers choke
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(EnvironmentProxies.ofEnvironment())
            .build();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("model-watch").factory());
    private final Limits limits;
    private final Clock clock;

    Exchange(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Reads the answer into {@code reading} until it is whole. */
    void stream(HttpRequest.Builder request, Endpoint endpoint, Reading reading) throws InterruptedException, Trouble {
        var first = endpoint.isHost(Endpoint.ANTHROPIC_HOST) ? limits.firstByteHosted() : limits.firstByte();
        var response = send(request.timeout(first).build(), endpoint, first);
        try (var watch = new Watch(response.body(), first);
                var in = decoded(response, watch.watched())) {
            read(response, in, watch, endpoint, reading);
        } catch (IOException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                throw new InterruptedException(); // the flag is cleared: JDBC and files would fail next
            }
            if (!reading.isWhole()) {
                throw brokenOff(e);
            }
        }
    }

    private static Trouble brokenOff(IOException e) {
        return e instanceof Stalled
                ? Trouble.of(Trouble.Kind.STALLED, e.getMessage())
                : Trouble.cut("the connection broke off: " + e.getMessage());
    }

    /** A small request with its whole answer, for lists of models. */
    HttpResponse<InputStream> get(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofInputStream());
    }

    private HttpResponse<InputStream> send(HttpRequest request, Endpoint endpoint, Duration first)
            throws InterruptedException, Trouble {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (HttpConnectTimeoutException | ConnectException | SSLException e) {
            throw Trouble.of(Trouble.Kind.UNREACHABLE, words(endpoint, e));
        } catch (HttpTimeoutException e) {
            throw Trouble.of(Trouble.Kind.STALLED, "no answer for " + first.toSeconds() + " s");
        } catch (IOException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw Trouble.of(Trouble.Kind.NO_ANSWER, "the connection closed before an answer: " + e.getMessage());
        }
    }

    private static String words(Endpoint endpoint, Exception e) {
        var host = endpoint.base().getAuthority();
        if (e instanceof SSLException) {
            return "no trusted TLS connection to " + host + ": " + e.getMessage();
        }
        boolean unknown = e.getCause() instanceof UnresolvedAddressException
                || e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException;
        return unknown ? "the host " + host + " is not known" : "nothing answers at " + host;
    }

    private static InputStream decoded(HttpResponse<?> response, InputStream in) throws IOException {
        boolean zipped = response.headers()
                .firstValue("content-encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
        return zipped ? new GZIPInputStream(in, 512) : in;
    }

    private void read(
            HttpResponse<InputStream> response, InputStream in, Watch watch, Endpoint endpoint, Reading reading)
            throws IOException, Trouble {
        if (response.statusCode() != 200) {
            throw refusal(response, in, endpoint);
        }
        if (response.headers().firstValue("content-type").orElse("").startsWith("application/json")) {
            var body = Json.read(new String(in.readNBytes(ErrorBody.MAX_BYTES), StandardCharsets.UTF_8));
            throw body.filter(node -> node.has("error") || node.isArray())
                    .map(node -> Trouble.inStream(endpoint, node))
                    .orElseGet(() -> Trouble.cut("the answer is not a stream"));
        }
        var events = new SseReader(in);
        var next = Next.MORE;
        while (next != Next.DONE) {
            var sse = events.next();
            if (sse.isEmpty()) {
                break;
            }
            var before = next;
            next = reading.take(sse.get(), endpoint);
            if (next == Next.LINGER && before != Next.LINGER) {
                watch.endWithin(limits.linger());
            }
        }
        if (!reading.isWhole()) {
            throw Trouble.cut("the reply ended before it was complete");
        }
        watch.endWithin(limits.drain());
        in.transferTo(OutputStream.nullOutputStream());
    }

    private Trouble refusal(HttpResponse<?> response, InputStream in, Endpoint endpoint) throws IOException {
        var said = ErrorBody.read(endpoint, response.statusCode(), in.readNBytes(ErrorBody.MAX_BYTES));
        var headers = response.headers();
        var shouldRetry = headers.firstValue("x-should-retry")
                .filter(value -> value.equals("true") || value.equals("false"))
                .map(Boolean::valueOf);
        return Trouble.said(said, ErrorBody.retryAfter(headers, clock), shouldRetry);
    }

    private static final class Stalled extends IOException {
        Stalled(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** Closes a body that was silent for too long while it was being read; a reader that is slow itself is not silence. */
    private final class Watch implements AutoCloseable {
        private static final long NOT_READING = 0;

        private final InputStream raw;
        private final ScheduledFuture<?> ticking;
        private volatile Duration limit;
        private volatile long readingSince = NOT_READING; // System.nanoTime()
        private volatile long end = Long.MAX_VALUE; // System.nanoTime()
        private volatile boolean closed;

        Watch(InputStream raw, Duration first) {
            this.raw = raw;
            limit = first;
            long period = Math.max(1, Math.min(limits.silence().toMillis() / LOOKS_PER_LIMIT, 250));
            ticking = ticks.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
        }

        /** However lively it is. */
        void endWithin(Duration left) {
            end = System.nanoTime() + left.toNanos();
        }

        private void look() {
            long since = readingSince;
            long now = System.nanoTime();
            if (!closed
                    && (since != NOT_READING && now - since > limit.toNanos() || end != Long.MAX_VALUE && now > end)) {
                closed = true;
                try {
                    raw.close();
                } catch (IOException ignored) {
                    // the reader finds out
                }
            }
        }

        InputStream watched() {
            return new FilterInputStream(raw) {
                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    readingSince = System.nanoTime();
                    try {
                        int count = super.read(bytes, offset, length);
                        if (closed) {
                            throw new IOException("closed");
                        }
                        return count;
                    } catch (IOException e) {
                        if (closed && !Thread.currentThread().isInterrupted()) {
                            throw new Stalled("no byte for " + limit.toSeconds() + " s", e);
                        }
                        throw e;
                    } finally {
                        readingSince = NOT_READING;
                        limit = limits.silence();
                    }
                }
            };
        }

        @Override
        public void close() {
            ticking.cancel(false);
        }
    }
}
