package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/**
 * A zip or tar.gz that somebody uploaded, turned into a git tree. It is hostile: a path that leaves the archive refuses it
 * whole; what git cannot hold (devices, {@code .git} folders) is left out.
 */
final class UploadedArchive {
    private static final int MAX_FILES = 100_000; // a large monorepo has as many
    private static final long MAX_BYTES = 2L << 30; // unpacked; the same as an import by address may fetch
    private static final byte[] ZIP = {'P', 'K'};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final int LINK = 0120000; // S_IFLNK, and the mask of a file's kind is 0170000
    private static final int KIND = 0170000;
    private static final int OWNER_EXECUTES = 0100;

    private record Stored(FileMode mode, ObjectId blob) {}

    private final ObjectInserter inserter;
    private final NavigableMap<String, Stored> files = new TreeMap<>();
    private long bytes;

    private UploadedArchive(ObjectInserter inserter) {
        this.inserter = inserter;
    }

    /**
     * Inserts the archive's files.
     *
     * @return the tree
     * @throws ProblemException {@code project.archive-broken}, {@code project.archive-path} or {@code project.archive-too-large}
     */
    static ObjectId insert(Path archive, ObjectInserter inserter) throws IOException {
        var uploaded = new UploadedArchive(inserter);
        try {
            byte[] magic;
            try (var in = Files.newInputStream(archive)) {
                magic = in.readNBytes(2);
            }
            if (Arrays.equals(magic, ZIP)) {
                uploaded.readZip(archive);
            } else if (Arrays.equals(magic, GZIP)) {
                uploaded.readTar(archive);
            } else {
                throw broken("it is neither a zip nor a tar.gz");
            }
            return uploaded.tree();
        } catch (StorageException storage) {
            throw storage;
        } catch (IOException | IllegalArgumentException unreadable) {
            throw broken(unreadable.getMessage());
        }
    }

    private void readZip(Path archive) throws IOException {
        try (var zip = ZipFile.builder().setPath(archive).get()) {
            for (var entries = zip.getEntries().asIterator(); entries.hasNext(); ) {
                var entry = entries.next();
                if (!entry.isDirectory()) {
                    try (var content = zip.getInputStream(entry)) {
                        int mode = entry.getUnixMode();
                        add(entry.getName(), kind(mode, (mode & KIND) == LINK), entry.getSize(), content);
                    }
                }
            }
        }
    }

    private void readTar(Path archive) throws IOException {
        try (var file = new BufferedInputStream(Files.newInputStream(archive));
                var unzipped = GzipCompressorInputStream.builder()
                        .setInputStream(file)
                        .setDecompressConcatenated(true)
                        .get();
                var tar = new TarArchiveInputStream(unzipped, StandardCharsets.UTF_8.name())) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                addTar(entry, tar);
            }
        }
    }

    private void addTar(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        if (entry.isSymbolicLink()) {
            byte[] target = entry.getLinkName().getBytes(StandardCharsets.UTF_8);
            add(entry.getName(), FileMode.SYMLINK, target.length, new ByteArrayInputStream(target));
        } else if (entry.isLink()) {
            var original = files.get(clean(entry.getLinkName()));
            if (original != null) {
                files.put(clean(entry.getName()), original);
            }
        } else if (entry.isFile()) {
            add(entry.getName(), kind(entry.getMode(), false), entry.getSize(), tar);
        }
    }

    private static FileMode kind(int mode, boolean link) {
        if (link) {
            return FileMode.SYMLINK;
        }
        return (mode & OWNER_EXECUTES) != 0 ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE;
    }

    private void add(String name, FileMode mode, long size, InputStream content) throws IOException {
        String path = clean(name);
        if (isGitsOwn(path)) {
            return;
        }
        bytes += size;
        if (size > PackLimits.MAX_OBJECT_BYTES || bytes > MAX_BYTES || files.size() >= MAX_FILES) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "project.archive-too-large",
                    "At most " + MAX_FILES + " files of " + (PackLimits.MAX_OBJECT_BYTES >> 20) + " MiB each and "
                            + (MAX_BYTES >> 20) + " MiB together are taken in.");
        }
        if (size < 0) {
            throw broken(name + " has no size");
        }
        files.put(path, new Stored(mode, inserter.insert(Constants.OBJ_BLOB, size, content)));
    }

    private static boolean isGitsOwn(String path) {
        return Arrays.stream(path.split("/")).anyMatch(".git"::equalsIgnoreCase);
    }

    private static String clean(String name) {
        String path = name.replaceFirst("^(\\./)+", "");
        boolean leaves = path.startsWith("/")
                || path.indexOf('\\') >= 0
                || Arrays.stream(path.split("/", -1))
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (leaves) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.archive-path",
                    "The archive names a file outside of itself: " + shown(name) + ".");
        }
        return path;
    }

    private ObjectId tree() throws IOException {
        var index = DirCache.newInCore();
        var builder = index.builder();
        for (var file : files.entrySet()) {
            String path = file.getKey();
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (files.containsKey(path.substring(0, slash))) {
                    throw broken(shown(path) + " lies in something that is a file");
                }
            }
            var entry = new DirCacheEntry(path);
            entry.setFileMode(file.getValue().mode());
            entry.setObjectId(file.getValue().blob());
            builder.add(entry);
        }
        builder.finish();
        return index.writeTree(inserter);
    }

    private static ProblemException broken(String why) {
        return new ProblemException(
                Kind.INVALID, "project.archive-broken", "This archive cannot be read: " + why + ". Pack it again.");
    }

    private static String shown(String name) {
        return name.substring(0, Math.min(name.length(), 200)).replaceAll("\\p{Cntrl}", "?");
    }
}
