package dev.cleanroom.permission;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of one simple command without what does not change what it does: wrappers and leading assignments.
 *
 * @param fed by {@code xargs}: more arguments come from what another program prints
 */
record SimpleCommand(List<Shell.Word> words, boolean safeAssignments, boolean fed) {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)\\+?=.*", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("\\d+(\\.\\d+)?[smhd]?");

    /** Variables that change what is shown or built, not which program runs. */
    private static final Set<String> SAFE_VARIABLES = Set.of(
            "CI",
            "DEBUG",
            "NODE_ENV",
            "FORCE_COLOR",
            "NO_COLOR",
            "CLICOLOR",
            "TERM",
            "COLUMNS",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "PYTHONUNBUFFERED",
            "PYTHONDONTWRITEBYTECODE",
            "RUST_BACKTRACE",
            "RUST_LOG",
            "GOOS",
            "GOARCH",
            "CGO_ENABLED",
            "GO111MODULE",
            "VERBOSE");

    static SimpleCommand of(List<Shell.Word> words) {
        var rest = words;
        boolean safe = true;
        boolean fed = false;
        while (!rest.isEmpty()) {
            var assignment = ASSIGNMENT.matcher(rest.getFirst().raw());
            if (assignment.matches()) {
                safe &= SAFE_VARIABLES.contains(assignment.group(1))
                        && rest.getFirst().literal();
                rest = rest.subList(1, rest.size());
                continue;
            }
            int wrapper = wrapperLength(rest);
            if (wrapper == 0) {
                break;
            }
            fed |= rest.getFirst().value().equals("xargs");
            rest = rest.subList(wrapper, rest.size());
        }
        return new SimpleCommand(List.copyOf(rest), safe, fed);
    }

    /** How many leading words only wrap the command that follows; 0 if none do, or if that is not certain. */
    private static int wrapperLength(List<Shell.Word> words) {
        return switch (words.getFirst().value()) {
            case "time", "nohup", "command", "builtin", "noglob" -> plain(words, 1);
            case "xargs" -> plain(words, 1);
            case "timeout" ->
                words.size() > 2 && DURATION.matcher(words.get(1).value()).matches() ? 2 : 0;
            case "nice" -> {
                if (words.size() > 3
                        && words.get(1).value().equals("-n")
                        && words.get(2).value().matches("-?\\d+")) {
                    yield 3;
                }
                yield words.size() > 2 && words.get(1).value().matches("-n?-?\\d+") ? 2 : plain(words, 1);
            }
            case "stdbuf" -> {
                int length = 1;
                while (length < words.size() && words.get(length).value().matches("-[ioe][0L]")) {
                    length++;
                }
                yield length > 1 ? plain(words, length) : 0;
            }
            default -> 0;
        };
    }

    private static int plain(List<Shell.Word> words, int length) {
        return words.size() > length && !words.get(length).value().startsWith("-") ? length : 0;
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    String name() {
        return words.getFirst().value();
    }

    /** Everything after the name, unquoted. */
    List<String> arguments() {
        return words.stream().skip(1).map(Shell.Word::value).toList();
    }

    boolean isLiteral() {
        return words.stream().allMatch(Shell.Word::literal);
    }

    /** As written. */
    String text() {
        return String.join(" ", words.stream().map(Shell.Word::raw).toList());
    }

    /** As the shell reads it, where it expands nothing. */
    String value() {
        return String.join(" ", words.stream().map(Shell.Word::value).toList());
    }
}
