package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/** E-mail addresses as they are compared and stored: trimmed and in lower case. */
public final class Email {
    private static final int MAX_CHARACTERS = 254; // RFC 5321 4.5.3.1.3, without the brackets
    private static final Pattern PLAUSIBLE = Pattern.compile("[^\\s@\\p{Cntrl}\\p{Cs}]+@[^\\s@\\p{Cntrl}\\p{Cs}]+");

    private Email() {}

    static String normal(String raw) {
        return raw == null ? "" : raw.strip().toLowerCase(Locale.ROOT);
    }

    /** Nothing else can be anybody's, nor be stored. @param email {@link #normal} */
    static boolean isPlausible(String email) {
        return email.length() <= MAX_CHARACTERS && PLAUSIBLE.matcher(email).matches();
    }

    /** @throws ProblemException {@code account.email} */
    public static String clean(String raw) {
        var email = normal(raw);
        if (!isPlausible(email)) {
            throw new ProblemException(Kind.INVALID, "account.email", "This is not an e-mail address.");
        }
        return email;
    }
}
