package dev.cleanroom.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.util.QuotedString;

/**
 * One file's difference in the format of git's patches (gitformat-diff, "generating patch text with -p"). Text is compared
 * by lines; what is not UTF-8, holds a NUL or is large goes whole, as a binary literal, so that every patch applies.
 */
final class FilePatch {
    private static final long MAX_TEXT_BYTES = 5L << 20; // beyond, comparing by lines takes seconds and nobody reads it
    private static final EditList WHOLE_FILE = new EditList();

    /** A file in one of the two trees; missing if its mode is. */
    record Side(FileMode mode, ObjectId id) {
        boolean isMissing() {
            return mode == FileMode.MISSING;
        }

        /** Whether git would call these two the same kind of thing; otherwise one is deleted and the other added. */
        boolean isKindOf(Side other) {
            return mode.getObjectType() == other.mode.getObjectType()
                    && (mode == FileMode.SYMLINK) == (other.mode == FileMode.SYMLINK);
        }

        Side missing() {
            return new Side(FileMode.MISSING, ObjectId.zeroId());
        }
    }

    private final ObjectReader reader;
    private final String from;
    private final String path;
    private final Side before;
    private final Side after;
    private final RawText oldText;
    private final RawText newText;
    private final EditList edits;
    private final long sizeBytes;
    private final boolean binary;

    private FilePatch(ObjectReader reader, String from, String path, Side before, Side after) throws IOException {
        this.reader = reader;
        this.from = from;
        this.path = path;
        this.before = before;
        this.after = after;
        this.sizeBytes = size(before) + size(after);
        byte[] old = text(before);
        byte[] changed = old == null ? null : text(after);
        this.binary = changed == null;
        this.oldText = binary ? RawText.EMPTY_TEXT : new RawText(old);
        this.newText = binary ? RawText.EMPTY_TEXT : new RawText(changed);
        this.edits = binary ? WHOLE_FILE : new HistogramDiff().diff(RawTextComparator.DEFAULT, oldText, newText);
    }

    static FilePatch of(ObjectReader reader, String path, Side before, Side after) throws IOException {
        return new FilePatch(reader, path, path, before, after);
    }

    /** Of a file that has another name on each side. */
    static FilePatch ofRenamed(ObjectReader reader, String from, String path, Side before, Side after)
            throws IOException {
        return new FilePatch(reader, from, path, before, after);
    }

    String path() {
        return path;
    }

    FileDiff.Kind kind() {
        if (before.isMissing()) {
            return FileDiff.Kind.ADDED;
        }
        return after.isMissing() ? FileDiff.Kind.DELETED : FileDiff.Kind.MODIFIED;
    }

    boolean binary() {
        return binary;
    }

    /** Bytes of both sides together. */
    long sizeBytes() {
        return sizeBytes;
    }

    int added() {
        return edits.stream().mapToInt(Edit::getLengthB).sum();
    }

    int removed() {
        return edits.stream().mapToInt(Edit::getLengthA).sum();
    }

    void write(OutputStream out) throws IOException {
        if (!before.isMissing() && !after.isMissing() && !before.isKindOf(after)) {
            new FilePatch(reader, path, path, before, after.missing()).write(out);
            new FilePatch(reader, path, path, before.missing(), after).write(out);
            return;
        }
        writeHeader(out);
        if (before.id().equals(after.id())) {
            return;
        }
        if (binary) {
            writeBinary(out);
        } else if (!edits.isEmpty()) {
            print(out, "--- " + (before.isMissing() ? "/dev/null" : name("a/", from)) + "\n");
            print(out, "+++ " + (after.isMissing() ? "/dev/null" : name("b/", path)) + "\n");
            try (var hunks = new DiffFormatter(out)) {
                hunks.format(edits, oldText, newText);
                hunks.flush();
            }
        }
    }

    private void writeHeader(OutputStream out) throws IOException {
        print(out, "diff --git " + quoted("a/", from) + " " + quoted("b/", path) + "\n");
        if (before.isMissing()) {
            print(out, "new file mode " + after.mode() + "\n");
        } else if (after.isMissing()) {
            print(out, "deleted file mode " + before.mode() + "\n");
        } else if (before.mode() != after.mode()) {
            print(out, "old mode " + before.mode() + "\nnew mode " + after.mode() + "\n");
        }
        if (!from.equals(path)) {
            print(out, "rename from " + quoted("", from) + "\nrename to " + quoted("", path) + "\n");
        }
        if (!before.id().equals(after.id())) {
            boolean sameMode = before.mode() == after.mode();
            print(
                    out,
                    "index " + before.id().name() + ".." + after.id().name() + (sameMode ? " " + after.mode() : "")
                            + "\n");
        }
    }

    /** Both directions, so that the patch can be taken back. */
    private void writeBinary(OutputStream out) throws IOException {
        print(out, "GIT binary patch\n");
        writeLiteral(out, after);
        writeLiteral(out, before);
    }

    private void writeLiteral(OutputStream out, Side side) throws IOException {
        print(out, "literal " + size(side) + "\n");
        try (var literal = new BinaryLiteral(out)) {
            if (side.mode() == FileMode.GITLINK) {
                literal.write(text(side));
            } else if (!side.isMissing()) {
                reader.open(side.id()).copyTo(literal);
            }
        }
        print(out, "\n");
    }

    private long size(Side side) throws IOException {
        if (side.isMissing()) {
            return 0;
        }
        return side.mode() == FileMode.GITLINK
                ? text(side).length
                : reader.open(side.id()).getSize();
    }

    private byte[] text(Side side) throws IOException {
        return text(reader, side);
    }

    /** The file as text; null if it is none. */
    static byte[] text(ObjectReader reader, Side side) throws IOException {
        if (side.isMissing()) {
            return new byte[0];
        }
        if (side.mode() == FileMode.GITLINK) {
            return ("Subproject commit " + side.id().name() + "\n").getBytes(StandardCharsets.US_ASCII);
        }
        var blob = reader.open(side.id());
        if (blob.getSize() > MAX_TEXT_BYTES) {
            return null;
        }
        byte[] bytes = blob.getBytes();
        return isText(bytes) ? bytes : null;
    }

    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /** The name in a line of its own: a tab ends one with blanks in it, as git writes it. */
    private static String name(String prefix, String path) {
        String name = quoted(prefix, path);
        return name.indexOf(' ') >= 0 && !name.startsWith("\"") ? name + "\t" : name;
    }

    private static String quoted(String prefix, String path) {
        return QuotedString.GIT_PATH.quote(prefix + path);
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
