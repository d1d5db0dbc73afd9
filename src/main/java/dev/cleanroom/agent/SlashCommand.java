package dev.cleanroom.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt that a project keeps in a Markdown file, as Claude Code has it: frontmatter of {@code key: value} lines, and a text
 * with places for arguments. What would act by itself does not: {@code !`command`} is not run, which the text says in its
 * place, and {@code allowed-tools} allows nothing, since a file of the repository does not widen what may run unasked.
 *
 * @param name as it is typed after the slash
 */
record SlashCommand(String name, Optional<String> description, Optional<String> argumentHint, String text) {
    private static final int MAX_DESCRIPTION = 1_536; // UTF-16 units; Claude Code cuts there
    private static final Pattern FRONTMATTER =
            Pattern.compile("\\A---[ \\t]*\\R(.*?)^---[ \\t]*(?:\\R|\\z)", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern FIELD = Pattern.compile("^([\\w-]+):[ \\t]*(.*)$", Pattern.MULTILINE);
    private static final Pattern PLACE =
            Pattern.compile("\\\\\\$|\\$ARGUMENTS\\[(\\d{1,3})]|\\$ARGUMENTS|\\$(\\d{1,3})|!`([^`\\n]+)`");
    private static final Pattern PLACED = Pattern.compile("(?<!\\\\)\\$(?:ARGUMENTS|\\d)");
    private static final Pattern FROM_ZERO = Pattern.compile("(?<!\\\\)\\$0(?!\\d)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    /** @return empty for a file that says that people may not use it */
    static Optional<SlashCommand> of(String name, String file) {
        var matter = FRONTMATTER.matcher(file);
        boolean has = matter.find();
        var fields = has ? fields(matter.group(1)) : Map.<String, String>of();
        var text = (has ? file.substring(matter.end()) : file).strip();
        if (text.isEmpty() || "false".equals(fields.get("user-invocable"))) {
            return Optional.empty();
        }
        var described = Optional.ofNullable(fields.get("description")).or(() -> firstLine(text));
        return Optional.of(new SlashCommand(
                name,
                described.map(words -> words.substring(0, Math.min(MAX_DESCRIPTION, words.length()))),
                Optional.ofNullable(fields.get("argument-hint")),
                text));
    }

    private static Map<String, String> fields(String matter) {
        var fields = new HashMap<String, String>();
        FIELD.matcher(matter).results().forEach(field -> {
            var value = field.group(2).strip();
            boolean quoted =
                    value.length() > 1 && "\"'".indexOf(value.charAt(0)) >= 0 && value.endsWith(value.substring(0, 1));
            if (!value.isEmpty()) {
                fields.put(field.group(1), quoted ? value.substring(1, value.length() - 1) : value);
            }
        });
        return fields;
    }

    private static Optional<String> firstLine(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("^#+\\s*", "").strip())
                .filter(line -> !line.isEmpty())
                .findFirst();
    }

    /**
     * The text with the arguments in their places; what an argument says is not looked at again. {@code $1} is the first
     * word, unless the text has {@code $0}, which is then the first, as {@code $ARGUMENTS[0]} always is. Quotes group words.
     */
    String expand(String arguments) {
        var words = words(arguments);
        int first = FROM_ZERO.matcher(text).find() ? 0 : 1;
        boolean placed = PLACED.matcher(text).find();
        var expanded = PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(filled(place, arguments, words, first)));
        return placed || arguments.isBlank() ? expanded : expanded + "\n\nARGUMENTS: " + arguments;
    }

    private static String filled(MatchResult place, String arguments, List<String> words, int first) {
        if (place.group(1) != null) {
            return word(words, Integer.parseInt(place.group(1)));
        }
        if (place.group(2) != null) {
            return word(words, Integer.parseInt(place.group(2)) - first);
        }
        if (place.group(3) != null) {
            return "`" + place.group(3) + "` (not run for you: run it if you need its output)";
        }
        return place.group().equals("$ARGUMENTS") ? arguments : "$";
    }

    private static String word(List<String> words, int index) {
        return index >= 0 && index < words.size() ? words.get(index) : "";
    }

    private static List<String> words(String arguments) {
        var words = new ArrayList<String>();
        WORD.matcher(arguments).results().forEach(word -> {
            for (int group = 1; group <= 3; group++) {
                if (word.group(group) != null) {
                    words.add(word.group(group));
                }
            }
        });
        return words;
    }
}
