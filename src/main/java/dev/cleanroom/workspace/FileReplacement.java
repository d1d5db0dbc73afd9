package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.FileProblem.Reason;
import dev.cleanroom.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Replaces what a search finds in files; the ends of lines, a byte order mark and a missing last end stay as they are. */
final class FileReplacement {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}; // of UTF-8

    /** @param lines in which something was replaced @param etag of the file now */
    record Replaced(int lines, String etag) {}

    private final Sandbox sandbox;
    private final Ripgrep ripgrep;
    private final Overwritten overwritten;

    FileReplacement(Sandbox sandbox, SearchQuery query, Overwritten overwritten) {
        this.sandbox = sandbox;
        this.ripgrep = new Ripgrep(sandbox, query);
        this.overwritten = overwritten;
    }

    /**
     * @param only lines that are meant, from 1; empty: all
     * @throws FileProblem {@code STALE} if the file is another than the search saw
     */
    Replaced in(String path, String etag, Optional<Set<Integer>> only) throws InterruptedException {
        var read = sandbox.read(path, 0, Ripgrep.MAX_FILE);
        if (!read.stat().etag().equals(etag)) {
            throw new FileProblem(Reason.STALE, path);
        }
        if (read.stat().size() > Ripgrep.MAX_FILE) {
            throw new FileProblem(
                    Reason.TOO_LARGE, "Larger than " + (Ripgrep.MAX_FILE >> 20) + " MiB: replace it by a command.");
        }
        var text = Text.of(read.bytes());
        var replaced = ripgrep.replace(text.lines());
        int changed = 0;
        for (int i = 0; i < replaced.size(); i++) {
            int line = i + 1;
            if (only.filter(lines -> !lines.contains(line)).isPresent()) {
                replaced.set(i, text.lines().get(i));
            }
            changed += Arrays.equals(replaced.get(i), text.lines().get(i)) ? 0 : 1;
        }
        return changed == 0
                ? new Replaced(0, etag)
                : new Replaced(changed, overwritten.write(path, etag, read.bytes(), text.with(replaced)));
    }

    /** @param ends of each line: none, LF or CR LF */
    private record Text(boolean marked, List<byte[]> lines, List<byte[]> ends) {
        static Text of(byte[] bytes) {
            boolean marked = bytes.length >= MARK.length && Arrays.equals(MARK, Arrays.copyOf(bytes, MARK.length));
            var lines = new ArrayList<byte[]>();
            var ends = new ArrayList<byte[]>();
            int start = marked ? MARK.length : 0;
            for (int i = start; i < bytes.length; i++) {
                if (bytes[i] == 0) {
                    throw new FileProblem(Reason.INVALID, "Not UTF-8 text: replace it by a command.");
                }
                boolean endsHere = bytes[i] == '\n';
                if (endsHere || i == bytes.length - 1) {
                    int end = !endsHere ? i + 1 : i > start && bytes[i - 1] == '\r' ? i - 1 : i;
                    lines.add(Arrays.copyOfRange(bytes, start, end));
                    ends.add(Arrays.copyOfRange(bytes, end, i + 1));
                    start = i + 1;
                }
            }
            return new Text(marked, lines, ends);
        }

        byte[] with(List<byte[]> others) {
            var whole = new ByteArrayOutputStream();
            if (marked) {
                whole.writeBytes(MARK);
            }
            for (int i = 0; i < others.size(); i++) {
                whole.writeBytes(others.get(i));
                whole.writeBytes(ends.get(i));
            }
            return whole.toByteArray();
        }
    }
}
