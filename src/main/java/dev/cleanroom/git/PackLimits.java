package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectChecker.ErrorType;
import org.eclipse.jgit.lib.ProgressMonitor;

/** What a pack from outside may cost and hold, before and while it is parsed. */
final class PackLimits {
    static final long MAX_OBJECT_BYTES = 100L << 20; // what large forges take; a delta's result is held in memory

    private static final long MAX_PACK_BYTES = 1L << 30; // of one checkpoint; a worktree beyond is no source code
    private static final int MAX_OBJECTS = 2_000_000; // the parser reserves 8 bytes each before it reads the first
    private static final Duration MAX_DURATION = Duration.ofMinutes(10); // a pack may be slow to resolve on purpose
    private static final int HEADER_BYTES = 12; // "PACK", version, number of objects: gitformat-pack
    private static final int MAGIC = 0x5041434b;
    private static final int COUNT_AT = 8;

    // flaws that real histories have and that harm nobody; what a path may be stays strict
    private static final Set<ErrorType> TOLERATED = EnumSet.of(
            ErrorType.ZERO_PADDED_FILEMODE,
            ErrorType.NULL_SHA1,
            ErrorType.BAD_DATE,
            ErrorType.BAD_EMAIL,
            ErrorType.BAD_TIMEZONE,
            ErrorType.MISSING_EMAIL,
            ErrorType.MISSING_SPACE_BEFORE_DATE,
            ErrorType.GITMODULES_BLOB,
            ErrorType.GITMODULES_LARGE,
            ErrorType.GITMODULES_NAME,
            ErrorType.GITMODULES_PARSE,
            ErrorType.GITMODULES_PATH,
            ErrorType.GITMODULES_SYMLINK,
            ErrorType.GITMODULES_URL);

    private PackLimits() {}

    static ObjectChecker checker() {
        return new ObjectChecker().setIgnore(TOLERATED).setAllowInvalidPersonIdent(true);
    }

    /** The same bytes, ended by a problem at the limit for what a sandbox may send at once. */
    static InputStream limit(InputStream pack) {
        return new LimitedInput(pack, MAX_PACK_BYTES);
    }

    /**
     * The same bytes, once their beginning was looked at: the parser reserves memory for as many objects as it announces.
     *
     * @throws ProblemException {@code git.pack-too-large}
     */
    static InputStream withBelievableHeader(InputStream pack) throws IOException {
        byte[] header = pack.readNBytes(HEADER_BYTES);
        if (header.length == HEADER_BYTES
                && ByteBuffer.wrap(header).getInt() == MAGIC
                && Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(COUNT_AT)) > MAX_OBJECTS) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "git.pack-too-large",
                    "More than " + MAX_OBJECTS + " objects at once, the limit here.");
        }
        return new SequenceInputStream(new ByteArrayInputStream(header), pack);
    }

    /** Cancels the parser when it took too long. */
    static ProgressMonitor deadline() {
        long end = System.nanoTime() + MAX_DURATION.toNanos();
        return new EmptyProgressMonitor() {
            @Override
            public boolean isCancelled() {
                return System.nanoTime() - end > 0;
            }
        };
    }
}
