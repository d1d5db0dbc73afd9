package dev.cleanroom.workspace.preview;

import dev.cleanroom.sandbox.Duplex;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.workspace.preview.PreviewAddress.Target;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One request to a preview and its answer, each passed on while it still comes. For the program it looks as if a browser
 * on its own machine had asked for {@code localhost}. Its methods wait: they are called on a virtual thread.
 */
final class PreviewExchange implements Passes.Open {
    private static final int PIECE = 64 << 10; // bytes
    private static final Duration LAST_BYTES = Duration.ofSeconds(1); // the end of a body that was read, on its way
    private static final Set<Integer> BODILESS = Set.of(204, 304);
    private static final Set<String> OWN_REQUEST =
            Set.of("host", "cookie", "origin", "referer", "expect", "accept-encoding");
    /** A preview is shown in a frame of ours, by plain HTTP on this machine, under a host of ours. */
    private static final Set<String> NOT_IN_A_FRAME =
            Set.of("x-frame-options", "strict-transport-security", "alt-svc", "public-key-pins");

    private final HttpServerRequest request;
    private final Context context;
    private final Target target;
    private final String origin;
    private Pass pass;
    private Thread uploading; // of a body
    private Duplex connection; // guarded by this
    private boolean ended; // guarded by this

    /** @param request paused; its own thread calls this */
    PreviewExchange(HttpServerRequest request, Context context, Target target, PreviewAddress address) {
        this.request = request;
        this.context = context;
        this.target = target;
        this.origin = address.origin(target);
        request.response().closeHandler(gone -> hangUp());
        request.response().exceptionHandler(gone -> hangUp());
    }

    HttpServerRequest request() {
        return request;
    }

    Target target() {
        return target;
    }

    /** Of the preview. */
    String origin() {
        return origin;
    }

    String path() {
        return String.valueOf(request.path());
    }

    Optional<Pass> pass(PreviewProxy.Opener opener) {
        var found = PreviewCookies.pass(request.getHeader(HttpHeaders.COOKIE)).flatMap(it -> opener.open(it, target));
        pass = found.orElse(null);
        return found;
    }

    @Override
    public Pass pass() {
        return pass;
    }

    /** Ends both sides where they are. */
    @Override
    public void end() {
        hangUp();
        request.connection().close();
    }

    private void hangUp() {
        synchronized (this) {
            ended = true;
            if (connection == null) {
                return;
            }
        }
        connection.close();
    }

    /** For an answer of our own; {@link #sent} sends it. */
    HttpServerResponse small(int status) {
        return request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
    }

    void sent(String text) {
        var sent = request.response().end(text);
        if (uploading == null) {
            context.runOnContext(go -> request.resume()); // what there is of a body is thrown away
        } else {
            sent.onComplete(done -> request.connection().close());
        }
    }

    /** Empty if nothing listens. */
    Optional<Duplex> connect(Sandbox sandbox) throws IOException, InterruptedException {
        try {
            var made = sandbox.connect(target.port());
            synchronized (this) {
                connection = made;
                if (!ended) {
                    return Optional.of(made);
                }
            }
            made.close();
            throw new IOException("the browser is gone");
        } catch (FileProblem nobody) {
            return Optional.empty();
        } catch (SandboxException lost) {
            throw new IOException(lost);
        }
    }

    /** Sends the request's head and, beside what follows, its body. */
    void ask(Duplex stream) throws IOException {
        var out = stream.output();
        out.write(Answer.bytes(head()));
        boolean isSized = request.getHeader(HttpHeaders.CONTENT_LENGTH) != null;
        boolean isChunked = !isSized && request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (isSocket()) {
            return; // its bytes follow when the program has agreed
        }
        if (!isSized && !isChunked) {
            context.runOnContext(go -> request.resume());
            return;
        }
        if (request.headers().contains(HttpHeaders.EXPECT)) {
            request.response().writeContinue();
        }
        var coming = new CompletableFuture<Inflow>();
        context.runOnContext(go -> coming.complete(new Inflow(request, context)));
        uploading = Thread.ofVirtual().name("preview-body-" + target.id()).start(() -> {
            try {
                coming.get().transferTo(isSized ? out::write : piece -> writeChunk(out, piece));
                if (isChunked) {
                    writeChunk(out, new byte[0]);
                }
            } catch (IOException | InterruptedException | ExecutionException over) {
                // the program has heard enough, or the browser left: the answer's side knows
            }
        });
    }

    private static void writeChunk(OutputStream out, byte[] piece) throws IOException {
        out.write(Answer.bytes(Integer.toHexString(piece.length) + "\r\n"));
        out.write(piece);
        out.write(Answer.bytes("\r\n"));
    }

    private String head() {
        var head = new StringBuilder();
        var uri = request.uri().startsWith("/") ? request.uri() : request.path();
        head.append(request.method().name()).append(' ').append(uri).append(" HTTP/1.1\r\n");
        header(head, "Host", "localhost:" + target.port());
        var headers = List.copyOf(request.headers().entries());
        for (var header : HopByHop.without(headers)) {
            if (!OWN_REQUEST.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header(head, header.getKey(), header.getValue());
            }
        }
        HopByHop.value(headers, "origin").ifPresent(it -> header(head, "Origin", toProgram(it)));
        HopByHop.value(headers, "referer").ifPresent(it -> header(head, "Referer", toProgram(it)));
        HopByHop.value(headers, "cookie")
                .map(PreviewCookies::toProgram)
                .filter(it -> !it.isEmpty())
                .ifPresent(it -> header(head, "Cookie", it));
        var encodings = HopByHop.value(headers, "accept-encoding");
        header(head, "Accept-Encoding", isPage() ? "identity" : encodings.orElse("identity"));
        if (isSocket()) {
            header(head, "Connection", "Upgrade");
            header(head, "Upgrade", "websocket");
        } else {
            header(head, "Connection", "close");
            if (headers.stream().anyMatch(it -> it.getKey().equalsIgnoreCase("transfer-encoding"))
                    && HopByHop.value(headers, "content-length").isEmpty()) {
                header(head, "Transfer-Encoding", "chunked");
            }
        }
        return head.append("\r\n").toString();
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private boolean isSocket() {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    /** A page that a person goes to, in the frame or in a tab. */
    private boolean isPage() {
        var destination = request.getHeader("Sec-Fetch-Dest");
        var isAsked = destination == null
                ? String.valueOf(request.getHeader(HttpHeaders.ACCEPT)).contains("text/html")
                : Set.of("document", "iframe", "frame").contains(destination);
        return isAsked && request.method() == HttpMethod.GET;
    }

    private String toProgram(String address) {
        var local = "http://localhost:" + target.port();
        return address.equals(origin) || address.startsWith(origin + "/")
                ? local + address.substring(origin.length())
                : address;
    }

    /** Where the program sends a browser: of its own addresses only the path stays. */
    private String toBrowser(String location) {
        var own = "^(https?:)?//(localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1?]):" + target.port() + "(?=[/?#]|$)";
        return location.replaceFirst(own, origin);
    }

    /** Passes the answer on. */
    void answer(Duplex stream) throws IOException, InterruptedException {
        var in = new BufferedInputStream(stream.input(), PIECE);
        Answer answer;
        try {
            answer = Answer.read(in, request.method() == HttpMethod.HEAD);
        } catch (IOException silent) {
            new PreviewPage(this)
                    .send(
                            502,
                            "There was no answer on :" + target.port(),
                            "What listens there hung up, or speaks no HTTP.");
            return;
        }
        if (answer.isSwitching() != isSocket() && answer.isSwitching()) {
            throw new IOException("the program switches to what nobody asked for");
        }
        var response = request.response().setStatusCode(answer.status());
        if (!answer.reason().isEmpty()) {
            response.setStatusMessage(answer.reason());
        }
        var injects = isPage() && isPlainHtml(answer);
        copyHeaders(answer, response, injects);
        if (answer.isSwitching()) {
            join(answer.body(), stream.output());
        } else {
            send(injects ? ConsoleScript.into(answer.body()) : answer.body(), response);
        }
    }

    private static boolean isPlainHtml(Answer answer) {
        var type = answer.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.startsWith("text/html")
                && !type.contains("utf-16")
                && answer.header("content-encoding")
                        .filter(it -> !it.equals("identity"))
                        .isEmpty();
    }

    private void copyHeaders(Answer answer, HttpServerResponse response, boolean injects) throws IOException {
        try {
            for (Map.Entry<String, String> header : answer.headers()) {
                var name = header.getKey().toLowerCase(Locale.ROOT);
                var value = header.getValue();
                switch (name) {
                    case "location", "content-location" -> response.headers().add(name, toBrowser(value));
                    case "set-cookie" ->
                        PreviewCookies.toBrowser(value)
                                .ifPresent(it -> response.headers().add(name, it));
                    case "content-security-policy" ->
                        response.headers().add(name, value.replaceAll("(?i)(^|;)\\s*frame-ancestors[^;]*", "$1"));
                    case "content-length" -> {
                        if (!injects) {
                            response.headers().add(name, value);
                        }
                    }
                    default -> {
                        if (!NOT_IN_A_FRAME.contains(name)) {
                            response.headers().add(name, value);
                        }
                    }
                }
            }
        } catch (IllegalArgumentException unwritable) {
            throw new IOException("a header that cannot be passed on", unwritable);
        }
        response.headers().add("Content-Security-Policy", "frame-ancestors 'self' " + pass.opener());
        if (answer.isSwitching()) {
            response.putHeader(HttpHeaders.CONNECTION, "Upgrade").putHeader(HttpHeaders.UPGRADE, "websocket");
        } else if (!response.headers().contains("Content-Encoding")) {
            response.putHeader(
                    HttpHeaders.CONTENT_ENCODING,
                    HttpHeaders.IDENTITY); // else it would be compressed here, and held back
        }
    }

    private void send(InputStream body, HttpServerResponse response) throws IOException, InterruptedException {
        boolean hasBody = request.method() != HttpMethod.HEAD && !BODILESS.contains(response.getStatusCode());
        response.setChunked(hasBody && !response.headers().contains(HttpHeaders.CONTENT_LENGTH));
        var piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            await(response.write(Buffer.buffer(read).appendBytes(piece, 0, read)));
        }
        await(response.end());
        if (uploading != null) {
            uploading.join(LAST_BYTES);
        }
        if (!request.isEnded()) {
            request.connection().close(); // the program did not want to hear the rest
        }
    }

    /** A socket, until one side hangs up. */
    private void join(InputStream fromProgram, OutputStream toProgram) throws IOException, InterruptedException {
        var opened = new CompletableFuture<Inflow>();
        var socket = new CompletableFuture<NetSocket>();
        context.runOnContext(go -> request.toNetSocket()
                .onSuccess(made -> {
                    made.pause();
                    made.closeHandler(gone -> hangUp());
                    opened.complete(new Inflow(made, context));
                    socket.complete(made);
                })
                .onFailure(failed -> {
                    opened.completeExceptionally(failed);
                    socket.completeExceptionally(failed);
                }));
        try {
            var browser = socket.get();
            var inflow = opened.get();
            Thread.ofVirtual().name("preview-socket-" + target.id()).start(() -> {
                try {
                    inflow.transferTo(toProgram::write);
                    toProgram.close();
                } catch (IOException | InterruptedException over) {
                    // the other direction knows
                }
            });
            var piece = new byte[PIECE];
            for (int read = fromProgram.read(piece); read >= 0; read = fromProgram.read(piece)) {
                await(browser.write(Buffer.buffer(read).appendBytes(piece, 0, read)));
            }
            browser.close();
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    private static void await(Future<Void> written) throws IOException, InterruptedException {
        try {
            written.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException gone) {
            throw new IOException("the browser is gone", gone.getCause());
        }
    }
}
