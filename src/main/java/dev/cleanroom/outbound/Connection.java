package dev.cleanroom.outbound;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One HTTP/1.1 exchange (RFC 9112) over a connection of its own to an address that was judged. */
final class Connection {
    private static final int MAX_LINE_BYTES = 16 << 10; // of a header; cookies and policies reach a few KiB
    private static final int MAX_HEADERS = 200;
    private static final Set<String> OURS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect");

    private final Socket socket;
    private final Budget budget;
    private final Deadline deadline;
    private final InputStream in;

    private Connection(Socket socket, Budget budget, Deadline deadline) throws IOException {
        this.socket = socket;
        this.budget = budget;
        this.deadline = deadline;
        this.in = new BufferedInputStream(new Timed(socket.getInputStream()), 16 << 10);
    }

    /** @param host the name that TLS must prove; it is not looked up. @param tls null: plain text */
    static Connection open(
            String host, InetAddress address, int port, SSLSocketFactory tls, Budget budget, Deadline deadline)
            throws IOException {
        var plain = new Socket(Proxy.NO_PROXY);
        try {
            plain.connect(new InetSocketAddress(address, port), deadline.millis(budget.connect()));
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(deadline.millis(budget.connect()));
            return new Connection(tls == null ? plain : secured(tls, plain, host, port), budget, deadline);
        } catch (IOException | RuntimeException failed) {
            plain.close();
            throw failed;
        }
    }

    private static Socket secured(SSLSocketFactory tls, Socket plain, String host, int port) throws IOException {
        var socket = (SSLSocket) tls.createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!Network.isLiteral(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    Answer exchange(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException {
        try {
            socket.getOutputStream().write(head(method, uri, headers, body));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            String status = readLine();
            while (status.matches("HTTP/1\\.[01] 1\\d\\d.*")) {
                readHeaders();
                status = readLine();
            }
            if (!status.matches("HTTP/1\\.[01] [2-5]\\d\\d( .*)?")) {
                throw new ProtocolException("the answer is not HTTP");
            }
            var answered = readHeaders();
            int code = Integer.parseInt(status.substring(9, 12));
            String reason = status.length() > 13 ? status.substring(13) : "";
            return new Answer(uri, code, reason, answered, new Body(framed(method, code, answered)));
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private static byte[] head(String method, URI uri, Map<String, String> headers, byte[] body) {
        var head = new StringBuilder();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        head.append(method).append(' ').append(URI.create(path + query).toASCIIString());
        head.append(" HTTP/1.1\r\n");
        head.append("Host: ").append(uri.getHost());
        head.append(uri.getPort() < 0 ? "" : ":" + uri.getPort()).append("\r\n");
        head.append("Connection: close\r\n");
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        headers.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9-]+") || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
                throw new IllegalArgumentException("not a header: " + name);
            }
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, List<String>> readHeaders() throws IOException {
        var headers = new LinkedHashMap<String, List<String>>();
        int count = 0;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++count > MAX_HEADERS) {
                throw new ProtocolException("the answer's headers cannot be read");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed before the answer was whole");
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new ProtocolException("a line of the answer's head is too long");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** The body's bytes, by how its end is told: RFC 9112, 6.3. */
    private InputStream framed(String method, int status, Map<String, List<String>> headers) throws IOException {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        var encodings = headers.getOrDefault("transfer-encoding", List.of());
        if (!encodings.isEmpty()) {
            if (!encodings.equals(List.of("chunked"))) {
                throw new ProtocolException("the answer is framed as " + encodings);
            }
            return new Chunked();
        }
        var lengths = Set.copyOf(headers.getOrDefault("content-length", List.of()));
        if (lengths.isEmpty()) {
            return in;
        }
        String length = lengths.iterator().next();
        if (lengths.size() > 1 || !length.matches("\\d{1,18}")) {
            throw new ProtocolException("the answer has no length that can be read");
        }
        return new Counted(Long.parseLong(length));
    }

    /** Waits for each piece no longer than the budget allows. */
    private final class Timed extends FilterInputStream {
        Timed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            socket.setSoTimeout(deadline.millis(budget.idle()));
            return super.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            socket.setSoTimeout(deadline.millis(budget.idle()));
            return super.read(target, offset, length);
        }
    }

    /** A body of a known length. */
    private final class Counted extends InputStream {
        private long left;

        Counted(long length) {
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(target, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the connection was closed before the answer was whole");
            }
            left -= read;
            return read;
        }
    }

    /** A body in chunks: RFC 9112, 7.1. */
    private final class Chunked extends InputStream {
        private InputStream chunk = new Counted(0);
        private boolean first = true;
        private boolean ended;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ended) {
                int read = chunk.read(target, offset, length);
                if (read >= 0) {
                    return read;
                }
                next();
            }
            return -1;
        }

        private void next() throws IOException {
            if (!first && !readLine().isEmpty()) {
                throw new ProtocolException("a chunk of the answer is longer than it says");
            }
            first = false;
            String size = readLine().replaceAll(";.*", "").strip();
            if (!size.matches("[0-9A-Fa-f]{1,15}")) {
                throw new ProtocolException("a chunk of the answer has no size");
            }
            chunk = new Counted(Long.parseLong(size, 16));
            if (Long.parseLong(size, 16) == 0) {
                readHeaders();
                ended = true;
            }
        }
    }

    /** What the caller reads: cut off with a problem at the budget; closing it closes the connection. */
    private final class Body extends FilterInputStream {
        private long left = budget.maxBytes();

        Body(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(read);
            return read;
        }

        private void count(int read) {
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new ProblemException(
                        Kind.TOO_LARGE,
                        "outbound.too-large",
                        "The answer is larger than " + (budget.maxBytes() >> 20) + " MiB, the limit here.");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
