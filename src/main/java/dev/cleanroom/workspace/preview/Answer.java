package dev.cleanroom.workspace.preview;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer in HTTP/1.1 (RFC 9112) from a program in a sandbox, which is not believed: what is no HTTP, or ends too early,
 * is an {@link IOException}.
 *
 * @param headers in their order, without those of the connection (hop by hop)
 * @param body decoded; empty where there is none
 */
record Answer(int status, String reason, List<Map.Entry<String, String>> headers, InputStream body) {
    private static final int MAX_HEAD = 64 << 10; // bytes; servers of frameworks refuse more themselves
    private static final int MAX_INTERIM = 20; // answers of 1xx before the real one
    private static final int SWITCHING = 101;

    /** @param isHead the answer to HEAD says a length and has no body */
    static Answer read(InputStream in, boolean isHead) throws IOException {
        for (int i = 0; i < MAX_INTERIM; i++) {
            var answer = readOne(in, isHead);
            if (answer.status() >= 200 || answer.status() == SWITCHING) {
                return answer;
            }
        }
        throw new IOException("the server in the sandbox does not come to its answer");
    }

    boolean isSwitching() {
        return status == SWITCHING;
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Answer readOne(InputStream in, boolean isHead) throws IOException {
        var budget = new int[] {MAX_HEAD};
        var first = line(in, budget).split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-5]\\d\\d")) {
            throw new IOException("what listens in the sandbox does not speak HTTP");
        }
        int status = Integer.parseInt(first[1]);
        var all = new ArrayList<Map.Entry<String, String>>();
        for (var line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                all.add(Map.entry(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip()));
            }
        }
        var reason = first.length < 3 ? "" : first[2].replaceAll("[^ -~]", "");
        var headers = List.copyOf(HopByHop.without(all));
        boolean hasBody = !isHead && status >= 200 && status != 204 && status != 304 || status == SWITCHING;
        return new Answer(status, reason, headers, hasBody ? body(in, status, all) : InputStream.nullInputStream());
    }

    private static InputStream body(InputStream in, int status, List<Map.Entry<String, String>> headers)
            throws IOException {
        if (status == SWITCHING) {
            return in;
        }
        if (HopByHop.value(headers, "transfer-encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            return new Chunked(in);
        }
        var length = HopByHop.value(headers, "content-length");
        if (length.isPresent() && !length.get().matches("\\d{1,18}")) {
            throw new IOException("a length that is no number");
        }
        return length.isPresent() ? new Sized(in, Long.parseLong(length.get())) : in; // until it hangs up
    }

    private static String line(InputStream in, int[] budget) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server in the sandbox hung up without an answer");
            }
            if (budget[0]-- == 0) {
                throw new IOException("the head of an answer is larger than " + MAX_HEAD + " bytes");
            }
            line.append((char) next);
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /** So many bytes and no fewer. */
    private static class Sized extends FilterInputStream {
        long left;

        Sized(InputStream in, long size) {
            super(in);
            left = size;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, from, (int) Math.min(count, left));
            if (read < 0) {
                throw new EOFException("the server in the sandbox hung up in the middle of an answer");
            }
            left -= read;
            return read;
        }
    }

    private static final class Chunked extends Sized {
        private boolean begun;
        private boolean ended;

        Chunked(InputStream in) {
            super(in, 0);
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            return super.read(into, from, count);
        }

        private void next() throws IOException {
            var budget = new int[] {MAX_HEAD};
            if (begun && !line(in, budget).isEmpty()) {
                throw new IOException("a chunk that is longer than it said");
            }
            begun = true;
            var size = line(in, budget).split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw new IOException("a chunk without a size");
            }
            left = Long.parseLong(size, 16);
            if (left == 0) {
                ended = true;
                while (!line(in, budget).isEmpty()) {
                    // trailers
                }
            }
        }
    }

    /** A part of a head as it is written: in ISO-8859-1. */
    static byte[] bytes(String head) {
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }
}
