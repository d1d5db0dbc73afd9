package dev.cleanroom.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Where a server's own backups are: {@code cleanroom-20260131T020000Z.backup}, read by nobody else. */
final class BackupFolder {
    static final String SUFFIX = ".backup";

    private static final String NAME = "cleanroom-\\d{8}T\\d{6}Z\\.backup";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    BackupFolder(Path folder) {
        this.folder = folder;
    }

    /** Written beside and renamed; of one that failed nothing is left. Its name comes after all others, whatever the clock says. */
    Path add(Connection connection, Key key, Instant now) throws SQLException, IOException {
        Path file = folder.resolve("cleanroom-" + STAMP.format(after(list(), now)) + SUFFIX);
        Path unfinished = folder.resolve(file.getFileName() + ".part");
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (var channel = FileChannel.open(
                        unfinished,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var target = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            Backup.write(connection, key, target, Progress.NONE);
            target.flush();
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return file;
    }

    private static Instant after(List<Path> others, Instant now) {
        return others.stream()
                .findFirst()
                .map(newest -> newest.getFileName().toString().replaceAll("^cleanroom-|\\" + SUFFIX + "$", ""))
                .map(stamp -> STAMP.parse(stamp, Instant::from).plusSeconds(1))
                .filter(next -> next.isAfter(now))
                .orElse(now);
    }

    /** The newest first. */
    List<Path> list() throws IOException {
        return named(NAME);
    }

    private List<Path> named(String pattern) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(path -> path.getFileName().toString().matches(pattern))
                    .sorted(Comparator.comparing(Path::getFileName).reversed())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** Deletes all but the newest {@code keep}, and what a server left that died while it wrote. */
    void thin(int keep) throws IOException {
        for (Path old : list().stream().skip(keep).toList()) {
            Files.delete(old);
        }
        for (Path unfinished : named(NAME + "\\.part")) {
            Files.deleteIfExists(unfinished);
        }
    }
}
