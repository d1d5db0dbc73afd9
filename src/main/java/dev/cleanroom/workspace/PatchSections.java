package dev.cleanroom.workspace;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.util.QuotedString;

/** The parts of a patch, by the file that each is of. */
final class PatchSections {
    private static final String BEGIN = "diff --git ";

    private PatchSections() {}

    /**
     * @param patch as git writes it without renames; no line of a hunk begins as a section does
     * @param cut its end may be missing: the last section is left out
     * @return by path, in the patch's order; a file that became something else has two sections, which are one here
     */
    static Map<String, String> of(byte[] patch, boolean cut) {
        var sections = new LinkedHashMap<String, String>();
        var text = new String(patch, StandardCharsets.UTF_8);
        var last = "";
        for (int at = text.startsWith(BEGIN) ? 0 : next(text, 0); at >= 0; ) {
            int end = next(text, at);
            var section = end < 0 ? text.substring(at) : text.substring(at, end);
            last = path(section.substring(
                    BEGIN.length(), section.indexOf('\n') < 0 ? section.length() : section.indexOf('\n')));
            sections.merge(last, section, String::concat);
            at = end;
        }
        if (cut) {
            sections.remove(last);
        }
        return sections;
    }

    private static int next(String text, int from) {
        int newline = text.indexOf("\n" + BEGIN, from);
        return newline < 0 ? -1 : newline + 1;
    }

    /** Both names are the same but for their first letter, so half of the line is one of them. */
    private static String path(String names) {
        var first = names.substring(0, Math.max(names.length() - 1, 0) / 2);
        var plain = first.startsWith("\"") ? QuotedString.GIT_PATH.dequote(first) : first;
        return plain.substring(Math.min(2, plain.length()));
    }
}
