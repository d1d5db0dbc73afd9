package dev.cleanroom.model.tour;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One thing that a prompt asks for.
 *
 * @param saying what is said before it is done
 * @param tool empty: only something to say
 */
record Imperative(String saying, String tool, ObjectNode input) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private record Rule(Pattern pattern, Function<MatchResult, Imperative> imperative) {}

    private static final String NAME = "(\"[^\"]+\"|'[^']+'|`[^`]+`|\\S+)";

    private static final List<Rule> RULES = List.of(
            rule("(?:read|show|open|cat)\\s+(?:the\\s+)?(?:file\\s+)?" + NAME, m -> read(name(m.group(1)))),
            rule("(?:list|ls)(?:\\s+(?:the\\s+)?(?:files?\\s+(?:in|under)\\s+)?(\\S+))?", m -> list(m.group(1))),
            rule("(?:find|grep|search(?:\\s+for)?)\\s+(.+)", m -> find(unquoted(m.group(1)))),
            rule("(?:run|execute|\\$)\\s*(.+)", m -> run(uncoded(m.group(1)))),
            rule("(?:write|create)\\s+(\\S+?)\\s*:\\s?(.*)", m -> write(name(m.group(1)), m.group(2))),
            rule(
                    "replace\\s+(.+?)\\s+(?:with|by)\\s+(.+?)\\s+in\\s+" + NAME,
                    m -> replace(unquoted(m.group(1)), unquoted(m.group(2)), name(m.group(3)))),
            rule(
                    "(?:delete|remove)\\s+(.+?)\\s+from\\s+" + NAME,
                    m -> replace(unquoted(m.group(1)), "", name(m.group(2)))),
            rule("todos?\\s*:?\\s*(.+)", m -> todo(m.group(1))),
            rule("(?:say|echo)\\s+(.+)", m -> say(m.group(1))),
            rule("help|\\?", _ -> say(Guide.HELP)));

    private static final Pattern BEGINNING = Pattern.compile(
            "(?:please\\s+)?(?:read|show|open|cat|list|ls|find|grep|search|run|execute|\\$|write|create|replace|delete"
                    + "|remove|todos?|say|echo|help|\\?|tour)(?:\\W.*)?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static Rule rule(String pattern, Function<MatchResult, Imperative> imperative) {
        return new Rule(
                Pattern.compile("(?:please\\s+)?" + pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), imperative);
    }

    /** All that a prompt asks for, in its order; empty where nothing of it is understood. */
    static List<Imperative> of(String prompt) {
        var all = new ArrayList<Imperative>();
        for (var sentence : sentences(prompt)) {
            if (sentence.strip().matches("(?is)(please\\s+)?(give me (a|the) |start (a|the) )?tour[.!]?")) {
                all.addAll(Guide.TOUR);
            } else {
                one(sentence).ifPresent(imperative -> {
                    if (imperative.tool().equals("Edit") && all.stream().noneMatch(imperative::isOfSameFile)) {
                        all.add(read(imperative.file())); // the tool takes no edit of a file that was not read
                    }
                    all.add(imperative);
                });
            }
        }
        return all;
    }

    private String file() {
        return input.path("file_path").asText();
    }

    private boolean isOfSameFile(Imperative other) {
        return file().equals(other.file());
    }

    private static Optional<Imperative> one(String sentence) {
        for (var rule : RULES) {
            var match = rule.pattern().matcher(sentence);
            if (match.matches()) {
                return Optional.of(rule.imperative().apply(match.toMatchResult()));
            }
        }
        return Optional.empty();
    }

    /** Parted by "then" and by lines that begin with a verb of ours; other lines belong to the one before. */
    private static List<String> sentences(String prompt) {
        var sentences = new ArrayList<String>();
        for (var line : prompt.strip().split("\\R")) {
            boolean continues =
                    !sentences.isEmpty() && !BEGINNING.matcher(line.strip()).matches();
            if (continues) {
                sentences.add(sentences.removeLast() + "\n" + line);
                continue;
            }
            for (var part : line.split("(?i)[,;.]?\\s+(?:and\\s+)?then[,:]?\\s+")) {
                boolean begins =
                        sentences.isEmpty() || BEGINNING.matcher(part.strip()).matches();
                sentences.add(begins ? part.strip() : sentences.removeLast() + " then " + part);
            }
        }
        return sentences;
    }

    static Imperative say(String text) {
        return new Imperative(text, "", JSON.objectNode());
    }

    static Imperative read(String file) {
        return new Imperative(
                "I read `" + file + "`.", "Read", JSON.objectNode().put("file_path", file));
    }

    static Imperative list(String where) {
        var pattern = where == null
                ? "**/*"
                : name(where).matches(".*[*?].*") ? name(where) : name(where).replaceAll("/+$", "") + "/**/*";
        return new Imperative(
                "I list `" + pattern + "`.", "Glob", JSON.objectNode().put("pattern", pattern));
    }

    static Imperative find(String text) {
        return new Imperative(
                "I look for `" + text + "`.", "Grep", JSON.objectNode().put("pattern", text));
    }

    static Imperative run(String command) {
        return new Imperative(
                "I run `" + command + "`.", "Bash", JSON.objectNode().put("command", command));
    }

    static Imperative write(String file, String text) {
        var content = text.endsWith("\n") ? text : text + "\n";
        return new Imperative(
                "I write `" + file + "`.",
                "Write",
                JSON.objectNode().put("file_path", file).put("content", content));
    }

    static Imperative replace(String before, String after, String file) {
        return new Imperative(
                "I replace `" + before + "` with `" + after + "` in `" + file + "`.",
                "Edit",
                JSON.objectNode()
                        .put("file_path", file)
                        .put("old_string", before)
                        .put("new_string", after));
    }

    static Imperative todo(String list) {
        var todos = JSON.arrayNode();
        for (var item : list.split("\\s*[;,\\n]\\s*")) {
            if (!item.isBlank()) {
                todos.addObject()
                        .put("content", item.strip())
                        .put("status", "pending")
                        .put("activeForm", item.strip());
            }
        }
        return new Imperative("I note the list.", "TodoWrite", JSON.objectNode().set("todos", todos));
    }

    /** A file's name without quotes and without the end of the sentence. */
    private static String name(String word) {
        var bare = unquoted(word);
        return bare.length() > 1 && bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static String unquoted(String text) {
        var bare = text.strip();
        return bare.length() > 1
                        && "\"'`“".indexOf(bare.charAt(0)) >= 0
                        && "\"'`”".indexOf(bare.charAt(bare.length() - 1)) >= 0
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }

    private static String uncoded(String command) {
        var bare = command.strip();
        return bare.length() > 1 && bare.startsWith("`") && bare.endsWith("`")
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }
}
