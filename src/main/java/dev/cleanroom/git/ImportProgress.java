package dev.cleanroom.git;

import dev.cleanroom.project.ProjectStore;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Tells the project how far its import is, a few times a second; stops the import when the project is gone. */
final class ImportProgress implements ProgressMonitor {
    private static final Duration BETWEEN = Duration.ofMillis(300); // people see no more, and each one is a transaction

    private final ProjectStore projects;
    private final UUID project;
    private volatile boolean cancelled;
    private String phase = "Connecting";
    private long done;
    private Long total;
    private long toldAt;

    ImportProgress(ProjectStore projects, UUID project) {
        this.projects = projects;
        this.project = project;
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
        projects.progress(project, phase, done, total);
    }
}
