package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Proof;
import dev.cleanroom.runner.wire.Refusal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The workspace's files. All path rules live here and in {@link Place}. FIFOs, sockets and devices are told apart before
 * and after opening (never blocking), so none can hang a worker.
 */
final class Tree {
    /** One file that the server may write in one go. */
    static final long MAX_WRITE = 64L * 1024 * 1024;

    private static final int MAX_UPLOADS = 16;
    private static final byte[] TEMPORARY = ".cleanroom-".getBytes(StandardCharsets.US_ASCII);
    private static final int READ_FLAGS = Sys.O_RDONLY | Sys.O_NONBLOCK | Sys.O_NOFOLLOW | Sys.O_NOCTTY;

    static final int KIND_FILE = 0;
    static final int KIND_DIRECTORY = 1;
    static final int KIND_LINK = 2;
    static final int KIND_OTHER = 3;

    /** When a write may happen. */
    enum Condition {
        ALWAYS,
        IS_NEW,
        MATCHES
    }

    private final byte[] rootPath;
    private final byte[] spool;
    private final int root;
    private final Reaper reaper;
    private final Etags etags = new Etags();
    private final Object writing = new Object(); // one change at a time: conditions are checked and acted upon
    private final Map<UUID, Integer> uploads = new HashMap<>();

    /** @param rootPath absolute; it must be there */
    Tree(String rootPath, String spool, Reaper reaper) {
        this.rootPath = rootPath.getBytes(StandardCharsets.UTF_8);
        this.spool = spool.getBytes(StandardCharsets.UTF_8);
        this.reaper = reaper;
        root = Sys.check(
                Sys.open(Sys.AT_FDCWD, this.rootPath, Sys.O_PATH | Sys.O_DIRECTORY, 0),
                "open the workspace " + rootPath);
    }

    byte[] rootPath() {
        return rootPath;
    }

    /** Is it a file that a write is about to rename? */
    static boolean isTemporary(byte[] name) {
        return name.length > TEMPORARY.length
                && Arrays.equals(name, 0, TEMPORARY.length, TEMPORARY, 0, TEMPORARY.length)
                && name[name.length - 1] == 'p';
    }

    /** @return an fd that the caller closes */
    int openDirectory(byte[] path) {
        try (var place = find(path, Place.LastLink.FOLLOWED)) {
            requireThere(place);
            if (!place.stat().isDirectory()) {
                throw new RefusedException(Refusal.NOT_DIRECTORY, "Not a directory");
            }
            int fd = Sys.open(place.directory(), place.name(), Sys.O_RDONLY | Sys.O_DIRECTORY | Sys.O_NOFOLLOW, 0);
            return Sys.check(fd, "open the directory");
        }
    }

    /** @return its fields, or null if there is nothing */
    Body stat(byte[] path) {
        var parts = PathName.parse(path, rootPath);
        try (var place = Place.find(root, rootPath, parts, Place.LastLink.KEPT, Place.Parents.MUST_BE)) {
            return place.exists() ? stat(new Body(), place, PathName.join(parts), true) : null;
        } catch (RefusedException refused) {
            if (refused.refusal() == Refusal.NOT_FOUND || refused.refusal() == Refusal.NOT_DIRECTORY) {
                return null;
            }
            throw refused;
        }
    }

    private Body stat(Body body, Place place, byte[] path, boolean withEtag) {
        var stat = place.stat();
        var etag = "";
        if (withEtag && stat.isRegular()) {
            if (stat.size() > Etags.HASHED) {
                etag = Etags.bySize(stat);
            } else {
                int fd = openRegular(place);
                try {
                    etag = etags.of(fd, Sys.stat(fd));
                } finally {
                    Sys.close(fd);
                }
            }
        }
        return fields(body, path, stat, etag);
    }

    private static Body fields(Body body, byte[] path, Sys.Stat stat, String etag) {
        int kind = stat.isRegular()
                ? KIND_FILE
                : stat.isDirectory() ? KIND_DIRECTORY : stat.isLink() ? KIND_LINK : KIND_OTHER;
        long size = kind == KIND_FILE || kind == KIND_LINK ? stat.size() : 0;
        boolean executable = kind == KIND_FILE && (stat.mode() & 0100) != 0;
        return body.bytes(path).u8(kind).u64(size).flag(executable).text(etag);
    }

    private static int openRegular(Place place) {
        requireThere(place);
        if (place.stat().isDirectory()) {
            throw RefusedException.of(Sys.EISDIR, "open");
        }
        if (!place.stat().isRegular()) {
            throw new RefusedException(Refusal.NOT_REGULAR, "Not a regular file");
        }
        int fd = Sys.check(Sys.open(place.directory(), place.name(), READ_FLAGS, 0), "open");
        if (!Sys.stat(fd).isRegular()) {
            Sys.close(fd);
            throw new RefusedException(Refusal.NOT_REGULAR, "Not a regular file");
        }
        return fd;
    }

    /** A part of an answer on its way. */
    interface Parts {
        void send(byte[] bytes) throws InterruptedException;
    }

    /** @return entries sent, sorted by name; their etags are left empty */
    int list(byte[] path, int limit, Parts parts) throws InterruptedException {
        var parent = PathName.join(PathName.parse(path, rootPath));
        int fd = openDirectory(path);
        try {
            var names = names(fd);
            names.sort(Arrays::compareUnsigned);
            var body = new Body(4096);
            int count = 0;
            for (var name : names) {
                var stat = count < limit && !isTemporary(name) ? Sys.stat(fd, name) : null;
                if (stat != null) {
                    fields(body, PathName.join(parent, name), stat, "");
                    count++;
                }
                if (body.size() > Frame.MAX_PART - 16 * 1024) { // a path and its fields are smaller than 16 KiB
                    parts.send(body.toBytes());
                    body = new Body(4096);
                }
            }
            parts.send(body.toBytes());
            return count;
        } finally {
            Sys.close(fd);
        }
    }

    /** All names in a directory but {@code .} and {@code ..}, as readdir(3) has them. */
    static List<byte[]> names(int fd) {
        var names = new ArrayList<byte[]>();
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(32 * 1024, 8);
            int count;
            while ((count = Sys.check(Sys.directoryEntries(fd, buffer), "list")) > 0) {
                for (int at = 0; at < count; ) {
                    int length = buffer.get(JAVA_SHORT_UNALIGNED, at + 16L) & 0xffff;
                    var name = name(buffer, at + 19, at + length);
                    if (!PathName.isUp(name) && !(name.length == 1 && name[0] == '.')) {
                        names.add(name);
                    }
                    at += length;
                }
            }
        }
        return names;
    }

    private static byte[] name(MemorySegment buffer, int from, int to) {
        int end = from;
        while (end < to && buffer.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return buffer.asSlice(from, end - from).toArray(JAVA_BYTE);
    }

    /**
     * Sends the bytes {@code [offset, offset + max)}, then returns the file's stat. Both come from one pass, so the etag is of
     * the bytes that were sent.
     */
    Body read(byte[] path, long offset, int max, Parts parts) throws InterruptedException {
        var asked = PathName.join(PathName.parse(path, rootPath));
        try (var place = find(path, Place.LastLink.FOLLOWED)) {
            int fd = openRegular(place);
            try {
                var stat = Sys.stat(fd);
                boolean big = stat.size() > Etags.HASHED;
                var remembered = big ? Etags.bySize(stat) : etags.remembered(stat);
                var digest = remembered == null ? Proof.sha256() : null;
                pass(fd, offset, Math.min(offset + max, stat.size()), stat.size(), digest, parts);
                var etag = digest != null ? etags.remember(fd, stat, Etags.hex(digest)) : remembered;
                var after = Sys.stat(fd);
                if (digest == null && !after.equals(stat)) {
                    etag = "changed-" + System.nanoTime(); // matches nothing: whoever writes with it is told
                }
                return fields(new Body(), asked, after, etag);
            } finally {
                Sys.close(fd);
            }
        }
    }

    /** Hashes {@code [0, size)} if there is a digest, and sends {@code [from, to)} of it. */
    private static void pass(int fd, long from, long to, long size, MessageDigest digest, Parts parts)
            throws InterruptedException {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Frame.MAX_PART);
            long at = digest == null ? from : 0;
            long end = digest == null ? to : size;
            while (at < end) {
                long border = at < from ? Math.min(from, end) : at < to ? to : end;
                int count = Sys.check(
                        Sys.readAt(fd, buffer, Math.min(buffer.byteSize(), border - at), at), "read the file");
                if (count == 0) {
                    return;
                }
                var bytes = buffer.asSlice(0, count);
                if (digest != null) {
                    digest.update(bytes.asByteBuffer());
                }
                if (at >= from && at < to) {
                    parts.send(bytes.toArray(JAVA_BYTE));
                }
                at += count;
            }
        }
    }

    /** A piece of a file that a write will name; pieces may come in any order, and twice. */
    void stage(UUID upload, long offset, byte[] bytes) {
        if (offset + bytes.length > MAX_WRITE) {
            throw tooLarge();
        }
        synchronized (uploads) { // to the end of the write: a dropped fd may be another file's by then
            if (uploads.size() >= MAX_UPLOADS && !uploads.containsKey(upload)) {
                throw new RefusedException(Refusal.FAILED, "Too many files are being written at once");
            }
            int fd = uploads.computeIfAbsent(upload, id -> temporary());
            try (var arena = Arena.ofConfined()) {
                var memory = arena.allocateFrom(JAVA_BYTE, bytes);
                Sys.check(Sys.writeAllAt(fd, memory, bytes.length, offset), "stage");
            }
        }
    }

    /** Whoever staged has gone. */
    void dropUploads() {
        synchronized (uploads) {
            uploads.values().forEach(Sys::close);
            uploads.clear();
        }
    }

    private int temporary() {
        var name = PathName.join(spool, temporaryName());
        int fd = Sys.open(Sys.AT_FDCWD, name, Sys.O_RDWR | Sys.O_CREAT | Sys.O_EXCL, 0600);
        Sys.check(fd, "make a temporary file");
        Sys.unlink(Sys.AT_FDCWD, name, 0);
        return fd;
    }

    private static byte[] temporaryName() {
        var random = HexFormat.of().formatHex(Sys.random(8));
        return (new String(TEMPORARY, StandardCharsets.US_ASCII) + random + ".tmp").getBytes(StandardCharsets.US_ASCII);
    }

    /** Where a write's bytes are: {@code fd} below 0 means in {@code bytes}. */
    record Content(byte[] bytes, UUID upload, long size) {}

    /** @return the stat of what was written */
    Body write(byte[] path, Condition condition, String etag, Content content) {
        int staged = -1;
        if (content.upload() != null) {
            synchronized (uploads) {
                staged = uploads.getOrDefault(content.upload(), -1);
                uploads.remove(content.upload());
            }
            if (staged < 0 || Sys.stat(staged).size() != content.size()) {
                throw new RefusedException(Refusal.FAILED, "The staged content is incomplete");
            }
        }
        try {
            var parts = PathName.parse(path, rootPath);
            var parents = condition == Condition.MATCHES ? Place.Parents.MUST_BE : Place.Parents.MADE;
            synchronized (writing) {
                try (var place = Place.find(root, rootPath, parts, Place.LastLink.FOLLOWED, parents)) {
                    return replace(place, PathName.join(parts), condition, etag, content, staged);
                } catch (RefusedException refused) {
                    throw condition == Condition.MATCHES && refused.refusal() == Refusal.NOT_FOUND ? stale() : refused;
                }
            }
        } finally {
            if (staged >= 0) {
                Sys.close(staged);
            }
        }
    }

    private Body replace(Place place, byte[] path, Condition condition, String etag, Content content, int staged) {
        check(place, condition, etag);
        var name = temporaryName();
        int flags = Sys.O_RDWR | Sys.O_CREAT | Sys.O_EXCL | Sys.O_NOFOLLOW;
        int fd = Sys.check(Sys.open(place.directory(), name, flags, 0666), "write");
        try {
            if (place.exists()) {
                Sys.check(Sys.changeMode(fd, place.stat().permissions()), "keep the mode");
            }
            var digest = content.size() > Etags.HASHED ? null : Proof.sha256();
            if (staged >= 0) {
                copy(staged, fd, digest);
            } else {
                writeBytes(fd, content.bytes(), digest);
            }
            Sys.check(Sys.sync(fd), "write");
            if (condition == Condition.MATCHES) {
                check(
                        new Place(place.directory(), place.name(), Sys.stat(place.directory(), place.name())),
                        condition,
                        etag);
            }
            int flag = condition == Condition.IS_NEW ? Sys.RENAME_NOREPLACE : 0;
            int renamed = Sys.rename(place.directory(), name, place.directory(), place.name(), flag);
            if (renamed == -Sys.EEXIST) {
                throw stale();
            }
            Sys.check(renamed, "write");
            var written = Sys.stat(fd);
            return fields(new Body(), path, written, digest == null ? Etags.bySize(written) : Etags.hex(digest));
        } catch (RefusedException refused) {
            Sys.unlink(place.directory(), name, 0);
            throw refused;
        } finally {
            Sys.close(fd);
        }
    }

    private void check(Place place, Condition condition, String etag) {
        if (place.isRoot() || place.exists() && place.stat().isDirectory()) {
            throw new RefusedException(Refusal.IS_DIRECTORY, "There is a directory of this name");
        }
        if (place.exists() && !place.stat().isRegular()) {
            throw new RefusedException(
                    Refusal.NOT_REGULAR, "There is something of this name that is not a regular file");
        }
        boolean holds = switch (condition) {
            case ALWAYS -> true;
            case IS_NEW -> !place.exists();
            case MATCHES -> place.exists() && etag.equals(etagOf(place));
        };
        if (!holds) {
            throw stale();
        }
    }

    private String etagOf(Place place) {
        int fd = openRegular(place);
        try {
            return etags.of(fd, Sys.stat(fd));
        } finally {
            Sys.close(fd);
        }
    }

    private static void writeBytes(int fd, byte[] bytes, MessageDigest digest) {
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocateFrom(JAVA_BYTE, bytes);
            Sys.check(Sys.writeAllAt(fd, memory, bytes.length, 0), "write");
        }
        if (digest != null) {
            digest.update(bytes);
        }
    }

    private static void copy(int from, int to, MessageDigest digest) {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Frame.MAX_PART);
            long at = 0;
            int count;
            while ((count = Sys.check(Sys.readAt(from, buffer, buffer.byteSize(), at), "read")) > 0) {
                Sys.check(Sys.writeAllAt(to, buffer, count, at), "write");
                if (digest != null) {
                    digest.update(buffer.asSlice(0, count).asByteBuffer());
                }
                at += count;
            }
        }
    }

    void makeDirectory(byte[] path) {
        var parts = PathName.parse(path, rootPath);
        synchronized (writing) {
            try (var place = Place.find(root, rootPath, parts, Place.LastLink.KEPT, Place.Parents.MADE)) {
                if (place.exists()) {
                    throw new RefusedException(Refusal.EXISTS, "There is something of this name");
                }
                Sys.check(Sys.makeDirectory(place.directory(), place.name()), "make the directory");
            }
        }
    }

    /** Makes missing parents of the new name; never replaces. */
    void move(byte[] from, byte[] to) {
        synchronized (writing) {
            try (var source = find(from, Place.LastLink.KEPT)) {
                requireThere(source);
                refuseRoot(source);
                var parts = PathName.parse(to, rootPath);
                try (var target = Place.find(root, rootPath, parts, Place.LastLink.KEPT, Place.Parents.MADE)) {
                    refuseRoot(target);
                    int renamed = Sys.rename(
                            source.directory(), source.name(), target.directory(), target.name(), Sys.RENAME_NOREPLACE);
                    Sys.check(renamed, "move");
                }
            }
        }
    }

    /** Directories with all that is in them, of any depth: by rm(1), which knows how. */
    void delete(byte[] path) throws InterruptedException {
        synchronized (writing) {
            try (var place = find(path, Place.LastLink.KEPT)) {
                requireThere(place);
                refuseRoot(place);
                int result =
                        Sys.unlink(place.directory(), place.name(), place.stat().isDirectory() ? Sys.AT_REMOVEDIR : 0);
                if (result == -Sys.ENOTEMPTY) {
                    var name = PathName.join(PathName.HERE, place.name());
                    var ended = Helper.run(reaper, place.directory(), new byte[0], "rm", "-rf", "--", name);
                    if (ended.code() != 0) {
                        throw new RefusedException(Refusal.DENIED, "Not everything in it could be deleted");
                    }
                } else {
                    Sys.check(result, "delete");
                }
            }
        }
    }

    private Place find(byte[] path, Place.LastLink last) {
        return Place.find(root, rootPath, PathName.parse(path, rootPath), last, Place.Parents.MUST_BE);
    }

    private static void requireThere(Place place) {
        if (!place.exists()) {
            throw new RefusedException(Refusal.NOT_FOUND, "There is no such file or directory");
        }
    }

    private static void refuseRoot(Place place) {
        if (place.isRoot()) {
            throw new RefusedException(Refusal.INVALID, "Not the workspace itself");
        }
    }

    private static RefusedException stale() {
        return new RefusedException(Refusal.STALE, "The file is not what was expected: somebody else has changed it");
    }

    static RefusedException tooLarge() {
        return new RefusedException(Refusal.TOO_LARGE, "At most 64 MiB can be written at once");
    }
}
