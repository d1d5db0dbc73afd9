package dev.cleanroom.workspace;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Refs.Claim;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.LeftOut;
import dev.cleanroom.workspace.ChangeSignal.Changes;
import dev.cleanroom.workspace.Worktree.Commit;
import dev.cleanroom.workspace.Worktree.DamagedException;
import dev.cleanroom.workspace.Worktree.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One session's line of checkpoints, from its worktree into the project's repository. Each is a commit on the one before;
 * commits that the user made travel as a second parent. Three refs follow: the hidden one that the next checkpoint is
 * chained on, a hidden one for the user's HEAD, and the session's branch, which shows what was committed: that HEAD. The
 * first is claimed: another server that looks after the session since then ends this line. It may be ahead of the log, which
 * is told of some checkpoints only.
 */
final class Checkpoints {
    private static final Logger LOG = Logger.getLogger(Checkpoints.class);
    private static final String SEQUENCE = "Cleanroom-Sequence: ";

    /** What a checkpoint says of itself. @param author a person's name, or empty for the agent */
    record Label(Optional<String> author, String message) {}

    /** @param people who saved through us since the last one */
    interface Labelling {
        Label of(Set<Actor> people);
    }

    private final Session session;
    private final Worktree worktree;
    private final Packs packs;
    private final Refs refs;
    private final SealedFiles sealed;
    private final ChangeSignal changes;
    private final LongSupplier sequence; // of the session's newest event
    private final Claim claim;
    private final ReentrantLock lock =
            new ReentrantLock(); // one commit at a time; all below is read and written under it
    private Optional<String> newest;
    private Optional<String> head;
    private Optional<String> logged;
    private Optional<Commit> made = Optional.empty(); // the newest, if it was made here
    private List<LeftOut> leftOut = List.of();

    /** Takes the session's line over from whoever had it. */
    Checkpoints(
            Session session,
            Worktree worktree,
            SealedFiles sealed,
            Packs packs,
            Refs refs,
            ChangeSignal changes,
            LongSupplier sequence) {
        this.session = session;
        this.worktree = worktree;
        this.sealed = sealed;
        this.packs = packs;
        this.refs = refs;
        this.changes = changes;
        this.sequence = sequence;
        this.claim = refs.claim(session.project(), session.checkpointRef());
        this.newest = refs.resolve(session.project(), session.checkpointRef());
        this.head = refs.resolve(session.project(), headRef(session));
        this.logged = Optional.ofNullable(session.checkpoint());
        newest.ifPresent(sealed::goOnFrom);
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

    /** Whether something may have changed that nobody tells. */
    boolean haveUnwatchedFiles() {
        return sealed.areWanted();
    }

    /** Where changes are told. */
    ChangeSignal changes() {
        return changes;
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

    /** Takes one, if anything changed. The log is told later. @return whether one was taken */
    boolean take(Labelling label) throws InterruptedException {
        return alone(() -> take(sequence.getAsLong(), changes.take(), label));
    }

    /** Takes one, if anything changed, and tells the log. @return what the log was told: all since it was told last */
    Optional<CheckpointTaken> takeForLog(Labelling label, Consumer<CheckpointTaken> log) throws InterruptedException {
        return alone(() -> {
            take(sequence.getAsLong(), changes.take(), label);
            return tell(log);
        });
    }

    /** The same, but without a look at the worktree if nobody saw a change in it. */
    Optional<CheckpointTaken> takeSeenForLog(Labelling label, Consumer<CheckpointTaken> log)
            throws InterruptedException {
        return alone(() -> {
            long knownTo = sequence.getAsLong();
            var seen = changes.take();
            if (!seen.isEmpty()) {
                take(knownTo, seen, label);
            }
            return tell(log);
        });
    }

    /** Tells the log all since it was told last, unless it has the newest. What it refused it is told the next time. */
    Optional<CheckpointTaken> tell(Consumer<CheckpointTaken> log) throws InterruptedException {
        return alone(() -> {
            if (newest.equals(logged)) {
                return Optional.empty();
            }
            var before = logged.orElse(session.baseCommit());
            var files = made.filter(commit -> commit.previous().equals(before)).isPresent()
                    ? made.get().files()
                    : worktree.changed(before, tree());
            var taken = new CheckpointTaken(tree(), files, leftOut.isEmpty() ? null : leftOut);
            log.accept(taken);
            logged = newest;
            return Optional.of(taken);
        });
    }

    private <T> T alone(Step<T> step) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    private interface Step<T> {
        T run() throws InterruptedException;
    }

    /** @param knownTo of the newest event before {@code seen} was taken */
    private boolean take(long knownTo, Changes seen, Labelling label) throws InterruptedException {
        try {
            var said = label.of(seen.people());
            var message = said.message() + "\n\n" + SEQUENCE + knownTo;
            var ignored = sealed.take();
            var commit = commit(said.author(), message, ignored.set(), seen.paths());
            if (commit.isPresent()) {
                bringIn(commit.get());
                leftOut = Stream.concat(commit.get().leftOut().stream(), ignored.leftOut().stream())
                        .toList();
            }
            return commit.isPresent();
        } catch (RuntimeException | InterruptedException failed) {
            changes.again(seen);
            throw failed;
        }
    }

    /** Of the newest event when a checkpoint began, from its message: what calls did until then is in it. */
    static Optional<Long> sequence(String message) {
        return Pattern.compile("(?m)^" + SEQUENCE + "(\\d{1,18})$")
                .matcher(message)
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .reduce((first, last) -> last);
    }

    /** @param previous the commit that has what was there; {@code now}: what is there */
    record Edited(String previous, String now) {}

    /** Changes files. */
    interface Work {
        void run() throws InterruptedException;
    }

    /**
     * Does something to the files between two checkpoints, so that it can be undone.
     *
     * @param others of what was there, if it was not taken before: not his who edits
     * @param toldOthers is told the checkpoint of that, even if the work fails then
     * @param edit of what is there afterwards; {@code told} is told its checkpoint
     */
    Edited edit(
            Labelling others,
            Consumer<CheckpointTaken> toldOthers,
            Label edit,
            Consumer<CheckpointTaken> told,
            Work work)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            takeForLog(others, toldOthers);
            var previous = tree();
            work.run();
            takeForLog(people -> edit, told);
            return new Edited(previous, tree());
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
        sealed.restore(commit);
        changes.changedAnywhere();
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

    private Optional<Commit> commit(
            Optional<String> author, String message, Optional<UUID> kept, Optional<Set<String>> paths)
            throws InterruptedException {
        try {
            return worktree.commit(tree(), userHead(), author, message, kept, paths);
        } catch (DamagedException damaged) {
            LOG.infof("Repairing the repository of session %s: %s", session.id(), damaged.getMessage());
            prepare(false);
        }
        try {
            return worktree.commit(tree(), userHead(), author, message, kept, Optional.empty());
        } catch (DamagedException again) {
            throw unrepaired(again);
        }
    }

    private void bringIn(Commit commit) {
        try (var pack = worktree.pack(commit)) {
            if (!packs.receive(session.project(), pack, claim, newest, commit.id())) {
                newest = refs.resolve(session.project(), claim.ref()); // an answer that was lost is the one good reason
                if (!newest.equals(Optional.of(commit.id()))) {
                    throw new SandboxException(claim.ref() + " was moved without a claim; trying again.");
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        newest = Optional.of(commit.id());
        made = Optional.of(commit);
        if (!commit.head().equals(userHead()) || head.isEmpty()) {
            move(session.branch(), commit.head());
            move(headRef(session), commit.head()); // last: while it is behind, the next checkpoint does both again
            head = Optional.of(commit.head());
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
        if (fresh && newest.isPresent()) {
            sealed.restore(newest.get());
        }
    }

    /** The newest checkpoint, or where the session began. */
    String tree() {
        return newest.orElse(session.baseCommit());
    }

    private String userHead() {
        return head.orElse(session.baseCommit());
    }
}
