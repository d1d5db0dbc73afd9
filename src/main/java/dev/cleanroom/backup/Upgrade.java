package dev.cleanroom.backup;

import dev.cleanroom.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;

/**
 * Moves the embedded database to the major version that this Cleanroom brings: backup with the binaries that made it, a new
 * cluster beside it, restore into that. The old one is the one in use until the new one is complete, and stays afterwards.
 */
final class Upgrade {
    private Upgrade() {}

    static void run(Path home, Key key, Progress progress) throws SQLException, IOException {
        Path folder = home.resolve("postgres");
        Path beside = folder.resolve("upgrade");
        String major = EmbeddedPostgres.major(folder).orElseThrow();
        Path file = Files.createDirectories(home.resolve("backups")).resolve("postgres-" + major + BackupFolder.SUFFIX);
        var old = EmbeddedPostgres.startAsMade(folder, BackupCommand::say);
        try (var connection = old.access("cleanroom").connect();
                var target = Files.newOutputStream(file)) {
            Backup.write(connection, key, target, progress);
        } finally {
            old.stop();
        }
        EmbeddedPostgres.discard(beside);
        Files.createDirectories(beside);
        Files.copy(folder.resolve("password"), beside.resolve("password"), StandardCopyOption.COPY_ATTRIBUTES);
        var fresh = EmbeddedPostgres.start(beside, List.of(), BackupCommand::say);
        try (var saved = FileChannel.open(file)) {
            fresh.createDatabase("cleanroom");
            BackupCommand.checked(saved);
            new Restore(fresh.access("cleanroom")).run(BackupCommand.from(saved), false, progress);
            BackupCommand.fsck(fresh.access("cleanroom"));
        } finally {
            fresh.stop();
        }
        EmbeddedPostgres.replace(folder, beside);
        BackupCommand.say("The database has moved. The old one stays as " + folder.resolve("data-" + major) + " and as "
                + file + "; delete both when you have seen that all is well");
    }
}
