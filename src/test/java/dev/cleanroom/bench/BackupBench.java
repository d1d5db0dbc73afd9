package dev.cleanroom.bench;

import dev.cleanroom.backup.BackupFigures;
import dev.cleanroom.database.Access;
import dev.cleanroom.testing.TestDatabase;
import java.nio.file.Files;
import java.util.Arrays;
import org.flywaydb.core.Flyway;

/** Backup and restore of a database of some hundreds of MB, and plain COPY of the same rows beside them. */
public final class BackupBench {
    private static final int MEASURED = 3;

    private interface Action {
        void run() throws Exception;
    }

    private BackupBench() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new TestDatabase().start();
        var database = new Access(
                settings.get("quarkus.datasource.jdbc.url"),
                settings.get("quarkus.datasource.username"),
                settings.get("quarkus.datasource.password"));
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .load()
                .migrate();
        BackupFigures.fill(database);
        var file = Files.createTempFile("bench", ".backup");
        try {
            long bytes = BackupFigures.backup(database, file);
            double megabytes = bytes / 1e6;
            Figures.print("backup.tables", megabytes, "MB");
            Figures.print("backup.file", Files.size(file) / 1e6, "MB");
            double copy = seconds(() -> BackupFigures.copyAlone(database));
            double backup = seconds(() -> BackupFigures.backup(database, file));
            double restore = seconds(() -> BackupFigures.restore(database, file));
            Figures.print("backup.copy-alone", megabytes / copy, "MB/s");
            Figures.print("backup.write", megabytes / backup, "MB/s");
            Figures.print("backup.restore", megabytes / restore, "MB/s");
            Figures.print("backup.write-to-copy", backup / copy, "x");
        } finally {
            Files.delete(file);
        }
        System.exit(0); // the database ends with the process
    }

    /** The median. */
    private static double seconds(Action action) throws Exception {
        var nanos = new long[MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            long start = System.nanoTime();
            action.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[MEASURED / 2] / 1e9;
    }
}
