package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a search found in one file. */
record FileMatches(String type, String path, String etag, List<Match> matches) {
    private static final int MAX_SHOWN = 400; // UTF-16 units of a line; a page is no wider
    private static final int BEFORE = 60; // units shown before a match that is far to the right
    private static final String CUT = "…";

    static FileMatches of(String path, String etag, List<Match> matches) {
        return new FileMatches("file", path, etag, matches);
    }

    /**
     * A line with at least one match.
     *
     * @param line from 1
     * @param column of the first match, from 1, in UTF-16 units
     * @param text the line without its end; of a long one the part around the first match
     * @param ranges of the matches in {@code text}, as far as they are in it
     * @param replaced the same part after replacement; null if nothing is replaced
     * @param bytes the whole line without its end; null where it is not to be replaced in: lines can be large and many
     * @param from where {@code text} begins in the line
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Match(
            long line,
            int column,
            String text,
            List<int[]> ranges,
            String replaced,
            @JsonIgnore byte[] bytes,
            @JsonIgnore int from) {
        /** @param message ripgrep's, of type {@code match} */
        static Match of(JsonNode message) throws IOException {
            byte[] bytes = withoutEnd(decoded(message.path("lines")));
            var line = new String(bytes, StandardCharsets.UTF_8);
            var found = ranges(bytes, message.path("submatches"));
            int first = found.isEmpty() ? 0 : found.getFirst()[0];
            int from = first + BEFORE <= MAX_SHOWN ? 0 : codePointAt(line, first - BEFORE);
            String text = part(line, from);
            int shift = from == 0 ? 0 : CUT.length() - from;
            var shown = found.stream()
                    .map(range -> new int[] {range[0] + shift, Math.min(range[1] + shift, text.length())})
                    .filter(range -> range[0] <= range[1])
                    .toList();
            return new Match(message.path("line_number").asLong(), first + 1, text, shown, null, bytes, from);
        }

        Match withoutBytes() {
            return new Match(line, column, text, ranges, replaced, null, from);
        }

        Match replacedBy(byte[] whole) {
            return new Match(
                    line, column, text, ranges, part(new String(whole, StandardCharsets.UTF_8), from), bytes, from);
        }

        private static String part(String line, int from) {
            int start = Math.min(from, line.length());
            int end = codePointAt(line, Math.min(line.length(), start + MAX_SHOWN));
            return (from == 0 ? "" : CUT) + line.substring(start, end);
        }

        private static int codePointAt(String text, int at) {
            boolean splits = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
            return splits ? at - 1 : at;
        }

        /** In UTF-16 units of the line; those far behind the first are not counted out. */
        private static List<int[]> ranges(byte[] line, JsonNode submatches) {
            var ranges = new ArrayList<int[]>();
            int atByte = 0;
            int at = 0;
            for (var submatch : submatches) {
                int start = Math.clamp(submatch.path("start").asInt(), atByte, line.length);
                int end = Math.clamp(submatch.path("end").asInt(), start, line.length);
                int from = at + length(line, atByte, start);
                int to = from + length(line, start, end);
                if (!ranges.isEmpty() && from > ranges.getFirst()[0] + MAX_SHOWN) {
                    break;
                }
                ranges.add(new int[] {from, to});
                atByte = end;
                at = to;
            }
            return ranges;
        }

        private static int length(byte[] line, int from, int to) {
            return new String(line, from, to - from, StandardCharsets.UTF_8).length();
        }

        private static byte[] withoutEnd(byte[] line) {
            int end = line.length;
            if (end > 0 && line[end - 1] == '\n') {
                end--;
                if (end > 0 && line[end - 1] == '\r') {
                    end--;
                }
            }
            return Arrays.copyOf(line, end);
        }
    }

    /** What ripgrep writes as {@code {"text":…}}, or as {@code {"bytes":base64}} if it is not UTF-8. */
    static byte[] decoded(JsonNode data) throws IOException {
        return data.has("text")
                ? data.path("text").asText().getBytes(StandardCharsets.UTF_8)
                : data.path("bytes").binaryValue();
    }
}
