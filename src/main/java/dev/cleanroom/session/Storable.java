package dev.cleanroom.session;

/** The one function through which text enters the log: what it returns can be stored, sent, and drawn. */
public final class Storable {
    private static final char REPLACEMENT = '\uFFFD';

    private Storable() {}

    /** NUL (which PostgreSQL's text functions refuse) and lone surrogates (which are no UTF-8) become U+FFFD. */
    public static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isStorable(text, i)) {
                return replaced(text, i);
            }
        }
        return text;
    }

    /** As {@link #text}, and cut to at most {@code max} UTF-16 units, never inside a code point. */
    public static String text(String text, int max) {
        if (text.length() <= max) {
            return text(text);
        }
        int end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text(text.substring(0, end));
    }

    private static boolean isStorable(String text, int i) {
        char c = text.charAt(i);
        if (c == 0) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        return !Character.isLowSurrogate(c) || i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static String replaced(String text, int from) {
        var clean = new StringBuilder(text);
        for (int i = from; i < text.length(); i++) {
            if (!isStorable(text, i)) {
                clean.setCharAt(i, REPLACEMENT);
            }
        }
        return clean.toString();
    }
}
