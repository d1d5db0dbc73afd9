package dev.cleanroom.runner.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Puts frames on a channel; small ones travel together. For one thread, which is never the one that reads. */
public final class FrameWriter {
    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * Frame.MAX_PART);

    public FrameWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Sent at the latest by {@link #flush}. */
    public void write(Frame frame) throws IOException {
        var body = frame.body().duplicate();
        int length = Frame.HEADER + body.remaining();
        if (length > Frame.MAX_LENGTH) {
            throw new IllegalArgumentException("a frame of " + length + " bytes");
        }
        if (buffer.remaining() < 4 + length) {
            flush();
        }
        buffer.putInt(length).put((byte) frame.type().ordinal()).putInt(frame.id());
        if (buffer.remaining() >= body.remaining()) {
            buffer.put(body);
        } else {
            flush();
            writeAll(body);
        }
    }

    public void flush() throws IOException {
        writeAll(buffer.flip());
        buffer.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
