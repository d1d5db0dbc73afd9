package dev.cleanroom.about;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The libraries that the server is shipped with, from {@code licences.tsv}: {@code group:artifact}, version and what its
 * project says its licence is. {@code LicencesTest} holds the file to the build and says which lines to change.
 */
final class Licences {
    static final List<Licence> ALL = read();

    record Licence(String name, String version, String licence) {}

    private Licences() {}

    private static List<Licence> read() {
        try (var file = Licences.class.getResourceAsStream("licences.tsv")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .map(fields -> new Licence(fields[0], fields[1], fields[2]))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
