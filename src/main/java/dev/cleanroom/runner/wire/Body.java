package dev.cleanroom.runner.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Writes the fields of a frame: big-endian numbers; texts and bytes with their length in front. */
public final class Body {
    private ByteBuffer buffer;

    public Body() {
        this(64);
    }

    /** @param capacity expected bytes; grows by itself */
    public Body(int capacity) {
        buffer = ByteBuffer.allocate(capacity);
    }

    public Body u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public Body flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public Body u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public Body i32(int value) {
        room(4).putInt(value);
        return this;
    }

    public Body u64(long value) {
        room(8).putLong(value);
        return this;
    }

    public Body id(UUID value) {
        room(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return this;
    }

    public Body text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public Body bytes(byte[] value) {
        return i32(value.length).raw(value, 0, value.length);
    }

    /** Without a length in front. */
    public Body raw(byte[] value, int from, int count) {
        room(count).put(value, from, count);
        return this;
    }

    public Body raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    public int size() {
        return buffer.position();
    }

    public ByteBuffer toBuffer() {
        return buffer.duplicate().flip();
    }

    private ByteBuffer room(int count) {
        if (buffer.remaining() < count) {
            var larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + count));
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
