package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.text.Normalizer;
import java.util.Locale;

/** Names that people give themselves, made safe to show beside other people's. */
public final class PersonName {
    static final int MAX_CHARACTERS = 40; // code points; fits a presence list

    private PersonName() {}

    /**
     * NFKC, trimmed, single spaces.
     *
     * @throws ProblemException {@code account.name} if it is empty, too long, or has control or invisible characters
     */
    public static String clean(String raw) {
        var name = Normalizer.normalize(raw == null ? "" : raw, Normalizer.Form.NFKC)
                .strip()
                .replaceAll(" +", " ");
        if (name.isEmpty()
                || name.codePointCount(0, name.length()) > MAX_CHARACTERS
                || name.codePoints().anyMatch(PersonName::isInvisible)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "account.name",
                    "A name has 1 to " + MAX_CHARACTERS + " characters, none of them invisible.");
        }
        return name;
    }

    /** Equal for names that a reader would take for the same: case, accents, spaces and punctuation do not count. */
    public static String skeleton(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
