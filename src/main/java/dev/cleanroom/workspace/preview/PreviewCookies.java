package dev.cleanroom.workspace.preview;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Cookies of a preview: ours never reach the program, and its own work in the frame as they do in a tab. */
final class PreviewCookies {
    static final String PASS = "__Host-preview";

    private static final Pattern OURS = Pattern.compile(PASS + "|(__Host-)?cleanroom(-guest-.*)?");
    private static final Pattern REPLACED =
            Pattern.compile(";\\s*(domain|samesite|secure|partitioned)\\b[^;]*", Pattern.CASE_INSENSITIVE);

    private PreviewCookies() {}

    /** The value of our cookie in a Cookie header. */
    static Optional<String> pass(String header) {
        return header == null
                ? Optional.empty()
                : Arrays.stream(header.split(";"))
                        .map(String::strip)
                        .filter(cookie -> name(cookie).equals(PASS))
                        .map(cookie -> cookie.substring(PASS.length() + 1))
                        .findFirst();
    }

    /** A Cookie header without ours; empty if nothing is left. */
    static String toProgram(String header) {
        return Arrays.stream(header.split(";"))
                .map(String::strip)
                .filter(cookie -> !OURS.matcher(name(cookie)).matches())
                .collect(Collectors.joining("; "));
    }

    /**
     * A Set-Cookie header, for this host and for the frame, where browsers keep only cookies of their own partition; empty
     * if the program means one of ours.
     */
    static Optional<String> toBrowser(String header) {
        return OURS.matcher(name(header)).matches()
                ? Optional.empty()
                : Optional.of(REPLACED.matcher(header).replaceAll("") + "; SameSite=None; Secure; Partitioned");
    }

    private static String name(String cookie) {
        int end = cookie.indexOf('=');
        return (end < 0 ? "" : cookie.substring(0, end)).strip();
    }
}
