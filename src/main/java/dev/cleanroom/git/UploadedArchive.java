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
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
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
 * A zip or tar.gz that somebody uploaded, turned into a git tree. It is hostile: what names a place outside of itself, in
 * git's own folder, or more than the limits refuses it whole. What git cannot hold (devices, pipes, empty folders) is left out.
 */
final class UploadedArchive {
    static final long MAX_PACKED_BYTES = 1L << 30; // what is uploaded; half of what may come out of it
    private static final int MAX_ENTRIES = 100_000; // files and folders; a large monorepo has fewer files
    private static final long MAX_BYTES = 2L << 30; // unpacked; the same as an import by address may fetch
    private static final long SMALL_BYTES = 64L << 20; // unpacked, and no bomb however well it was packed
    private static final int MAX_RATIO = 200; // unpacked to packed; source code has 3 to 20
    private static final int MAX_LINK_BYTES = 4_096; // Linux' PATH_MAX
    private static final int MAX_SHOWN = 200; // characters of a name in a sentence
    private static final byte[] ZIP = {'P', 'K'};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final int LINK = 0120000; // S_IFLNK, and the mask of a file's kind is 0170000
    private static final int KIND = 0170000;
    private static final int OWNER_EXECUTES = 0100;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:/.*", Pattern.DOTALL);
    private static final String RESOURCE_FORKS = "__MACOSX/"; // macOS' own beside each file of a zip

    /** @param target of a symbolic link, else null */
    private record Stored(FileMode mode, ObjectId blob, String target) {}

    private final ObjectInserter inserter;
    private final long packedBytes;
    private final NavigableMap<String, Stored> files = new TreeMap<>();
    private int entries;
    private long bytes;

    private UploadedArchive(ObjectInserter inserter, long packedBytes) {
        this.inserter = inserter;
        this.packedBytes = packedBytes;
    }

    /**
     * Inserts the archive's files.
     *
     * @param strip whether the one folder that everything is in goes: people pack a folder and mean what is in it
     * @return the tree
     * @throws ProblemException {@code project.archive-…}
     */
    static ObjectId insert(Path archive, boolean strip, ObjectInserter inserter) throws IOException {
        var uploaded = new UploadedArchive(inserter, Files.size(archive));
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
            if (strip) {
                uploaded.stripFolder();
            }
            uploaded.checkLinks();
            return uploaded.tree();
        } catch (StorageException storage) {
            throw storage;
        } catch (IOException | IllegalArgumentException unreadable) {
            throw broken(unreadable.getMessage() == null ? "it ends too early" : unreadable.getMessage());
        }
    }

    private void readZip(Path archive) throws IOException {
        try (var zip = ZipFile.builder().setPath(archive).get()) {
            var all = Collections.list(zip.getEntries());
            long sum = 0;
            for (var entry : all) { // what the list of contents promises, before anything is unpacked
                count();
                sum = Math.addExact(sum, Math.max(0, entry.getSize()));
                checkSize(Math.max(entry.getSize(), 0), sum);
            }
            for (var entry : all) {
                if (!entry.isDirectory()) {
                    try (var content = zip.getInputStream(entry)) {
                        int mode = entry.getUnixMode();
                        add(entry.getName(), kind(mode, (mode & KIND) == LINK), entry.getSize(), content);
                    }
                }
            }
        } catch (ArithmeticException beyondCounting) {
            throw tooLarge();
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
                count();
                addTar(entry, tar);
            }
        }
    }

    private void addTar(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        if (entry.isSymbolicLink()) {
            byte[] target = entry.getLinkName().getBytes(StandardCharsets.UTF_8);
            add(entry.getName(), FileMode.SYMLINK, target.length, new ByteArrayInputStream(target));
        } else if (entry.isLink()) {
            addHardLink(entry);
        } else if (entry.isFile()) {
            add(entry.getName(), kind(entry.getMode(), false), entry.getSize(), tar);
        }
    }

    /** A second name of a file that came before it: a copy. */
    private void addHardLink(TarArchiveEntry entry) {
        var original = files.get(clean(entry.getLinkName()));
        if (original == null || original.target() != null) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.archive-link",
                    "%s is a hard link to %s, which is no file of the archive. Pack it again without hard links."
                            .formatted(shown(entry.getName()), shown(entry.getLinkName())));
        }
        put(clean(entry.getName()), original);
    }

    private static FileMode kind(int mode, boolean link) {
        if (link) {
            return FileMode.SYMLINK;
        }
        return (mode & OWNER_EXECUTES) != 0 ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE;
    }

    private void count() {
        if (++entries >= MAX_ENTRIES) {
            throw tooLarge();
        }
    }

    private void add(String name, FileMode mode, long size, InputStream content) throws IOException {
        String path = clean(name);
        if (path.startsWith(RESOURCE_FORKS)) {
            return;
        }
        if (size < 0) {
            throw broken(shown(name) + " has no size");
        }
        bytes += size;
        checkSize(size, bytes);
        if (mode == FileMode.SYMLINK) {
            byte[] target = content.readNBytes(MAX_LINK_BYTES);
            var blob = inserter.insert(Constants.OBJ_BLOB, target);
            put(path, new Stored(mode, blob, new String(target, StandardCharsets.UTF_8)));
        } else {
            put(path, new Stored(mode, inserter.insert(Constants.OBJ_BLOB, size, content), null));
        }
    }

    /** The same file twice is harmless. */
    private void put(String path, Stored file) {
        var other = files.put(path, file);
        if (other != null && !other.equals(file)) {
            throw broken(shown(path) + " is in it twice");
        }
    }

    /** @param size of one file @param sum of all so far */
    private void checkSize(long size, long sum) {
        if (size > PackLimits.MAX_OBJECT_BYTES || sum > MAX_BYTES) {
            throw tooLarge();
        }
        if (sum > SMALL_BYTES && sum / MAX_RATIO > packedBytes) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "project.archive-bomb",
                    "More than %d times as much would come out of the archive as was sent. Leave the files out that are so large and so empty."
                            .formatted(MAX_RATIO));
        }
    }

    private static boolean isGitsOwn(String path) {
        return Arrays.stream(path.split("/")).anyMatch(".git"::equalsIgnoreCase);
    }

    private static String clean(String name) {
        String path = name.replaceFirst("^(\\./)+", "");
        boolean leaves = path.startsWith("/")
                || path.indexOf('\\') >= 0
                || DRIVE.matcher(path).matches()
                || Arrays.stream(path.split("/", -1))
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (leaves) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.archive-path",
                    "The archive names a file outside of itself: " + shown(name)
                            + ". Pack it with relative names, separated by /.");
        }
        if (isGitsOwn(path)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.archive-git",
                    "The archive has a .git folder: " + shown(name)
                            + ". Pack it without (git archive does), or import the repository by its URL.");
        }
        return path;
    }

    private void stripFolder() {
        if (files.isEmpty()) {
            return;
        }
        String first = files.firstKey();
        String folder = first.substring(0, first.indexOf('/') + 1);
        if (!folder.isEmpty() && files.keySet().stream().allMatch(path -> path.startsWith(folder))) {
            var inside = new TreeMap<String, Stored>();
            files.forEach((path, file) -> inside.put(path.substring(folder.length()), file));
            files.clear();
            files.putAll(inside);
        }
    }

    private void checkLinks() {
        files.forEach((path, file) -> {
            if (file.target() != null && leadsOut(path, file.target())) {
                throw new ProblemException(
                        Kind.INVALID,
                        "project.archive-link",
                        "The symbolic link %s leads out of the archive, to %s. Pack it again without that link."
                                .formatted(shown(path), shown(file.target())));
            }
        });
    }

    private static boolean leadsOut(String path, String target) {
        if (target.startsWith("/")) {
            return true;
        }
        int depth = path.split("/").length - 1;
        for (String part : target.split("/")) {
            depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
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

    static ProblemException tooLarge() {
        return new ProblemException(
                Kind.TOO_LARGE,
                "project.archive-too-large",
                "An archive has at most %d MiB and fewer than %d files and folders, of %d MiB each and %d MiB together."
                                .formatted(
                                        MAX_PACKED_BYTES >> 20,
                                        MAX_ENTRIES,
                                        PackLimits.MAX_OBJECT_BYTES >> 20,
                                        MAX_BYTES >> 20)
                        + " Leave out what a build makes, or import by a git URL.");
    }

    private static String shown(String name) {
        return name.substring(0, Math.min(name.length(), MAX_SHOWN)).replaceAll("\\p{Cntrl}", "?");
    }
}
