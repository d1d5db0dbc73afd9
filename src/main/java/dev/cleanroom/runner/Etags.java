package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Proof;
import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names the content of files: SHA-256 up to 8 MiB, above that size and time. Remembers what it has computed. */
final class Etags {
    static final long HASHED = 8L * 1024 * 1024; // some 60 ms without C2's intrinsics
    private static final int REMEMBERED = 512;
    private static final long SETTLED =
            100_000_000; // ns: file times move in ticks, so a younger file may change unseen

    private record File(long device, long inode) {}

    private record Known(Sys.Stat stat, String etag) {}

    private final Map<File, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<File, Known> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param fd of a regular file */
    String of(int fd, Sys.Stat stat) {
        if (stat.size() > HASHED) {
            return bySize(stat);
        }
        var remembered = remembered(stat);
        if (remembered != null) {
            return remembered;
        }
        var digest = Proof.sha256();
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Frame.MAX_PART);
            long offset = 0;
            while (offset < stat.size()) {
                long most = Math.min(buffer.byteSize(), stat.size() - offset);
                int count = Sys.check(Sys.readAt(fd, buffer, most, offset), "read");
                if (count == 0) {
                    break;
                }
                digest.update(buffer.asSlice(0, count).asByteBuffer());
                offset += count;
            }
        }
        return remember(fd, stat, hex(digest));
    }

    synchronized String remembered(Sys.Stat stat) {
        var found = known.get(new File(stat.device(), stat.inode()));
        return found != null && found.stat().equals(stat) ? found.etag() : null;
    }

    /** Unless the file changed meanwhile or is so young that it could. */
    synchronized String remember(int fd, Sys.Stat before, String etag) {
        long now = System.currentTimeMillis() * 1_000_000;
        if (before.equals(Sys.stat(fd)) && now - Math.max(before.modified(), before.changed()) > SETTLED) {
            known.put(new File(before.device(), before.inode()), new Known(before, etag));
        }
        return etag;
    }

    static String bySize(Sys.Stat stat) {
        return "size-" + stat.size() + "-" + stat.modified();
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
