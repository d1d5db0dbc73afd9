package dev.cleanroom.backup;

import com.fasterxml.jackson.core.JacksonException;
import dev.cleanroom.problem.CannotStart;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads what {@link BlockOutput} wrote. @throws CannotStart wherever the bytes are not a whole backup */
final class BlockInput implements AutoCloseable {
    private static final int MAX_BLOCK =
            64 << 20; // bytes; ours have 256 KiB, a header some: a damaged length ends here

    private final MessageDigest digest = BlockOutput.sha256();
    private final DataInputStream in;
    private final Inflater inflater = new Inflater(true);
    private char kind;
    private byte[] stored = new byte[BlockOutput.BLOCK];
    private int storedLength;
    private int plainLength;

    BlockInput(InputStream source) throws IOException {
        in = new DataInputStream(new DigestInputStream(new BufferedInputStream(source, BlockOutput.BLOCK), digest));
        byte[] magic = in.readNBytes(BlockOutput.MAGIC.length());
        if (!new String(magic, StandardCharsets.US_ASCII).equals(BlockOutput.MAGIC)) {
            throw new CannotStart("This file is no backup of Cleanroom.");
        }
        next();
    }

    /** Reads to the end and compares the checksum. @return what stands at the beginning */
    static Header check(InputStream source) throws IOException {
        try (var in = new BlockInput(source)) {
            var header = in.json('H', Header.class);
            while (in.kind != 'E') {
                in.next();
            }
            return header;
        }
    }

    /** Of the block that comes next. */
    char kind() {
        return kind;
    }

    <T> T json(char expected, Class<T> type) throws IOException {
        if (kind != expected) {
            throw damaged();
        }
        try {
            var value = BlockOutput.JSON.readValue(plain(), type);
            next();
            return value;
        } catch (JacksonException changed) {
            throw damaged();
        }
    }

    /** The table's data, to the block that is something else. */
    InputStream data() {
        return new InputStream() {
            private byte[] piece = new byte[0];
            private int read;

            @Override
            public int read() throws IOException {
                return fill() ? piece[read++] & 0xff : -1;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (!fill()) {
                    return -1;
                }
                int part = Math.min(length, piece.length - read);
                System.arraycopy(piece, read, target, from, part);
                read += part;
                return part;
            }

            private boolean fill() throws IOException {
                while (read == piece.length) {
                    if (kind != 'D') {
                        return false;
                    }
                    piece = plain();
                    read = 0;
                    next();
                }
                return true;
            }
        };
    }

    private void next() throws IOException {
        try {
            var sum = ((MessageDigest) clone(digest)).digest();
            kind = (char) in.readUnsignedByte();
            plainLength = in.readInt();
            storedLength = in.readInt();
            if (plainLength < 0 || plainLength > MAX_BLOCK || storedLength < 0 || storedLength > plainLength) {
                throw damaged();
            }
            if (stored.length < storedLength) {
                stored = new byte[storedLength];
            }
            in.readFully(stored, 0, storedLength);
            if (kind == 'E' && !MessageDigest.isEqual(sum, java.util.Arrays.copyOf(stored, storedLength))) {
                throw damaged();
            }
        } catch (EOFException cut) {
            throw new CannotStart("The backup is cut off: it was not written or copied to its end. Take another one.");
        }
    }

    private byte[] plain() {
        if (storedLength == plainLength) {
            return java.util.Arrays.copyOf(stored, storedLength);
        }
        byte[] plain = new byte[plainLength];
        try {
            inflater.reset();
            inflater.setInput(stored, 0, storedLength);
            if (inflater.inflate(plain) == plainLength) {
                return plain;
            }
        } catch (DataFormatException changed) {
            // said below
        }
        throw damaged();
    }

    private static Object clone(MessageDigest digest) {
        try {
            return digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static CannotStart damaged() {
        return new CannotStart("The backup is damaged: its checksum does not match its bytes. Take another one.");
    }

    @Override
    public void close() {
        inflater.end();
    }
}
