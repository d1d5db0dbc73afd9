package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.database.Access;
import dev.cleanroom.secret.PortableKey;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Backups that earlier versions wrote: {@code golden/backup-FORMAT.backup}, each with one project, a session of three
 * events, and its key under the passphrase {@code golden passphrase}. They restore for good, whatever migrations came since.
 */
@QuarkusTest
class GoldenBackupTest {
    private static final String URL = System.getProperty("cleanroom.test.database.url");
    private static final String PASSWORD = System.getProperty("cleanroom.test.database.password");

    @Inject
    AgroalDataSource source;

    @Test
    void restoreAtTheSchemaOfToday() throws Exception {
        for (Path file : files()) {
            String name = "golden_" + UUID.randomUUID().toString().substring(0, 8);
            execute("create database " + name);
            var target = new Access(URL.substring(0, URL.lastIndexOf('/') + 1) + name, "cleanroom", PASSWORD);
            var restore = new Restore(target);
            try (var in = Files.newInputStream(file);
                    var again = Files.newInputStream(file)) {
                var header = BlockInput.check(in);
                assertThat(PortableKey.ids(PortableKey.open(header.sealedKey(), "golden passphrase")))
                        .isEqualTo(header.keyIds());
                restore.check(header, false);
                restore.run(again, true, Progress.NONE);
            }

            try (var connection = target.connect();
                    var today = source.getConnection()) {
                var restored = new Tables(connection);
                assertThat(restored.strings("select p.name || ': ' || s.title || ', ' || e.payload::text from project p"
                                + " join session s on s.project = p.id join session_event e on e.session = s.id"
                                + " order by e.sequence"))
                        .containsExactly(
                                "atlas: Golden, {\"type\":\"session-renamed\",\"title\":\"ü\"}",
                                "atlas: Golden, {\"type\":\"sandbox-lost\"}",
                                "atlas: Golden, {\"type\":\"sandbox-restored\"}");
                assertThat(restored.version()).isEqualTo(new Tables(today).version());
                assertThat(restored.names()).isEqualTo(new Tables(today).names());
            } finally {
                execute("drop database " + name + " with (force)");
            }
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources/golden"))) {
            var backups =
                    all.filter(path -> path.toString().endsWith(".backup")).toList();
            assertThat(backups).hasSize(Header.FORMAT);
            return backups;
        }
    }

    private static void execute(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(URL, "cleanroom", PASSWORD);
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
