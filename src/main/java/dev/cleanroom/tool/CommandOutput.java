package dev.cleanroom.tool;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.Delta;
import dev.cleanroom.session.Storable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A command's output while it comes: shown live, kept for "show all", and remembered as far as the model is shown it: the
 * beginning and the end, both streams in the order of arrival. Memory is bounded whatever the command prints.
 */
final class CommandOutput implements Sandbox.OutputListener {
    private static final int KEPT = Text.MAX_OUTPUT; // UTF-16 units at either end: enough for every cut that follows
    private static final int FLUSH = 256 * 1024; // bytes waiting for the database at most
    private static final int HELD = 4 << 20; // bytes while the database is away; what is more leaves a gap
    private static final int SHOWN_LIVE = 2 << 20; // UTF-16 units a stream; nobody follows more with their eyes

    private final ToolContext context;
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder tail = new StringBuilder();
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private final Decoding[] streams;
    private long length;
    private long kept;

    CommandOutput(ToolContext context) {
        this.context = context;
        var masker = context.masker();
        this.streams =
                new Decoding[] {new Decoding(Delta.Stream.STDOUT, masker), new Decoding(Delta.Stream.STDERR, masker)};
    }

    @Override
    public synchronized void output(Sandbox.Stream stream, long offset, byte[] bytes) {
        add(streams[stream.ordinal()], streams[stream.ordinal()].masking.add(bytes), false);
    }

    /** @param bytes with secrets hidden */
    private void add(Decoding stream, byte[] bytes, boolean end) {
        stream.add(bytes, end);
        waiting.writeBytes(bytes);
        if (waiting.size() / FLUSH > (waiting.size() - bytes.length) / FLUSH) {
            flush();
        }
    }

    /** Makes durable what came since the last time. */
    synchronized void flush() {
        if (waiting.size() > 0) {
            if (context.keep(kept, waiting.toByteArray()) || waiting.size() >= HELD) {
                kept += waiting.size();
                waiting.reset();
            }
        }
    }

    synchronized void finish() {
        for (var stream : streams) {
            add(stream, stream.masking.end(), true);
        }
        flush();
    }

    /** What the model is shown. */
    synchronized String text(int max) {
        boolean whole = length <= head.length() + tail.length();
        if (whole) {
            return Text.middleCut(head.toString() + tail, max, "; send the output to a file and read parts of it");
        }
        String note = "\n[… about " + (length - max)
                + " characters left out here; send the output to a file and read parts of it …]\n";
        int half = (max - note.length()) / 2;
        return Text.start(head.toString(), half) + note + Text.end(tail.toString(), half);
    }

    private void remember(String text) {
        length += text.length();
        int room = Math.min(KEPT - head.length(), text.length());
        if (room > 0) {
            head.append(text, 0, room);
        }
        if (room < text.length()) {
            tail.append(text, Math.max(0, room), text.length());
            if (tail.length() > 4 * KEPT) {
                tail.delete(0, tail.length() - KEPT);
            }
        }
    }

    /** One stream's bytes to text; a code point may come in two pieces, what is no UTF-8 becomes U+FFFD. */
    private final class Decoding {
        private final Delta.Stream stream;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final Masker.Stream masking;
        private byte[] rest = new byte[0];
        private int shown;

        Decoding(Delta.Stream stream, Masker masker) {
            this.stream = stream;
            this.masking = masker.stream();
        }

        void add(byte[] bytes, boolean end) {
            var in = ByteBuffer.allocate(rest.length + bytes.length);
            in.put(rest).put(bytes).flip();
            var out = CharBuffer.allocate(in.remaining() + 2);
            decoder.decode(in, out, end);
            if (end) {
                decoder.flush(out);
            }
            rest = new byte[in.remaining()];
            in.get(rest);
            String text = Storable.text(out.flip().toString());
            if (!text.isEmpty()) {
                remember(text);
                if (shown < SHOWN_LIVE) {
                    context.show(stream, shown, text);
                }
                shown += text.length();
            }
        }
    }
}
