package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.problem.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster whose version says 17, with binaries beside it that run only such a one. */
class UpgradeTest {
    /** Ours in disguise: the cluster is of its real version only while it runs. */
    private static final String DISGUISE = """
        #!/bin/sh
        grep -qx 17 "$2/PG_VERSION" || exit 1
        echo 18 > "$2/PG_VERSION"
        { while kill -0 $$; do sleep 0.05; done 2>/dev/null; echo 17 > "$2/PG_VERSION"; } &
        exec "$(dirname "$0")/postgres.real" "$@"
        """;

    private Path home;
    private Path folder;

    @BeforeEach
    void makeAnOldCluster() throws Exception {
        home = Files.createTempDirectory("upgrade");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        folder = home.resolve("postgres");
        var postgres = EmbeddedPostgres.start(folder, List.of("fsync=off"), System.out::println);
        postgres.createDatabase("cleanroom");
        var access = postgres.access("cleanroom");
        Flyway.configure()
                .dataSource(access.jdbcUrl(), access.username(), access.password())
                .load()
                .migrate();
        try (var connection = access.connect()) {
            new Tables(connection)
                    .execute(List.of("insert into person values (gen_random_uuid(), 'ana@example.org', 'Ana', 'x',"
                            + " true, now())"));
        }
        postgres.stop();
        Files.writeString(folder.resolve("data/PG_VERSION"), "17\n");
        Path real;
        try (var entries = Files.list(folder)) {
            real = entries.filter(path -> path.getFileName().toString().startsWith("postgres-"))
                    .findFirst()
                    .orElseThrow();
        }
        Path bin = Files.move(real, folder.resolve("postgres-17.4")).resolve("bin");
        Files.move(bin.resolve("postgres"), bin.resolve("postgres.real"));
        Files.writeString(bin.resolve("postgres"), DISGUISE);
        Files.setPosixFilePermissions(bin.resolve("postgres"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void delete() throws IOException {
        try (var paths = Files.walk(home)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void takesEverythingIntoANewClusterAndKeepsTheOldOne() throws Exception {
        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, List.of(), System.out::println))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("was made by PostgreSQL 17");

        Upgrade.run(home, new Key(List.of(), Optional.empty()), Progress.NONE);

        assertThat(EmbeddedPostgres.major(folder)).hasValue("18");
        assertThat(folder.resolve("data-17")).isDirectory();
        assertThat(home.resolve("backups/postgres-17.backup")).isRegularFile();
        assertThat(folder.resolve("upgrade")).doesNotExist();
        var postgres = EmbeddedPostgres.start(folder, List.of(), System.out::println);
        try (var connection = postgres.access("cleanroom").connect()) {
            assertThat(new Tables(connection).strings("select name from person"))
                    .containsExactly("Ana");
        } finally {
            postgres.stop();
        }
    }

    @Test
    void saysWhatToDoWhenTheOldBinariesAreGone() throws Exception {
        Files.move(folder.resolve("postgres-17.4"), folder.resolve("gone"));

        assertThatThrownBy(() -> Upgrade.run(home, new Key(List.of(), Optional.empty()), Progress.NONE))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("binaries are gone")
                .hasMessageContaining("./cleanroom backup");
        assertThat(Files.readString(folder.resolve("data/PG_VERSION"))).isEqualTo("17\n");
    }
}
