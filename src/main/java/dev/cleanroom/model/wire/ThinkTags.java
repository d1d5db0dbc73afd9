package dev.cleanroom.model.wire;

import java.util.ArrayList;
import java.util.List;

/** Parts {@code <think>…</think>} at the beginning of a reply from its text; a tag may come in pieces. */
final class ThinkTags {
    record Piece(boolean thinking, String text) {}

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        BEGINNING,
        THINKING,
        TEXT
    }

    private State state = State.BEGINNING;
    private String held = "";

    List<Piece> take(String text) {
        if (state == State.TEXT) {
            return List.of(new Piece(false, text));
        }
        var pieces = new ArrayList<Piece>();
        held += text;
        if (state == State.BEGINNING) {
            var stripped = held.stripLeading();
            if (stripped.startsWith(OPEN)) {
                held = stripped.substring(OPEN.length());
                state = State.THINKING;
            } else if (!OPEN.startsWith(stripped)) {
                state = State.TEXT;
            }
        }
        if (state == State.THINKING) {
            int end = held.indexOf(CLOSE);
            int safe = end >= 0 ? end : held.length() - overlap(held);
            pieces.add(new Piece(true, held.substring(0, safe)));
            held = held.substring(safe);
            if (end >= 0) {
                held = held.substring(CLOSE.length()).stripLeading();
                state = State.TEXT;
            }
        }
        if (state == State.TEXT) {
            pieces.addAll(rest());
        }
        return pieces;
    }

    /** What was held back because it might have been a tag's beginning. */
    List<Piece> rest() {
        var rest = held;
        held = "";
        return rest.isEmpty() ? List.of() : List.of(new Piece(state == State.THINKING, rest));
    }

    /** How many characters at the end may begin the closing tag. */
    private static int overlap(String text) {
        for (int length = Math.min(text.length(), CLOSE.length() - 1); length > 0; length--) {
            if (text.endsWith(CLOSE.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }
}
