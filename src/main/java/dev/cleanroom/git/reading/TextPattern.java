package dev.cleanroom.git.reading;

import com.google.re2j.PatternSyntaxException;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is looked for in a line. Its time grows with the line's length and no faster, whatever is asked for. */
interface TextPattern {
    int MAX_QUERY = 1_000; // characters
    int MAX_REPEATS = 10_000; // of all counted repetitions within each other: each is a copy in the compiled program
    Pattern COUNTED = Pattern.compile("\\{(?:\\d+,)?(\\d+),?}");

    /** Where it is in the line, in UTF-16 units; without the empty places that an expression may match. */
    List<int[]> in(String line);

    /** @throws ProblemException {@code search.pattern} with what is wrong with the expression */
    static TextPattern of(String query, boolean regex, boolean caseSensitive) {
        if (query == null || query.isEmpty()) {
            throw refused("There is nothing to search for. Type some text.");
        }
        if (query.length() > MAX_QUERY || query.indexOf('\n') >= 0 || query.indexOf(0) >= 0) {
            throw refused("A search is for at most " + MAX_QUERY + " characters within a line.");
        }
        return regex ? expression(query, caseSensitive) : text(query, caseSensitive);
    }

    private static TextPattern text(String query, boolean caseSensitive) {
        int flags = Pattern.LITERAL | (caseSensitive ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        var pattern = Pattern.compile(query, flags);
        return line -> {
            var matcher = pattern.matcher(line);
            var ranges = new ArrayList<int[]>();
            while (matcher.find()) {
                ranges.add(new int[] {matcher.start(), matcher.end()});
            }
            return ranges;
        };
    }

    private static TextPattern expression(String query, boolean caseSensitive) {
        requireFewRepeats(query);
        try {
            var pattern = com.google.re2j.Pattern.compile(
                    query, caseSensitive ? 0 : com.google.re2j.Pattern.CASE_INSENSITIVE);
            return line -> {
                var matcher = pattern.matcher(line);
                var ranges = new ArrayList<int[]>();
                while (matcher.find()) {
                    if (matcher.end() > matcher.start()) {
                        ranges.add(new int[] {matcher.start(), matcher.end()});
                    }
                }
                return ranges;
            };
        } catch (PatternSyntaxException wrong) {
            throw refused("The regular expression is not one: " + wrong.getDescription() + ": " + wrong.getPattern());
        }
    }

    private static void requireFewRepeats(String query) {
        long repeats = 1;
        var counted = COUNTED.matcher(query);
        while (counted.find() && repeats <= MAX_REPEATS) {
            String most = counted.group(1);
            repeats *= most.length() > 4 ? MAX_REPEATS + 1 : Math.max(1, Integer.parseInt(most));
        }
        if (repeats > MAX_REPEATS) {
            throw refused("The regular expression repeats too much: its counts {n} make more than " + MAX_REPEATS
                    + " together.");
        }
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Kind.INVALID, "search.pattern", why);
    }
}
