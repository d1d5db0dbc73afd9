package dev.cleanroom.workspace;

import dev.cleanroom.git.GitFigures;
import dev.cleanroom.sandbox.Sandbox.Changed;
import dev.cleanroom.sandbox.Sandbox.Watch;
import dev.cleanroom.session.Session;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.workspace.Checkpoints.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What {@link dev.cleanroom.bench.CheckpointBench} measures, put together without a container: one session, one sandbox at a time. */
public final class CheckpointFigures implements AutoCloseable {
    private final GitFigures git;
    private final Session session;
    private final List<LocalSandbox> before = new ArrayList<>();
    private LocalSandbox sandbox;
    private Checkpoints checkpoints;
    private Watch watch;

    /** @param base a commit of the project */
    public CheckpointFigures(GitFigures git, UUID project, String base) {
        this.git = git;
        this.session = new Session(
                UUID.randomUUID(),
                project,
                UUID.randomUUID(),
                "bench",
                false,
                Session.Status.idle,
                "tour/tour",
                "default",
                0,
                0,
                base,
                null,
                false,
                Instant.now(),
                Instant.now(),
                null,
                null);
    }

    /**
     * Replaces the sandbox by an empty one. The files of the one before stay until the end: ext4 makes a file some five times
     * as slowly within seconds of the deletion of 50 000 others.
     */
    public void newSandbox() throws IOException, InterruptedException {
        stopWatching();
        if (sandbox != null) {
            before.add(sandbox);
        }
        sandbox = LocalSandbox.start();
        var changes = new ChangeSignal();
        checkpoints = new Checkpoints(
                session,
                new Worktree(sandbox.sandbox()),
                new SealedFiles(session, sandbox.sandbox(), git.history(), List::of, null),
                git.packs(),
                git.refs(),
                changes,
                () -> 0);
    }

    /** Checks out the newest checkpoint. */
    public void checkOut() throws InterruptedException {
        checkpoints.prepare();
    }

    /** From here on what changes is known. */
    public void look() throws InterruptedException {
        var changes = checkpoints.changes();
        watch = sandbox.sandbox().watch(batch -> {
            if (batch.resync()) {
                changes.changedAnywhere();
            } else {
                changes.changed(batch.changes().stream().map(Changed::path).toList());
            }
        });
        changes.watchedBy(watch::settle);
        take();
    }

    /** @return whether anything had changed */
    public boolean take() throws InterruptedException {
        return checkpoints.take(people -> new Label(Optional.empty(), "bench"));
    }

    public void rewind(String commit) throws InterruptedException {
        var rewind = new Label(Optional.of("bench"), "rewind");
        checkpoints.edit(people -> rewind, before -> {}, rewind, after -> {}, () -> checkpoints.restore(commit));
    }

    public Path files() {
        return sandbox.workspace();
    }

    private void stopWatching() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    @Override
    public void close() throws IOException {
        stopWatching();
        before.add(sandbox);
        for (var used : before) {
            used.close();
        }
    }
}
