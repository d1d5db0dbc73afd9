package dev.cleanroom.permission;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A path pattern as in {@code .gitignore}: {@code *} within a segment, {@code **} over segments, and what matches a
 * directory matches all that is in it. {@code /x} and {@code ./x} start at the project's root, {@code //x} at the file
 * system's. A deny or ask pattern of a single segment matches at any depth; an allow pattern only where it stands.
 */
final class PathPattern {
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private final Pattern pattern;

    private PathPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    static PathPattern allowing(String text) {
        return compile(text, false);
    }

    static PathPattern refusing(String text) {
        return compile(text, true);
    }

    /** @param path relative to the workspace, normal form */
    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    boolean canMatch() {
        return pattern != NOTHING;
    }

    private static PathPattern compile(String text, boolean anyDepth) {
        String rest = text;
        if (text.startsWith("//")) {
            var inside = text.substring(1);
            if (!inside.equals(WorkspacePath.ROOT) && !inside.startsWith(WorkspacePath.ROOT + "/")) {
                return nothing(inside);
            }
            rest = inside.substring(WorkspacePath.ROOT.length());
        } else if (text.startsWith("~")) {
            return new PathPattern(NOTHING); // a home holds nothing of the workspace
        }
        boolean anchored = rest.startsWith("/") || rest.startsWith("./");
        rest = rest.replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
        if (!rest.isEmpty() && Stream.of(rest.split("/")).anyMatch(Set.of("", ".", "..")::contains)) {
            return new PathPattern(NOTHING); // no normal form has such parts
        }
        boolean floats = anyDepth && !anchored && !rest.contains("/");
        return new PathPattern(Pattern.compile((floats ? "(?:.*/)?" : "") + regex(rest) + "(?:/.*)?", Pattern.DOTALL));
    }

    /** An absolute pattern covers the workspace only if it is as wide as {@code //**}. */
    private static PathPattern nothing(String absolute) {
        return new PathPattern(absolute.equals("/**") ? Pattern.compile(".*", Pattern.DOTALL) : NOTHING);
    }

    private static String regex(String glob) {
        var out = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
                out.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                out.append(".*");
                i++;
            } else if (c == '*') {
                out.append("[^/]*");
            } else if (c == '?') {
                out.append("[^/]");
            } else {
                out.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return out.toString();
    }
}
