package dev.cleanroom.workspace;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.workspace.Worktree.Commit;
import dev.cleanroom.workspace.Worktree.DamagedException;
import dev.cleanroom.workspace.Worktree.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One session's line of checkpoints, from its worktree into the project's repository. Each is a commit on the one before;
 * commits that the user made travel as a second parent. Three refs follow: the hidden one that the next checkpoint is
 * chained on, a hidden one for the user's HEAD, and the session's branch, which shows what was committed: that HEAD.
 */
final class Checkpoints {
    private static final Logger LOG = Logger.getLogger(Checkpoints.class);

    private final Session session;
    private final Worktree worktree;
    private final Packs packs;
    private final Refs refs;
    private final ReentrantLock lock =
            new ReentrantLock(); // one commit at a time; all below is read and written under it
    private Optional<String> newest;
    private Optional<String> head;

    Checkpoints(Session session, Worktree worktree, Packs packs, Refs refs) {
        this.session = session;
        this.worktree = worktree;
        this.packs = packs;
        this.refs = refs;
        this.newest = refs.resolve(session.project(), session.checkpointRef());
        this.head = refs.resolve(session.project(), headRef(session));
    }

    /** Where the user's HEAD of a session is kept, so that a rebuilt worktree has his commits. */
    static String headRef(Session session) {
        return session.headRef();
    }

    /** Where the commit is kept that is being merged into a session, so that a rebuilt worktree goes on merging. */
    static String mergeRef(Session session) {
        return "refs/cleanroom/session/" + session.id() + "/heads/merge";
    }

    Worktree worktree() {
        return worktree;
    }

    /** The newest checkpoint, or empty before the first. */
    Optional<String> newest() {
        lock.lock();
        try {
            return newest;
        } finally {
            lock.unlock();
        }
    }

    /** Sees to it that the worktree is whole: made, made again if it was not finished, repaired. @return whether its files were made now */
    boolean prepare() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var found = worktree.look();
            if (found != Found.COMPLETE) {
                prepare(found == Found.EMPTY);
            }
            return found == Found.EMPTY;
        } finally {
            lock.unlock();
        }
    }

    /** The newest as the log has to tell it; empty if {@code logged} is it. */
    Optional<CheckpointTaken> unlogged(Optional<String> logged) throws InterruptedException {
        var untold = newest().filter(commit -> logged.filter(commit::equals).isEmpty());
        return untold.isEmpty()
                ? Optional.empty()
                : Optional.of(new CheckpointTaken(
                        untold.get(), worktree.changed(logged.orElse(session.baseCommit()), untold.get())));
    }

    /**
     * @param author a person's name, or empty for the agent
     * @return empty if nothing changed
     */
    Optional<CheckpointTaken> take(Optional<String> author, String message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var commit = commit(author, message);
            if (commit.isEmpty()) {
                return Optional.empty();
            }
            bringIn(commit.get());
            return Optional.of(
                    new CheckpointTaken(commit.get().id(), commit.get().files()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param after the checkpoint of what is there now, if anything changed
     * @param previous the commit that has what was there; {@code now}: what is there
     */
    record Edited(Optional<CheckpointTaken> after, String previous, String now) {}

    /** Changes files. */
    interface Work {
        void run() throws InterruptedException;
    }

    /**
     * Does something to the files between two checkpoints, so that it can be undone.
     *
     * @param author a person's name
     * @param what one line: what he does
     * @param before is told the checkpoint of what was there, if it was not taken before, even if the work fails then
     */
    Edited edit(String author, String what, Consumer<CheckpointTaken> before, Work work) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var by = Optional.of(author);
            take(by, "Before: " + what).ifPresent(before);
            var previous = tree();
            work.run();
            var after = take(by, what);
            return new Edited(after, previous, tree());
        } finally {
            lock.unlock();
        }
    }

    /** Makes the files what {@code commit} has; to be done in {@link #edit}. */
    void restore(String commit) throws InterruptedException {
        try {
            worktree.restore(commit);
        } catch (DamagedException damaged) {
            LOG.infof("Repairing the repository of session %s: %s", session.id(), damaged.getMessage());
            prepare(false);
            restoreAgain(commit);
        }
    }

    List<ChangedFile> changed(Edited edited) throws InterruptedException {
        return worktree.changed(edited.previous(), edited.now());
    }

    private void restoreAgain(String commit) throws InterruptedException {
        try {
            worktree.restore(commit);
        } catch (DamagedException again) {
            throw unrepaired(again);
        }
    }

    private static SandboxException unrepaired(DamagedException again) {
        return new SandboxException("The worktree's repository is damaged and could not be repaired.", again);
    }

    private Optional<Commit> commit(Optional<String> author, String message) throws InterruptedException {
        try {
            return worktree.commit(tree(), userHead(), author, message);
        } catch (DamagedException damaged) {
            LOG.infof("Repairing the repository of session %s: %s", session.id(), damaged.getMessage());
            prepare(false);
        }
        try {
            return worktree.commit(tree(), userHead(), author, message);
        } catch (DamagedException again) {
            throw unrepaired(again);
        }
    }

    private void bringIn(Commit commit) {
        try (var pack = worktree.pack(commit)) {
            boolean moved = packs.receive(session.project(), pack, session.checkpointRef(), newest, commit.id());
            if (!moved) {
                newest = refs.resolve(session.project(), session.checkpointRef());
                if (!newest.equals(Optional.of(commit.id()))) {
                    throw new SandboxException("Somebody else moved the session's checkpoints; trying again.");
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        newest = Optional.of(commit.id());
        if (!commit.head().equals(userHead()) || head.isEmpty()) {
            move(session.branch(), commit.head());
            move(headRef(session), commit.head()); // last: while it is behind, the next checkpoint does both again
            head = Optional.of(commit.head());
        }
        if (commit.leftOut() > 0) {
            LOG.warnf("Session %s: %d files of 100 MB or more are in no checkpoint", session.id(), commit.leftOut());
        }
    }

    /** Nobody else moves these; a crash in between is mended by the next move. */
    private void move(String ref, String commit) {
        UUID project = session.project();
        var now = refs.resolve(project, ref);
        if (now.isEmpty()) {
            refs.create(project, ref, commit);
        } else if (!now.get().equals(commit) && !refs.update(project, ref, now.get(), commit)) {
            LOG.warnf("%s was moved by somebody else", ref);
        }
    }

    private void prepare(boolean fresh) throws InterruptedException {
        var branch = session.branch().substring("refs/heads/".length());
        worktree.prepare(
                fresh,
                branch,
                userHead(),
                tree(),
                SessionOrigin.address(session.project()),
                pack -> packs.send(session.project(), List.of(tree(), userHead()), List.of(), pack));
    }

    /** The newest checkpoint, or where the session began. */
    String tree() {
        return newest.orElse(session.baseCommit());
    }

    private String userHead() {
        return head.orElse(session.baseCommit());
    }
}
