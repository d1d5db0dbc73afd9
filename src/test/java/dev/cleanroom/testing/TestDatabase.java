package dev.cleanroom.testing;

import dev.cleanroom.database.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * The embedded PostgreSQL for every {@code @QuarkusTest} (listed in META-INF/services, so no test names it): one server a
 * test JVM, a fresh database each run, and a data folder outside the checkout, whose parents may be closed to the
 * database's user.
 */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private static final Path HOME = Path.of(
            System.getProperty("java.io.tmpdir"),
            "cleanroom-test-" + Integer.toHexString(Path.of("").toAbsolutePath().hashCode()));
    private static final String DATABASE = "test";
    /** Where the running one is told: each test profile loads this class anew, and system properties outlive that. */
    private static final String URL = "cleanroom.test.database.url";

    private static final String PASSWORD = "cleanroom.test.database.password";

    @Override
    public Map<String, String> start() {
        synchronized (System.class) {
            if (System.getProperty(URL) == null) {
                startOnce();
            }
        }
        return Map.of(
                "quarkus.datasource.jdbc.url", System.getProperty(URL),
                "quarkus.datasource.username", "cleanroom",
                "quarkus.datasource.password", System.getProperty(PASSWORD),
                "cleanroom.home", openFolder(HOME.resolve("home")).toString());
    }

    private static void startOnce() {
        var postgres = EmbeddedPostgres.start(
                openFolder(HOME).resolve("postgres"),
                List.of("fsync=off", "full_page_writes=off"), // a test cluster may be lost with its machine
                System.out::println);
        postgres.dropDatabase(DATABASE);
        postgres.createDatabase(DATABASE);
        System.setProperty(URL, postgres.jdbcUrl(DATABASE));
        System.setProperty(PASSWORD, postgres.password());
    }

    private static Path openFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // it ends with the JVM
    }
}
