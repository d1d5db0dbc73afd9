package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is looked for, as ripgrep's arguments. How text matches is said by the same ones in a search, in its preview of a
 * replacement, and in replacing.
 *
 * @param regex ripgrep's own syntax; absent: the text as it stands
 * @param include globs such as {@code *.ts} or {@code src}; absent or empty: everywhere
 * @param replacement with {@code regex}: {@code $1} is the first group; absent: nothing is replaced
 */
record SearchQuery(
        @NotNull @Size(max = MAX_TEXT) String query,
        boolean regex,
        boolean caseSensitive,
        boolean wholeWord,
        @Size(max = MAX_GLOBS) List<@NotNull @Size(max = MAX_TEXT) String> include,
        @Size(max = MAX_GLOBS) List<@NotNull @Size(max = MAX_TEXT) String> exclude,
        @Size(max = MAX_TEXT) String replacement) {
    static final int MAX_TEXT = 10_000; // characters; Linux takes 128 KiB as one argument
    static final int MAX_GLOBS = 100;

    SearchQuery {
        include = cleaned(include);
        exclude = cleaned(exclude);
    }

    /** @throws ProblemException {@code search.pattern} for what cannot be an argument, or finds everything */
    void check() {
        if (query.isEmpty()) {
            throw refused("There is nothing to search for. Type some text.");
        }
        if (Stream.concat(Stream.of(query), Stream.concat(include.stream(), exclude.stream()))
                .anyMatch(SearchQuery::isNoArgument)) {
            throw refused("A search is for text within a line: leave line breaks and NUL out.");
        }
        if (replacement != null && isNoArgument(replacement)) {
            throw refused("A replacement stays within its line: leave line breaks and NUL out.");
        }
    }

    /** How text matches. */
    List<String> patternArguments() {
        var argv = new ArrayList<>(List.of(caseSensitive ? "--case-sensitive" : "--ignore-case"));
        if (!regex) {
            argv.add("--fixed-strings");
        }
        if (wholeWord) {
            argv.add("--word-regexp");
        }
        argv.addAll(List.of("--regexp", query));
        return argv;
    }

    /** Where is looked: like GrepTool, hidden files too, but nothing that git ignores, and not git's own. */
    List<String> placeArguments() {
        var argv = new ArrayList<>(List.of("--hidden"));
        for (var glob : include) {
            argv.addAll(List.of("--glob", glob, "--glob", glob + "/**")); // a folder's name means what is in it
        }
        for (var glob : exclude) {
            argv.addAll(List.of("--glob", "!" + glob));
        }
        argv.addAll(List.of("--glob", "!.git"));
        return argv;
    }

    /** What ripgrep takes a replacement for: {@code $} means nothing unless a regular expression has groups. */
    String replacementArgument() {
        return regex ? replacement : replacement.replace("$", "$$");
    }

    private static List<String> cleaned(List<String> globs) {
        return globs == null
                ? List.of()
                : globs.stream()
                        .map(glob -> glob.strip().replaceFirst("^(\\./|!)+", "").replaceFirst("/+$", ""))
                        .filter(glob -> !glob.isEmpty())
                        .toList();
    }

    private static boolean isNoArgument(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf(0) >= 0;
    }

    static ProblemException refused(String why) {
        return new ProblemException(Kind.INVALID, "search.pattern", why);
    }
}
