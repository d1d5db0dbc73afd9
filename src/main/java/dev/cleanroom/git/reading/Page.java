package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.util.List;

/** A part of a list. @param next what {@code cursor} takes for the part after it; null at the end */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Page<T>(List<T> items, String next) {
    /** @throws ProblemException {@code git.cursor} for what no answer gave */
    static int offset(String cursor) {
        try {
            return cursor == null ? 0 : Integer.parseUnsignedInt(cursor);
        } catch (NumberFormatException notOurs) {
            throw badCursor();
        }
    }

    static ProblemException badCursor() {
        return new ProblemException(
                Kind.INVALID, "git.cursor", "\"cursor\" takes what an earlier answer's \"next\" said.");
    }

    /** @param all the whole list @param limit how many are asked for @param most the most that one answer has */
    static <T> Page<T> of(List<T> all, String cursor, int limit, int most) {
        int from = Math.clamp(offset(cursor), 0, all.size());
        int to = Math.min(all.size(), from + Math.clamp(limit, 1, most));
        return new Page<>(all.subList(from, to), to < all.size() ? "" + to : null);
    }

    <U> Page<U> with(List<U> other) {
        return new Page<>(other, next);
    }
}
