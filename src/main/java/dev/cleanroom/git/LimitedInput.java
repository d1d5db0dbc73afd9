package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The same bytes, ended by a problem at the limit. */
public final class LimitedInput extends FilterInputStream {
    private final long limit;
    private long left;

    public LimitedInput(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(read);
        return read;
    }

    private void count(int read) {
        left -= Math.max(read, 0);
        if (left < 0) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "git.pack-too-large",
                    "More than " + (limit >> 20) + " MiB at once. Keep large files out of the repository.");
        }
    }
}
