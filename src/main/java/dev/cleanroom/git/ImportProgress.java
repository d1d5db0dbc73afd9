package dev.cleanroom.git;

import java.time.Duration;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Tells how far a fetch is, a few times a second; stops it when nobody wants it any more. */
final class ImportProgress implements ProgressMonitor {
    private static final Duration BETWEEN = Duration.ofMillis(300); // people see no more, and each one is a transaction

    /** @param total null where it is not known yet */
    interface Listener {
        void at(String phase, long done, Long total);
    }

    private final Listener listener;
    private volatile boolean cancelled;
    private String phase = "Connecting";
    private long done;
    private Long total;
    private long toldAt;

    ImportProgress(Listener listener) {
        this.listener = listener;
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    public void start(int totalTasks) {
        tell();
    }

    @Override
    public void beginTask(String title, int totalWork) {
        phase = title.replaceFirst("^remote: ", "");
        done = 0;
        total = totalWork == UNKNOWN ? null : (long) totalWork;
        tell();
    }

    @Override
    public void update(int completed) {
        boolean first = done == 0;
        done += completed;
        if (first || System.nanoTime() - toldAt > BETWEEN.toNanos()) {
            tell();
        }
    }

    @Override
    public void endTask() {
        tell();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void showDuration(boolean enabled) {
        // progress is a number here, not a line
    }

    private void tell() {
        toldAt = System.nanoTime();
        listener.at(phase, done, total);
    }
}
