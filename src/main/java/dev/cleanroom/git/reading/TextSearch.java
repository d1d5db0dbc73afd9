package dev.cleanroom.git.reading;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Looks through the files of a tree, in git's order. Binary files, links and files above 1 MiB are left out. */
final class TextSearch {
    private static final int MAX_FILE = 1 << 20; // bytes; larger ones are data rather than text
    private static final int MAX_MATCHES = 2_000; // lines of one answer
    private static final int MAX_IN_FILE = 200; // lines
    private static final Duration LIMIT = Duration.ofSeconds(10); // a large tree that no cache has
    private static final int LOOK_AT_CLOCK = 256; // lines between two looks
    private static final int MAX_SHOWN = 400; // UTF-16 units of a line
    private static final int BEFORE = 60; // units shown before a match that is far to the right
    private static final String CUT = "…";

    /**
     * A line with at least one match.
     *
     * @param line from 1
     * @param column of the first match, from 1, in UTF-16 units
     * @param text the line without its end; of a long one the part around the first match
     * @param ranges of the matches in {@code text}, as far as they are in it
     */
    record Match(int line, int column, String text, List<int[]> ranges) {}

    /** What was found in one file. @param etag the blob's id */
    record Found(String type, String path, String etag, List<Match> matches) {}

    /** How it ended. @param limited there may be more matches than were told */
    record Done(String type, int files, int matches, boolean limited, long tookMs) {}

    interface Listener {
        void found(Found file) throws IOException;
    }

    private final ObjectReader reader;
    private final TextPattern pattern;
    private final long began = System.nanoTime();
    private boolean limited;

    TextSearch(ObjectReader reader, TextPattern pattern) {
        this.reader = reader;
        this.pattern = pattern;
    }

    Done run(TreePath place, Listener listener) throws IOException {
        int files = 0;
        int matches = 0;
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(place.id());
            walk.setRecursive(true);
            while (walk.next() && !isOver()) {
                var mode = walk.getFileMode(0);
                if (mode != FileMode.REGULAR_FILE && mode != FileMode.EXECUTABLE_FILE) {
                    continue;
                }
                var found = search(walk, MAX_MATCHES - matches);
                if (!found.isEmpty()) {
                    String path = (place.path().isEmpty() ? "" : place.path() + "/") + walk.getPathString();
                    listener.found(new Found("file", path, walk.getObjectId(0).name(), found));
                    files++;
                    matches += found.size();
                    if (matches == MAX_MATCHES) {
                        limited = true;
                        break;
                    }
                }
            }
        }
        long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return new Done("done", files, matches, limited, took);
    }

    private boolean isOver() {
        boolean over = System.nanoTime() - began > LIMIT.toNanos();
        limited |= over;
        return over;
    }

    private List<Match> search(TreeWalk file, int most) throws IOException {
        var blob = reader.open(file.getObjectId(0), Constants.OBJ_BLOB);
        if (blob.getSize() > MAX_FILE) {
            return List.of();
        }
        byte[] bytes = blob.getCachedBytes(MAX_FILE);
        return RawText.isBinary(bytes) ? List.of() : search(new String(bytes, StandardCharsets.UTF_8), most);
    }

    private List<Match> search(String text, int most) {
        var matches = new ArrayList<Match>();
        int number = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at);
            String line = text.substring(at, end < 0 ? text.length() : end);
            at += line.length() + 1;
            if (++number % LOOK_AT_CLOCK == 0 && isOver()) {
                break;
            }
            String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            var ranges = pattern.in(bare);
            if (!ranges.isEmpty()) {
                if (matches.size() == Math.min(most, MAX_IN_FILE)) {
                    limited = true;
                    break;
                }
                matches.add(match(number, bare, ranges));
            }
        }
        return matches;
    }

    private static Match match(int number, String line, List<int[]> ranges) {
        int first = ranges.getFirst()[0];
        int from = first + BEFORE <= MAX_SHOWN ? 0 : codePointAt(line, first - BEFORE);
        int to = codePointAt(line, Math.min(line.length(), from + MAX_SHOWN));
        String text = (from == 0 ? "" : CUT) + line.substring(Math.min(from, to), to);
        int shift = from == 0 ? 0 : CUT.length() - from;
        var shown = ranges.stream()
                .map(range -> new int[] {range[0] + shift, Math.min(range[1] + shift, text.length())})
                .filter(range -> range[0] < range[1])
                .toList();
        return new Match(number, first + 1, text, shown);
    }

    private static int codePointAt(String text, int at) {
        boolean splits = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
        return splits ? at - 1 : at;
    }
}
