package dev.cleanroom.git.reading;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jgit.errors.StopWalkException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Reads objects until its time is over; a walk with it then ends as if there were no more. */
final class TimedReader extends ObjectReader.Filter {
    private final ObjectReader reader;
    private final long end;
    private boolean isOver;

    TimedReader(ObjectReader reader, Duration limit) {
        this.reader = reader;
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** Whether something was left unread. */
    boolean isOver() {
        return isOver;
    }

    @Override
    protected ObjectReader delegate() {
        return reader;
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        if (System.nanoTime() > end) {
            isOver = true;
            throw StopWalkException.INSTANCE; // how JGit's walks are ended from within
        }
        return super.open(id, type);
    }
}
