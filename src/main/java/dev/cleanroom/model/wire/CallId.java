package dev.cleanroom.model.wire;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes our own ids of tool calls: UUIDv7 (RFC 9562, 5.7), so that they sort by time. */
public final class CallId {
    private static final SecureRandom RANDOM = new SecureRandom();

    private CallId() {}

    public static String next() {
        long high = System.currentTimeMillis() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
        long low = RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
