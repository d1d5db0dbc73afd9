package dev.cleanroom.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whether a shell command may run: every part of it must be allowed, and one denied part denies all. */
final class BashPermission {
    static final int MAX_JUDGED = 10_000; // UTF-16 units; longer commands are always asked about, as in Claude Code

    private static final Set<String> READERS = Set.of(
            "cat", "head", "tail", "sed", "grep", "egrep", "fgrep", "rg", "less", "more", "nl", "tac", "sort", "uniq",
            "cut", "wc", "diff", "cp", "mv", "source", ".", "awk", "od", "xxd", "hexdump", "strings", "base64", "jq",
            "tee", "dd", "ln", "rev", "column", "paste", "comm", "cmp", "tar", "zip");
    private static final Set<String> WRITERS = Set.of(
            "rm", "rmdir", "mv", "cp", "touch", "tee", "mkdir", "sed", "ln", "truncate", "dd", "install", "chmod");
    private static final Set<String> ACCEPTED = Set.of("mkdir", "touch", "rm", "rmdir", "mv", "cp", "sed");
    private static final Set<String> SINKS = Set.of("/dev/null", "/dev/stdout", "/dev/stderr");

    private final Mode mode;
    private final Rules rules;
    private final boolean offers;

    BashPermission(Mode mode, Rules rules) {
        this(mode, rules, true);
    }

    private BashPermission(Mode mode, Rules rules, boolean offers) {
        this.mode = mode;
        this.rules = rules;
        this.offers = offers;
    }

    /** Whether these rules alone let the command run unasked. */
    static boolean allows(Rules rules, String command) {
        return new BashPermission(Mode.DEFAULT, rules, false).decide(command) instanceof Decision.Allow;
    }

    Decision decide(String command) {
        var parsed = Shell.parse(command);
        for (var part : parsed.parts()) {
            var denied = denied(part);
            if (denied != null) {
                return new Decision.Deny("The rule " + denied.text() + " denies it.");
            }
        }
        var asked = asked(command, parsed);
        if (asked != null) {
            return Offers.without(asked);
        }
        if (mode == Mode.BYPASS_PERMISSIONS) {
            return new Decision.Allow();
        }
        if (command.length() > MAX_JUDGED) {
            return Offers.without("The command is longer than " + MAX_JUDGED + " characters, too long to judge.");
        }
        if (isAllowedWhole(command)) {
            return new Decision.Allow();
        }
        if (parsed.opaque() != null) {
            return exact("The command cannot be judged by its parts: " + parsed.opaque() + ".", command);
        }
        return byParts(command, parsed.parts());
    }

    private Decision byParts(String command, List<Shell.Part> parts) {
        if (changesRepositoryElsewhere(parts)) {
            return Offers.without("It changes the directory and then runs git there.");
        }
        var uncovered = new ArrayList<SimpleCommand>();
        for (var part : parts) {
            for (var redirect : part.redirects()) {
                var problem = redirectProblem(redirect);
                if (problem != null) {
                    return exact(problem, command);
                }
            }
            var simple = SimpleCommand.of(part.words());
            if (!isCovered(simple)) {
                uncovered.add(simple);
            }
        }
        if (uncovered.isEmpty()) {
            return new Decision.Allow();
        }
        return offers ? Offers.commands(uncovered) : Offers.without("");
    }

    private Decision exact(String why, String command) {
        return offers ? Offers.exact(why, command) : Offers.without(why);
    }

    private boolean isCovered(SimpleCommand command) {
        if (command.isEmpty()) {
            return command.safeAssignments();
        }
        return ReadOnlyCommands.includes(command)
                || mode == Mode.ACCEPT_EDITS && isEdit(command)
                || command.safeAssignments()
                        && bash(rules.allow())
                                .anyMatch(rule -> rule.specifier().isEmpty()
                                        || CommandPattern.allows(
                                                rule.specifier().get(), command));
    }

    /** A bare {@code Bash}, or a rule that is word for word this command. */
    private boolean isAllowedWhole(String command) {
        return bash(rules.allow())
                .anyMatch(rule -> rule.specifier().isEmpty()
                        || rule.specifier().get().equals(command.strip()) && !command.contains("*"));
    }

    private Rule denied(Shell.Part part) {
        var simple = SimpleCommand.of(part.words());
        var caught = caught(rules.deny(), part, simple);
        if (caught != null) {
            return caught;
        }
        for (var redirect : part.redirects()) {
            var denied = deniedPath(redirect.target().value(), redirect.writes());
            if (denied != null) {
                return denied;
            }
        }
        if (simple.isEmpty() || !READERS.contains(simple.name()) && !WRITERS.contains(simple.name())) {
            return null;
        }
        for (var argument : simple.arguments()) {
            var denied = deniedPath(argument.replaceFirst("^-[^=]*=", ""), WRITERS.contains(simple.name()));
            if (denied != null) {
                return denied;
            }
        }
        return null;
    }

    private Rule deniedPath(String path, boolean writes) {
        var inside = WorkspacePath.inside(path);
        if (inside.isEmpty()) {
            return null;
        }
        return rules.deny().stream()
                .filter(rule ->
                        rule.tool().equals("Read") || writes && rule.tool().equals("Edit"))
                .filter(rule -> rule.specifier().isPresent())
                .filter(rule -> PathPattern.refusing(rule.specifier().get()).matches(inside.get()))
                .findFirst()
                .orElse(null);
    }

    /** What must be asked in every mode, or null. */
    private String asked(String command, Shell.Parsed parsed) {
        for (var part : parsed.parts()) {
            var simple = SimpleCommand.of(part.words());
            var rule = caught(rules.ask(), part, simple);
            if (rule != null) {
                return "The rule " + rule.text() + " says to ask.";
            }
            if (!simple.isEmpty() && simple.name().equals("rm") && removesAll(simple)) {
                return "It removes everything.";
            }
        }
        return null;
    }

    private static boolean removesAll(SimpleCommand command) {
        return command.arguments().stream()
                .map(argument -> argument.replaceFirst("(?<=.)/+$", ""))
                .anyMatch(argument -> Set.of(
                                "/",
                                "~",
                                ".",
                                "..",
                                "*",
                                "/*",
                                "./*",
                                "~/*",
                                "$HOME",
                                WorkspacePath.ROOT,
                                WorkspacePath.ROOT + "/*",
                                ".git",
                                WorkspacePath.ROOT + "/.git")
                        .contains(argument));
    }

    private static Rule caught(List<Rule> rules, Shell.Part part, SimpleCommand simple) {
        var whole = new SimpleCommand(part.words(), true, false);
        return bash(rules)
                .filter(rule -> rule.specifier().isPresent())
                .filter(rule -> CommandPattern.catches(rule.specifier().get(), simple)
                        || CommandPattern.catches(rule.specifier().get(), whole))
                .findFirst()
                .orElse(null);
    }

    private String redirectProblem(Shell.Redirect redirect) {
        var target = redirect.target();
        if (!redirect.writes()) {
            return target.literal() ? null : "It reads from a file that is not known before it runs.";
        }
        if (SINKS.contains(target.value())) {
            return null;
        }
        if (!target.literal()) {
            return "It writes to a file that is not known before it runs.";
        }
        return PathPermission.edit(mode, rules, target.value()) instanceof Decision.Allow
                ? null
                : "It writes to " + target.value() + ".";
    }

    /** One of the file commands that {@code acceptEdits} lets run, on paths in the workspace alone. */
    private boolean isEdit(SimpleCommand command) {
        if (!ACCEPTED.contains(command.name()) || !command.isLiteral() || !command.safeAssignments()) {
            return false;
        }
        if (command.name().equals("sed") && sedActs(command.arguments())) {
            return false;
        }
        boolean namesPath = command.arguments().stream().anyMatch(argument -> argument.matches("--.*=.*|-[^-]*t.*"));
        if (command.fed() || namesPath && !command.name().equals("sed")) {
            return false; // paths that are not seen here: --target-directory=DIR, -tDIR
        }
        return command.arguments().stream()
                .filter(argument -> !argument.startsWith("-"))
                .skip(command.name().equals("sed") ? 1 : 0)
                .allMatch(path -> PathPermission.edit(mode, rules, path) instanceof Decision.Allow);
    }

    /** sed's {@code e} and {@code w} run and write: only plain substitutions pass. */
    private static boolean sedActs(List<String> arguments) {
        return !arguments.stream()
                        .allMatch(
                                argument -> argument.matches("-(i|E|r|n|s|z|-in-place)+") || !argument.startsWith("-"))
                || arguments.stream()
                        .filter(argument -> !argument.startsWith("-"))
                        .findFirst()
                        .map(script -> !script.matches("s([/|#,])(?:(?!\\1).)*\\1(?:(?!\\1).)*\\1[gI0-9]*"))
                        .orElse(true);
    }

    private static boolean changesRepositoryElsewhere(List<Shell.Part> parts) {
        boolean changes = parts.stream()
                .map(part -> SimpleCommand.of(part.words()))
                .anyMatch(command -> !command.isEmpty()
                        && Set.of("cd", "pushd").contains(command.name())
                        && !ReadOnlyCommands.includes(command));
        return changes
                && parts.stream()
                        .map(part -> SimpleCommand.of(part.words()))
                        .anyMatch(
                                command -> !command.isEmpty() && command.name().equals("git"));
    }

    private static Stream<Rule> bash(List<Rule> rules) {
        return rules.stream().filter(rule -> rule.isFor("Bash"));
    }
}
