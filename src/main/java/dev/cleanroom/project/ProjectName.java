package dev.cleanroom.project;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.text.Normalizer;

/** Names of projects: NFKC, 1 to 80 characters, nothing invisible. */
final class ProjectName {
    static final int MAX_CHARACTERS = 80; // code points; one line of a list

    private ProjectName() {}

    /** @throws ProblemException {@code project.name} */
    static String clean(String raw) {
        var name = Normalizer.normalize(raw == null ? "" : raw, Normalizer.Form.NFKC)
                .strip();
        if (name.isEmpty()
                || name.codePointCount(0, name.length()) > MAX_CHARACTERS
                || name.codePoints().anyMatch(ProjectName::isInvisible)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.name",
                    "A project's name has 1 to " + MAX_CHARACTERS + " characters, none of them invisible.");
        }
        return name;
    }

    /** The name with a number behind it, shortened where both do not fit. */
    static String numbered(String name, int n) {
        var clean = clean(name);
        var end = " " + n;
        int room = Math.min(clean.codePointCount(0, clean.length()), MAX_CHARACTERS - end.length());
        return clean.substring(0, clean.offsetByCodePoints(0, room)).strip() + end;
    }

    private static boolean isInvisible(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
