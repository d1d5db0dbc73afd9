package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.UUID;

/** Where a sandbox's things lie below {@code $CLEANROOM_HOME/sandboxes/<session>}; only the server's user may enter. */
record SandboxFolder(Path path) {
    static SandboxFolder of(Path home, UUID session) {
        return new SandboxFolder(home.resolve("sandboxes").resolve(session.toString()));
    }

    /** Belongs to the sandbox's host uid: the server never opens anything in it. */
    Path workspace() {
        return path.resolve("workspace");
    }

    /** Seen read-only by the sandbox. */
    Path run() {
        return path.resolve("run");
    }

    /** Short: the path of a Unix socket has at most 107 bytes. */
    Path socket() {
        return run().resolve("s");
    }

    /** The runner's key, 0600. */
    Path key() {
        return path.resolve("key");
    }

    /** Bubblewrap's arguments, separated by NUL. */
    Path arguments() {
        return path.resolve("arguments");
    }

    /** JSON of bubblewrap's {@code --info-fd}. */
    Path info() {
        return path.resolve("info");
    }

    /** {@code PID STARTTIME} of the sandbox's first process. */
    Path state() {
        return path.resolve("state");
    }

    Path log() {
        return path.resolve("runner.log");
    }

    /** Makes what is missing. */
    void make() throws IOException {
        makeFolder(path.getParent());
        makeFolder(path);
        makeFolder(run());
        Files.setPosixFilePermissions(run(), PosixFilePermissions.fromString("rwxr-xr-x"));
        makeFolder(workspace());
    }

    /** With what the server keeps in it; nothing if it is not there. */
    void delete() throws IOException {
        if (Files.exists(path)) {
            try (var all = Files.walk(path)) {
                for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** For the server's user alone. */
    static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            DropRoot.own(folder);
        }
    }
}
