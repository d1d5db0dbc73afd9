package dev.cleanroom.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a client in a sandbox asks the proxy for: a tunnel ({@code CONNECT host:port}) or one plain request in absolute form
 * (RFC 9112, 3.2). Read strictly: what two readers could understand in two ways is refused.
 *
 * @param host in lower case, without a trailing dot or brackets
 * @param head what goes to the host first: empty for a tunnel
 * @param bodyLength bytes of the body that follow; -1: until the client ends
 */
record EgressRequest(String host, int port, boolean tunnel, byte[] head, long bodyLength) {
    /** Why a request is refused, before its host is looked at. */
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Malformed(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private static final int MAX_HEAD = 16 * 1024; // bytes; the longest that servers commonly take is half of that
    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*)");
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "te", "trailer", "upgrade", "host", "proxy-connection"); // RFC 9110, 7.6.1

    /**
     * Reads up to the end of the head, not a byte further.
     *
     * @return empty if the client ended before it said anything
     * @throws Malformed with the status to answer
     */
    static Optional<EgressRequest> read(InputStream input) throws IOException {
        var lines = head(input);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = lines.getFirst().split(" ", -1);
        if (parts.length != 3 || !METHOD.matcher(parts[0]).matches() || !parts[2].matches("HTTP/1\\.[01]")) {
            throw new Malformed(400, "This is not a request to a proxy");
        }
        var headers = headers(lines.subList(1, lines.size()));
        return Optional.of(parts[0].equals("CONNECT") ? tunnel(parts[1]) : plain(parts[0], parts[1], headers));
    }

    private static EgressRequest tunnel(String authority) throws Malformed {
        var found = AUTHORITY.matcher(authority);
        if (!found.matches()) {
            throw new Malformed(400, "CONNECT wants host:port");
        }
        return new EgressRequest(host(found.group(1)), port(found.group(3)), true, new byte[0], -1);
    }

    private static EgressRequest plain(String method, String target, List<Header> headers) throws Malformed {
        URI address;
        try {
            address = new URI(target);
        } catch (URISyntaxException malformed) {
            throw new Malformed(400, "The address cannot be read");
        }
        if (!"http".equalsIgnoreCase(address.getScheme()) || address.getRawAuthority() == null) {
            throw new Malformed(400, "Only http:// addresses are fetched; use CONNECT for the rest");
        }
        String authority = address.getRawAuthority();
        var found = AUTHORITY.matcher(authority.matches(".*:[0-9]+") ? authority : authority + ":80");
        if (!found.matches()) {
            throw new Malformed(400, "The address cannot be read");
        }
        int port = port(found.group(3));
        String path = address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        var head = new StringBuilder(method + " " + path + query + " HTTP/1.1\r\n");
        head.append("Host: ")
                .append(found.group(1))
                .append(port == 80 ? "" : ":" + port)
                .append("\r\n");
        var named = namedByConnection(headers);
        for (var header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !named.contains(name) && !name.startsWith("proxy-")) {
                head.append(header.name()).append(": ").append(header.value()).append("\r\n");
            }
        }
        head.append("Connection: close\r\n\r\n");
        return new EgressRequest(
                host(found.group(1)),
                port,
                false,
                head.toString().getBytes(StandardCharsets.ISO_8859_1),
                bodyLength(headers));
    }

    private record Header(String name, String value) {}

    private static List<Header> headers(List<String> lines) throws Malformed {
        var headers = new ArrayList<Header>();
        for (String line : lines) {
            var found = HEADER.matcher(line);
            if (!found.matches()) {
                throw new Malformed(400, "A header cannot be read");
            }
            headers.add(new Header(found.group(1), found.group(2).strip()));
        }
        return headers;
    }

    private static Set<String> namedByConnection(List<Header> headers) {
        var names = new HashSet<String>();
        for (var header : headers) {
            if (header.name().equalsIgnoreCase("Connection")) {
                for (String name : header.value().split(",")) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        names.removeAll(Set.of("content-length", "transfer-encoding")); // they frame the body
        return names;
    }

    private static long bodyLength(List<Header> headers) throws Malformed {
        var lengths = headers.stream()
                .filter(header -> header.name().equalsIgnoreCase("Content-Length"))
                .toList();
        boolean encoded = headers.stream().anyMatch(header -> header.name().equalsIgnoreCase("Transfer-Encoding"));
        if (lengths.size() > 1 || encoded && !lengths.isEmpty()) {
            throw new Malformed(400, "The body's length is said twice");
        }
        if (encoded) {
            return -1;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        if (!lengths.getFirst().value().matches("[0-9]{1,18}")) {
            throw new Malformed(400, "The body's length cannot be read");
        }
        return Long.parseLong(lengths.getFirst().value());
    }

    private static String host(String text) {
        String host = text.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static int port(String text) throws Malformed {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65_535) {
            throw new Malformed(400, "The port cannot be");
        }
        return port;
    }

    /** Lines without their ends; control characters, a line feed without its carriage return too, are refused. */
    private static List<String> head(InputStream input) throws IOException {
        var lines = new ArrayList<String>();
        var line = new ByteArrayOutputStream();
        int total = 0;
        for (int b = input.read(); b >= 0; b = input.read()) {
            if (++total > MAX_HEAD) {
                throw new Malformed(431, "The request's head is longer than " + MAX_HEAD + " bytes");
            }
            if (b == '\r') {
                if (input.read() != '\n') {
                    throw new Malformed(400, "A line ends in a way that can be misread");
                }
                total++;
                if (line.size() == 0) {
                    return lines;
                }
                lines.add(line.toString(StandardCharsets.ISO_8859_1));
                line.reset();
            } else if (b < ' ' && b != '\t' || b == 0x7f) {
                throw new Malformed(400, "A control character is in the head");
            } else {
                line.write(b);
            }
        }
        if (total > 0) {
            throw new Malformed(400, "The request ended in its head");
        }
        return List.of();
    }
}
