package dev.cleanroom.runner.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Takes frames off a channel, with few system calls. For one thread. */
public final class FrameReader {
    private final ReadableByteChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(4 + Frame.MAX_LENGTH).flip();

    public FrameReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * Blocks for the next frame; its body is valid until the next call.
     *
     * @return empty when the other side has hung up between two frames
     * @throws ProtocolException for a length or type that cannot be
     */
    public Optional<Frame> read() throws IOException {
        if (!fill(4)) {
            return Optional.empty();
        }
        int length = buffer.getInt();
        if (length < Frame.HEADER || length > Frame.MAX_LENGTH) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (!fill(length)) {
            throw new IOException("the other side hung up within a frame");
        }
        int end = buffer.position() + length;
        var type = Frame.Type.of(buffer.get() & 0xff);
        int id = buffer.getInt();
        var body = buffer.slice(buffer.position(), end - buffer.position()).asReadOnlyBuffer();
        buffer.position(end);
        return Optional.of(new Frame(type, id, body));
    }

    private boolean fill(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return true;
        }
        if (buffer.capacity() - buffer.position() < count) {
            buffer.compact().flip();
        }
        while (buffer.remaining() < count) {
            int start = buffer.position();
            int end = buffer.limit();
            buffer.limit(buffer.capacity()).position(end);
            int read;
            try {
                read = channel.read(buffer);
            } finally {
                buffer.limit(buffer.position()).position(start);
            }
            if (read < 0) {
                if (buffer.hasRemaining()) {
                    throw new IOException("the other side hung up within a frame");
                }
                return false;
            }
        }
        return true;
    }
}
