package dev.cleanroom.git;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes bytes as the body of a literal hunk of "GIT binary patch": deflated, then in lines of at most 52 bytes, each led by
 * its length (A–Z for 1–26, a–z for 27–52) and written in base 85, four bytes as five digits, most significant first. Source:
 * git's {@code diff.c} (emit_binary_diff_body) and {@code base85.c}. Closing writes the last line and leaves the target open.
 */
final class BinaryLiteral extends DeflaterOutputStream {
    BinaryLiteral(OutputStream target) {
        super(new Lines(target), new Deflater());
    }

    @Override
    public void close() throws IOException {
        super.close();
        def.end();
    }

    private static final class Lines extends OutputStream {
        private static final int LINE_BYTES = 52;
        private static final int BASE = 85;
        private static final int DIGITS = 5; // for four bytes: 85^5 > 2^32
        private static final byte[] ALPHABET =
                "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
                        .getBytes(StandardCharsets.US_ASCII);

        private final OutputStream target;
        private final byte[] line = new byte[LINE_BYTES];
        private int filled;

        Lines(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            line[filled++] = (byte) b;
            if (filled == LINE_BYTES) {
                writeLine();
            }
        }

        @Override
        public void close() throws IOException {
            if (filled > 0) {
                writeLine();
            }
        }

        private void writeLine() throws IOException {
            int groups = (filled + 3) / 4;
            var encoded = new byte[1 + groups * DIGITS + 1];
            encoded[0] = (byte) (filled <= 26 ? 'A' + filled - 1 : 'a' + filled - 27);
            for (int group = 0; group < groups; group++) {
                long value = 0;
                for (int i = 0; i < 4; i++) {
                    int at = group * 4 + i;
                    value = value << 8 | (at < filled ? line[at] & 0xff : 0);
                }
                for (int digit = DIGITS; digit >= 1; digit--) {
                    encoded[group * DIGITS + digit] = ALPHABET[(int) (value % BASE)];
                    value /= BASE;
                }
            }
            encoded[encoded.length - 1] = '\n';
            target.write(encoded);
            filled = 0;
        }
    }
}
