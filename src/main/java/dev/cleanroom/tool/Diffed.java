package dev.cleanroom.tool;

/** The lines around a change, numbered as Read shows them, so that the model sees what it made. */
final class Diffed {
    private static final int AROUND = 4; // lines before and after the change

    private Diffed() {}

    /** @param from offset of the change in {@code text}, {@code to} its end, in UTF-16 units */
    static String excerpt(String text, int from, int to) {
        var lines = text.split("\n", -1);
        int first = lineOf(text, from);
        int last = lineOf(text, Math.max(from, to - 1));
        int end = Math.min(Math.min(lines.length - 1, last + AROUND), first + 3 * AROUND);
        var shown = new StringBuilder();
        for (int i = Math.max(0, first - AROUND); i <= end; i++) {
            ReadTool.line(shown, i + 1, lines[i]);
        }
        return shown.toString();
    }

    private static int lineOf(String text, int offset) {
        return (int) text.substring(0, Math.min(offset, text.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
    }
}
