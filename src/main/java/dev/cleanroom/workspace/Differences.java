package dev.cleanroom.workspace;

import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@code git diff-tree -r -z --raw --numstat} says of a commit. */
final class Differences {
    private static final int MAX_FILES = 1_000; // in one event; the diff has them all

    private Differences() {}

    /** @param from first byte of the list, which may be cut off anywhere */
    static List<ChangedFile> parse(byte[] output, int from) {
        Map<String, ChangedFile> files = new LinkedHashMap<>();
        var fields = fields(output, from);
        for (int at = 0; at < fields.size(); at++) {
            var field = fields.get(at);
            if (field.startsWith(":")) {
                if (++at < fields.size() && files.size() < MAX_FILES) {
                    var path = fields.get(at);
                    files.put(path, new ChangedFile(path, kind(field.charAt(field.lastIndexOf(' ') + 1)), 0, 0));
                }
                continue;
            }
            var counts = field.split("\t", 3);
            if (counts.length == 3) {
                files.computeIfPresent(
                        counts[2],
                        (path, file) -> new ChangedFile(path, file.kind(), lines(counts[0]), lines(counts[1])));
            }
        }
        return List.copyOf(files.values());
    }

    private static List<String> fields(byte[] output, int from) {
        var fields = new ArrayList<String>();
        int start = from;
        for (int at = from; at < output.length; at++) {
            if (output[at] == 0) {
                fields.add(new String(output, start, at - start, StandardCharsets.UTF_8));
                start = at + 1;
            }
        }
        return fields;
    }

    private static ChangeKind kind(char status) {
        return switch (status) {
            case 'A' -> ChangeKind.added;
            case 'D' -> ChangeKind.deleted;
            default -> ChangeKind.modified;
        };
    }

    /** Of a binary file git says {@code -}. */
    private static int lines(String count) {
        return count.equals("-") ? 0 : Integer.parseInt(count);
    }
}
