package dev.cleanroom.permission;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Commands that only look. Each entry names what would make the program write or run something else. */
final class ReadOnlyCommands {
    private static final Predicate<List<String>> ANY = arguments -> true;

    private static final Map<String, Predicate<List<String>>> COMMANDS = Map.ofEntries(
            Map.entry("ls", ANY),
            Map.entry("pwd", ANY),
            Map.entry("cat", ANY),
            Map.entry("head", ANY),
            Map.entry("tail", ANY),
            Map.entry("wc", ANY),
            Map.entry("which", ANY),
            Map.entry("type", ANY),
            Map.entry("stat", ANY),
            Map.entry("du", ANY),
            Map.entry("df", ANY),
            Map.entry("diff", without("--output")),
            Map.entry("cmp", ANY),
            Map.entry("comm", ANY),
            Map.entry("basename", ANY),
            Map.entry("dirname", ANY),
            Map.entry("realpath", ANY),
            Map.entry("readlink", ANY),
            Map.entry("whoami", ANY),
            Map.entry("id", ANY),
            Map.entry("uname", ANY),
            Map.entry("date", without("-s", "--set")),
            Map.entry("echo", ANY),
            Map.entry("printf", without("-v")),
            Map.entry("true", ANY),
            Map.entry("false", ANY),
            Map.entry("test", without("-v", "-R")), // they evaluate the subscript of an array
            Map.entry("cut", ANY),
            Map.entry("tr", ANY),
            Map.entry("nl", ANY),
            Map.entry("rev", ANY),
            Map.entry("tac", ANY),
            Map.entry("column", ANY),
            Map.entry("seq", ANY),
            Map.entry("expr", ANY),
            Map.entry("md5sum", ANY),
            Map.entry("sha1sum", ANY),
            Map.entry("sha256sum", ANY),
            Map.entry("strings", ANY),
            Map.entry("od", ANY),
            Map.entry("hexdump", ANY),
            Map.entry("jq", ANY),
            Map.entry("grep", ANY),
            Map.entry("egrep", ANY),
            Map.entry("fgrep", ANY),
            Map.entry("rg", without("--pre", "--hostname-bin")),
            Map.entry("file", without("-C", "--compile")),
            Map.entry("tree", without("-o")),
            Map.entry("sort", without("-o", "--output", "-T", "--compress-program")),
            Map.entry("uniq", arguments -> plainCount(arguments) <= 1),
            Map.entry("find", arguments -> !findActs(arguments)),
            Map.entry("sed", ReadOnlyCommands::sedPrints),
            Map.entry(
                    "cd",
                    arguments -> arguments.size() == 1
                            && WorkspacePath.inside(arguments.getFirst()).isPresent()),
            Map.entry("git", ReadOnlyCommands::gitLooks));

    private static final Set<String> VERSIONED = Set.of(
            "node", "npm", "npx", "java", "javac", "mvn", "gradle", "python", "python3", "pip", "pip3", "go", "cargo",
            "rustc", "gcc", "g++", "make", "cmake", "docker", "deno", "bun", "ruby", "php", "perl");

    private static final Map<String, Predicate<List<String>>> GIT = Map.ofEntries(
            Map.entry("status", ANY),
            Map.entry("log", gitShows()),
            Map.entry("diff", gitShows()),
            Map.entry("show", gitShows()),
            Map.entry("shortlog", gitShows()),
            Map.entry("blame", gitShows()),
            Map.entry("rev-parse", ANY),
            Map.entry("ls-files", ANY),
            Map.entry("ls-tree", ANY),
            Map.entry("describe", ANY),
            Map.entry("cat-file", without("--textconv", "--filters")),
            Map.entry("rev-list", ANY),
            Map.entry("merge-base", ANY),
            Map.entry("for-each-ref", ANY),
            Map.entry("count-objects", ANY),
            Map.entry("name-rev", ANY),
            Map.entry("grep", without("-O", "--open-files-in-pager", "--ext-grep", "--textconv")),
            Map.entry("branch", only("-a", "-r", "-v", "-vv", "--all", "--list", "--show-current", "--remotes")),
            Map.entry("tag", only("-l", "--list")),
            Map.entry("remote", only("-v", "--verbose")),
            Map.entry("reflog", List::isEmpty),
            Map.entry(
                    "stash",
                    arguments -> !arguments.isEmpty()
                            && Set.of("list", "show").contains(arguments.getFirst())
                            && gitShows().test(arguments)),
            Map.entry("worktree", arguments -> arguments.equals(List.of("list"))),
            Map.entry(
                    "config",
                    arguments -> !arguments.isEmpty()
                            && Set.of("--get", "--list", "-l", "--get-all").contains(arguments.getFirst())));

    private ReadOnlyCommands() {}

    static boolean includes(SimpleCommand command) {
        if (command.isEmpty() || !command.safeAssignments() || command.fed()) {
            return false;
        }
        boolean shown = command.name().equals("echo") || command.name().equals("printf");
        if (!command.isLiteral() && !shown && !globsOnly(command)) {
            return false;
        }
        var arguments = command.arguments();
        if (VERSIONED.contains(command.name())) {
            return arguments.size() == 1
                    && Set.of("--version", "-version", "-v", "-V", "version").contains(arguments.getFirst());
        }
        if (command.name().equals("command")) {
            return arguments.size() == 2 && arguments.getFirst().equals("-v");
        }
        return COMMANDS.getOrDefault(command.name(), none -> false).test(arguments);
    }

    /** File patterns as arguments of programs without an option that acts: whatever they turn into, it only looks. */
    private static boolean globsOnly(SimpleCommand command) {
        return Set.of("ls", "cat", "head", "tail", "wc", "grep", "stat", "du").contains(command.name())
                && command.words().stream()
                        .allMatch(word -> word.literal() || word.raw().matches("[\\w./*?-]+"));
    }

    /** Whether {@code find} does more than find. */
    static boolean findActs(List<String> arguments) {
        return arguments.stream()
                .anyMatch(argument -> argument.matches("-(exec|execdir|ok|okdir|delete|fls|fprint.*)"));
    }

    /** {@code sed -n 10,20p file…}: only printing lines. */
    private static boolean sedPrints(List<String> arguments) {
        return arguments.size() >= 2
                && arguments.getFirst().equals("-n")
                && arguments.get(1).matches("[0-9,$]+p")
                && arguments.stream().skip(2).noneMatch(argument -> argument.startsWith("-"));
    }

    private static boolean gitLooks(List<String> arguments) {
        int at = 0;
        while (at < arguments.size() && Set.of("--no-pager", "-P").contains(arguments.get(at))) {
            at++;
        }
        return at < arguments.size()
                && GIT.getOrDefault(arguments.get(at), none -> false).test(arguments.subList(at + 1, arguments.size()));
    }

    private static Predicate<List<String>> gitShows() {
        return without("--output", "--ext-diff", "--textconv", "--contents", "-o");
    }

    /** None of these options, neither {@code --option=value} nor {@code -ovalue} nor abbreviated. */
    private static Predicate<List<String>> without(String... options) {
        return arguments -> arguments.stream().noneMatch(argument -> {
            for (String option : options) {
                boolean isLong = option.startsWith("--");
                String name = argument.split("=", 2)[0];
                if (isLong ? name.length() > 2 && option.startsWith(name) : isShort(option, argument)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** A short option may stand in a bundle: {@code -rno file}. */
    private static boolean isShort(String option, String argument) {
        return argument.startsWith("-") && !argument.startsWith("--") && argument.indexOf(option.charAt(1)) > 0;
    }

    private static Predicate<List<String>> only(String... options) {
        var allowed = Set.of(options);
        return allowed::containsAll;
    }

    private static long plainCount(List<String> arguments) {
        return arguments.stream().filter(argument -> !argument.startsWith("-")).count();
    }
}
