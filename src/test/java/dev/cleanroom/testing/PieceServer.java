package dev.cleanroom.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A small HTTP/1.1 server on loopback that writes exactly when it is told to, and breaks off in any way. */
final class PieceServer implements AutoCloseable {
    record Request(String method, String path, Map<String, String> headers, byte[] body) {}

    interface Handler {
        void handle(Request request, Response response) throws IOException, InterruptedException;
    }

    private final ServerSocket server = new ServerSocket();
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param port 0: any free one */
    PieceServer(int port, Handler handler) throws IOException {
        this.handler = handler;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        Thread.ofVirtual().name("scripted-model").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections that are open at the moment. */
    int connections() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            while (!socket.isClosed()) {
                var request = read(in);
                if (request == null) {
                    return;
                }
                var response = new Response(socket, out);
                handler.handle(request, response);
                response.end();
            }
        } catch (IOException gone) {
            // the client closed, or a fault was played
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        var first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        var words = first.split(" ");
        var headers = new LinkedHashMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the client went before its request was whole");
        }
        return new Request(words[0], words[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One answer. {@link #write} sends at once. */
    static final class Response {
        private final Socket socket;
        private final OutputStream out;
        private boolean chunked;
        private boolean ended;

        private Response(Socket socket, OutputStream out) {
            this.socket = socket;
            this.out = out;
        }

        /** Headers of a streamed answer. */
        void begin(int status, Map<String, String> headers) throws IOException {
            chunked = true;
            head(status, headers, "transfer-encoding: chunked");
        }

        void whole(int status, Map<String, String> headers, byte[] body) throws IOException {
            head(status, headers, "content-length: " + body.length);
            out.write(body);
            out.flush();
            ended = true;
        }

        private void head(int status, Map<String, String> headers, String length) throws IOException {
            var head = new StringBuilder("HTTP/1.1 " + status + " X\r\n" + length + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void write(byte[] bytes, int from, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes, from, length);
                out.write('\r');
                out.write('\n');
                out.flush();
            }
        }

        /** As if all had been said. */
        void end() throws IOException {
            if (chunked && !ended) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
            ended = true;
        }

        /** Resets the connection. */
        void cut() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Says nothing until the other side closes. */
        void stall() throws IOException {
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("the client spoke while it should have listened");
            }
            socket.close();
        }
    }
}
