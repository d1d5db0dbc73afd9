package dev.cleanroom.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.Deflater;

/**
 * Writes a backup: {@link #MAGIC}, then blocks of {@code kind (1 byte), length plain (4), length stored (4), bytes},
 * numbers big-endian. Kinds: {@code H} header and {@code T} a table begins and {@code S} sequences (JSON), {@code D} a
 * piece of the table's binary COPY, deflated where that made it shorter, and last {@code E}: the SHA-256 of all before it.
 */
final class BlockOutput implements AutoCloseable {
    static final String MAGIC = "CLEANROOM BACKUP\n";
    static final int BLOCK = 256 << 10; // bytes plain: deflate gains nothing from more
    static final ObjectMapper JSON = new ObjectMapper();

    private static final double WORTH = 0.9; // of the plain length
    private static final int PAUSE = 15; // blocks after one that did not pay: packs are compressed already

    private final MessageDigest digest = sha256();
    private final DataOutputStream out;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] plain = new byte[BLOCK];
    private final byte[] packed = new byte[(int) (BLOCK * WORTH)];
    private int filled;
    private int pause;
    private long plainBytes;

    BlockOutput(OutputStream target) throws IOException {
        out = new DataOutputStream(new DigestOutputStream(new BufferedOutputStream(target, BLOCK), digest));
        out.write(MAGIC.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    void json(char kind, Object value) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(value);
        write(kind, bytes.length, bytes, bytes.length);
    }

    /** Takes one table's data; close it before the next block. */
    OutputStream data() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                for (int done = 0; done < length; ) {
                    int part = Math.min(length - done, BLOCK - filled);
                    System.arraycopy(bytes, from + done, plain, filled, part);
                    filled += part;
                    done += part;
                    if (filled == BLOCK) {
                        flushBlock();
                    }
                }
            }

            @Override
            public void close() throws IOException {
                flushBlock();
            }
        };
    }

    /** Of tables, before compression. */
    long plainBytes() {
        return plainBytes;
    }

    /** The end; nothing follows it. */
    void end() throws IOException {
        out.flush();
        byte[] sum = digest.digest();
        write('E', sum.length, sum, sum.length);
        out.flush();
    }

    private void flushBlock() throws IOException {
        if (filled == 0) {
            return;
        }
        int length = pause > 0 ? 0 : deflate();
        if (length == 0) {
            pause = pause > 0 ? pause - 1 : PAUSE;
            write('D', filled, plain, filled);
        } else {
            write('D', filled, packed, length);
        }
        plainBytes += filled;
        filled = 0;
    }

    /** @return bytes in {@link #packed}, or 0 where it is not worth it */
    private int deflate() {
        deflater.reset();
        deflater.setInput(plain, 0, filled);
        deflater.finish();
        int length = deflater.deflate(packed, 0, (int) (filled * WORTH));
        return deflater.finished() ? length : 0;
    }

    private void write(char kind, int plainLength, byte[] bytes, int length) throws IOException {
        out.writeByte(kind);
        out.writeInt(plainLength);
        out.writeInt(length);
        out.write(bytes, 0, length);
    }

    @Override
    public void close() {
        deflater.end();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
