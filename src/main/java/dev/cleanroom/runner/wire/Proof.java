package dev.cleanroom.runner.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/**
 * What each side shows on a later connection, to prove that it holds the key of the first: HMAC-SHA-256 (RFC 2104) over
 * who is speaking, both nonces, the runner's epoch and the server's lease epoch. Written out on {@link MessageDigest}: {@code
 * javax.crypto} would cost the runner some 50 ms of class loading.
 */
public final class Proof {
    public static final int KEY_BYTES = 32;
    public static final int NONCE_BYTES = 32;
    private static final int BLOCK = 64; // of SHA-256, in bytes

    public enum Side {
        SERVER,
        RUNNER
    }

    private Proof() {}

    public static byte[] of(
            Side side, byte[] key, byte[] runnerNonce, byte[] serverNonce, UUID epoch, long leaseEpoch) {
        var message = new Body(128)
                .text("cleanroom runner " + side.name())
                .bytes(runnerNonce)
                .bytes(serverNonce)
                .id(epoch)
                .u64(leaseEpoch);
        var block = Arrays.copyOf(key, BLOCK);
        var inner = digest(xor(block, 0x36), message.toBuffer());
        return digest(xor(block, 0x5c), ByteBuffer.wrap(inner));
    }

    /** In constant time. */
    public static boolean matches(byte[] expected, byte[] shown) {
        return MessageDigest.isEqual(expected, shown);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static byte[] digest(byte[] pad, ByteBuffer message) {
        var digest = sha256();
        digest.update(pad);
        digest.update(message);
        return digest.digest();
    }

    private static byte[] xor(byte[] block, int with) {
        var pad = new byte[block.length];
        for (int i = 0; i < pad.length; i++) {
            pad[i] = (byte) (block[i] ^ with);
        }
        return pad;
    }
}
