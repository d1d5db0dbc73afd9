package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The parts of {@code /etc} that programs below {@code /usr} need: what symbolic links there point to (a JDK's settings,
 * Maven's, certificates) and a few well-known files. Never {@code /etc} itself, never private keys.
 */
final class EtcBinds {
    private static final Path USR = Path.of("/usr");
    private static final Path ETC = Path.of("/etc");

    private static final List<String> WELL_KNOWN = List.of(
            "alternatives",
            "ca-certificates",
            "debian_version",
            "fonts",
            "java",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "os-release",
            "pki",
            "protocols",
            "services",
            "ssl/certs",
            "ssl/openssl.cnf",
            "timezone");

    /** May hold secrets of the host, or is the sandbox's own. */
    private static final Set<String> NEVER =
            Set.of("environment", "group", "gshadow", "hosts", "passwd", "shadow", "sudoers");

    private EtcBinds() {}

    /** Paths that exist and everybody may read, sorted. Walks all of {@code /usr}: about a second. */
    static SortedSet<Path> compute() throws IOException {
        var names = new TreeSet<Path>();
        WELL_KNOWN.forEach(name -> names.add(ETC.resolve(name)));
        Files.walkFileTree(USR, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    entryOf(file.resolveSibling(Files.readSymbolicLink(file)).normalize(), names);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE; // closed to the server, hence to every sandbox
            }
        });
        var readable = new TreeSet<Path>();
        for (Path name : names) {
            if (isOpenToAll(name)) {
                readable.add(name);
            }
        }
        return readable;
    }

    /** {@code /etc/NAME} of a target below /etc; of {@code ssl} only what {@link #WELL_KNOWN} lists. */
    private static void entryOf(Path target, Set<Path> names) {
        if (target.startsWith(ETC) && target.getNameCount() > 1) {
            String name = target.getName(1).toString();
            if (!name.equals("ssl") && !NEVER.contains(name)) {
                names.add(ETC.resolve(name));
            }
        }
    }

    /** Whether every user may read it. */
    static boolean isOpenToAll(Path path) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode");
        int needed = Files.isDirectory(path) ? 0005 : 0004;
        return (mode & needed) == needed;
    }
}
