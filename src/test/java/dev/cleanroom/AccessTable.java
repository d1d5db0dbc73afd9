package dev.cleanroom;

import dev.cleanroom.Everybody.Who;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The rows of {@code access.txt}: who may do what. */
final class AccessTable {
    private AccessTable() {}

    /**
     * @param verb a method of HTTP, or what the table calls it
     * @param more what it needs to get as far as the judgement: a query, or a body; may be empty
     */
    record Row(String verb, String target, Set<Who> allowed, String more) {
        boolean lets(Who who) {
            return allowed.contains(who.rights());
        }

        @Override
        public String toString() {
            return (verb + " " + target + " " + more).strip();
        }
    }

    static List<Row> rows(Predicate<String> verb) {
        try (var text = AccessTable.class.getResourceAsStream("/access.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s*\\|\\s*", 3))
                    .map(AccessTable::row)
                    .filter(row -> verb.test(row.verb()))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Row row(String[] cells) {
        var asked = cells[0].split(" ", 2);
        return new Row(asked[0], asked[1].strip(), allowed(cells[1]), cells.length > 2 ? cells[2].strip() : "");
    }

    private static Set<Who> allowed(String words) {
        return Arrays.stream(words.strip().split(" +"))
                .filter(word -> !word.isEmpty())
                .map(word -> Who.valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Who.class)));
    }
}
