package dev.cleanroom;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may know whom, as {@code docs/architecture.md} says it. Every capability may also use {@code problem} and {@code audit}. */
class ArchitectureTest {
    private static final String ROOT = "dev.cleanroom";
    private static final Set<String> FREE = Set.of("problem", "audit");

    private final Map<String, Set<String>> mayUse = tableOf(Path.of("docs/architecture.md"));
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private record Edge(String from, String to) {}

    @Test
    void capabilitiesUseOnlyWhatTheyMay() {
        var edges = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(edge -> edge.getTargetClass().getPackageName().startsWith(ROOT + "."))
                .filter(edge -> edge.getOriginClass().getPackageName().startsWith(ROOT + "."))
                .map(edge -> new Edge(capabilityOf(edge.getOriginClass()), capabilityOf(edge.getTargetClass())))
                .filter(edge -> !isAllowed(edge))
                .distinct()
                .toList();

        assertThat(edges).isEmpty();
    }

    @Test
    void everyPackageStandsInTheTable() {
        var packages = classes.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT + "."))
                .map(ArchitectureTest::capabilityOf)
                .collect(Collectors.toSet());

        assertThat(mayUse.keySet()).containsAll(packages);
    }

    @Test
    void theTableHasNoRing() {
        var done = new HashSet<String>();
        boolean found = true;
        while (found) {
            found = false;
            for (var row : mayUse.entrySet()) {
                if (!done.contains(row.getKey()) && done.containsAll(row.getValue())) {
                    done.add(row.getKey());
                    found = true;
                }
            }
        }

        assertThat(done).isEqualTo(mayUse.keySet());
    }

    @Test
    void theRunnerNeedsNothingButJava() {
        var foreign = classes.stream()
                .filter(type -> type.getPackageName().startsWith(ROOT + ".runner"))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(edge -> edge.getTargetClass().getPackageName())
                .filter(name -> !name.startsWith("java.") && !name.startsWith(ROOT + ".runner") && !name.isEmpty())
                .distinct()
                .toList();

        assertThat(foreign).isEmpty();
    }

    private boolean isAllowed(Edge edge) {
        return edge.from().equals(edge.to())
                || FREE.contains(edge.to())
                || mayUse.getOrDefault(edge.from(), Set.of()).contains(edge.to());
    }

    private static String capabilityOf(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    /** Rows {@code | `name` | is | a, b |}; a dash stands for nothing. */
    private static Map<String, Set<String>> tableOf(Path page) {
        var row = Pattern.compile("\\| `(\\w+)` \\|.*\\| ([^|]*) \\|");
        try (Stream<String> lines = Files.lines(page)) {
            var table = new TreeMap<String, Set<String>>();
            lines.map(row::matcher)
                    .filter(java.util.regex.Matcher::matches)
                    .forEach(match -> table.put(
                            match.group(1),
                            match.group(2).equals("–")
                                    ? Set.of()
                                    : Set.copyOf(List.of(match.group(2).split(", ")))));
            assertThat(table).isNotEmpty();
            return table;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
