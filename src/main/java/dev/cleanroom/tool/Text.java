package dev.cleanroom.tool;

import dev.cleanroom.session.Storable;

/** Cuts output to what a model is shown, never inside a code point. */
public final class Text {
    /** UTF-16 units of one result; as Claude Code has it. */
    public static final int MAX_OUTPUT = 30_000;

    /** Of a failed command: its end says why, and a model reads it at once. */
    static final int MAX_FAILURE = 10_000;

    private Text() {}

    /** The beginning and the end, with a line between that says how much is missing and {@code where} the rest is. */
    public static String middleCut(String text, int max, String where) {
        if (text.length() <= max) {
            return Storable.text(text);
        }
        String note = "\n[… " + (text.length() - max) + " characters left out here" + where + " …]\n";
        int half = (max - note.length()) / 2;
        return start(text, half) + note + end(text, half);
    }

    /** At most the first {@code max} UTF-16 units. */
    static String start(String text, int max) {
        return Storable.text(text, max);
    }

    /** At most the last {@code max} UTF-16 units. */
    static String end(String text, int max) {
        int from = Math.max(0, text.length() - max);
        if (from > 0 && from < text.length() && Character.isLowSurrogate(text.charAt(from))) {
            from++;
        }
        return Storable.text(text.substring(from));
    }
}
