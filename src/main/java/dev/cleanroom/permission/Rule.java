package dev.cleanroom.permission;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One permission rule: {@code Tool} or {@code Tool(specifier)}.
 *
 * @param tool its name; {@code *} stands for any characters, which only deny and ask rules may use
 * @param specifier a command pattern for Bash, a path pattern for Read and Edit, {@code parameter:value} for any
 */
public record Rule(String tool, Optional<String> specifier) {
    private static final Pattern GRAMMAR =
            Pattern.compile("([A-Za-z_*][\\w*-]*)(?:\\((\\s*+\\S.*)\\))?", Pattern.DOTALL);

    /** Longer ones are refused: the longest command that is judged, and the tool's name around it. */
    public static final int MAX_LENGTH = 10_100; // UTF-16 units

    /** The rule that {@code text} says, or empty where it is none. */
    public static Optional<Rule> parse(String text) {
        String trimmed = text.strip();
        if (trimmed.length() > MAX_LENGTH || trimmed.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        var match = GRAMMAR.matcher(trimmed);
        return match.matches() ? Optional.of(new Rule(match.group(1), specifier(match.group(2)))) : Optional.empty();
    }

    private static Optional<String> specifier(String text) {
        return text == null || text.strip().equals("*") ? Optional.empty() : Optional.of(text.strip());
    }

    /** Whether an allow list may hold it: a name with a wildcard would allow tools that nobody looked at. */
    public boolean mayAllow() {
        return !tool.contains("*");
    }

    boolean isFor(String name) {
        return tool.equals(name) || tool.contains("*") && Wildcards.matches(tool, name);
    }

    /** As it is written in a settings file. */
    public String text() {
        return specifier.map(inner -> tool + "(" + inner + ")").orElse(tool);
    }
}
