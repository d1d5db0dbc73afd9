package dev.cleanroom.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The archive of PostgreSQL's binaries on our class path: one .txz of about 1,000 entries, symbolic links among them. */
final class PostgresArchive {
    private static final String RESOURCE = "postgres-linux-x86_64.txz";

    private PostgresArchive() {}

    /** Unpacks beside {@code target} and renames, so that a crash half-way leaves nothing that looks complete. */
    static void unpack(Path target) throws IOException {
        Path unfinished = Files.createTempDirectory(target.getParent(), "unpacking-");
        try (InputStream packed = open();
                var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = unfinished.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(unfinished, target);
    }

    private static InputStream open() throws IOException {
        InputStream found = PostgresArchive.class.getClassLoader().getResourceAsStream(RESOURCE);
        if (found == null) {
            throw new IOException(RESOURCE + " is not on the class path: the embedded database is for Linux on x86-64. "
                    + "Set QUARKUS_DATASOURCE_JDBC_URL to a PostgreSQL of your own.");
        }
        return found;
    }
}
