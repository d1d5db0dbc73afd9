package dev.cleanroom.runner.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Reads the fields that {@link Body} wrote. Believes nothing: what is missing or too long is a {@link ProtocolException}. */
public final class Fields {
    private final ByteBuffer buffer;

    Fields(ByteBuffer buffer) {
        this.buffer = buffer.duplicate();
    }

    public static Fields of(byte[] bytes) {
        return new Fields(ByteBuffer.wrap(bytes));
    }

    public int u8() throws ProtocolException {
        return need(1).get() & 0xff;
    }

    public boolean flag() throws ProtocolException {
        return u8() != 0;
    }

    public int u16() throws ProtocolException {
        return need(2).getShort() & 0xffff;
    }

    public int i32() throws ProtocolException {
        return need(4).getInt();
    }

    /** A count or size that cannot be negative. */
    public int u32(int max) throws ProtocolException {
        var value = i32();
        if (value < 0 || value > max) {
            throw new ProtocolException("a count of " + Integer.toUnsignedString(value) + " is above " + max);
        }
        return value;
    }

    /** An offset or size that cannot be negative. */
    public long u64() throws ProtocolException {
        var value = need(8).getLong();
        if (value < 0) {
            throw new ProtocolException("an offset is above 2^63");
        }
        return value;
    }

    public UUID id() throws ProtocolException {
        need(16);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Bytes that are not UTF-8 become U+FFFD. */
    public String text() throws ProtocolException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public byte[] bytes() throws ProtocolException {
        int count = i32();
        if (count < 0 || count > buffer.remaining()) {
            throw new ProtocolException("a frame is too short");
        }
        var bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    /** All that is left. */
    public byte[] rest() {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    public int remaining() {
        return buffer.remaining();
    }

    private ByteBuffer need(int count) throws ProtocolException {
        if (buffer.remaining() < count) {
            throw new ProtocolException("a frame is too short");
        }
        return buffer;
    }
}
