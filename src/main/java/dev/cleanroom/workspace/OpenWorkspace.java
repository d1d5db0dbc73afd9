package dev.cleanroom.workspace;

import dev.cleanroom.git.Refs.ClaimLost;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.workspace.Checkpoints.Edited;
import dev.cleanroom.workspace.Checkpoints.Label;
import dev.cleanroom.workspace.Checkpoints.Work;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * A workspace in one running sandbox, until that is lost. Every checkpoint runs on a thread of its own, so that an
 * interrupt of who asked for it breaks nothing, and it is logged there.
 */
final class OpenWorkspace implements Workspace, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OpenWorkspace.class);
    private static final Duration CHECKPOINT_LIMIT =
            Duration.ofMinutes(6); // the scan's 5 and the way into the database
    private static final Duration GIVEN_UP =
            Duration.ofMinutes(2); // a runner dials again within one, or its sandbox is gone
    private static final Duration TELL =
            Duration.ofMinutes(5); // a line in the log for each save would hide the agent's
    private static final Duration SCAN = Duration.ofMinutes(5); // for what is not seen: writes through a map, a HEAD
    private static final Duration UNWATCHED = Duration.ofSeconds(2); // what may be lost at most
    private static final String SOMEBODY = "Somebody"; // a command in a terminal
    private static final Duration PAUSE = Duration.ofSeconds(2); // after a failure: what is lost at most, again

    private final UUID session;
    private final Sandbox sandbox;
    private final Checkpoints checkpoints;
    private final SessionLog log;
    private final SessionBroadcast broadcast;
    private final BooleanSupplier runs;
    private final ChangeSignal changes;
    private final TreeWatch watch;
    private final Thread committer;
    private final Set<Actor> savers = ConcurrentHashMap.newKeySet(); // since the log was told last
    private volatile boolean closed;
    private volatile long usedAt = System.nanoTime();

    /** @param changes what {@code checkpoints} takes */
    OpenWorkspace(
            UUID session,
            Sandbox sandbox,
            Checkpoints checkpoints,
            ChangeSignal changes,
            SessionLog log,
            SessionBroadcast broadcast,
            BooleanSupplier runs) {
        this.session = session;
        this.sandbox = sandbox;
        this.checkpoints = checkpoints;
        this.changes = changes;
        this.log = log;
        this.broadcast = broadcast;
        this.runs = runs;
        this.watch = new TreeWatch(session, sandbox, broadcast, changes);
        this.committer = Thread.ofVirtual().name("checkpoints-" + session).unstarted(this::commitChanges);
    }

    void start() {
        changes.changedAnywhere(); // what changed while nobody looked
        watch.start();
        committer.start();
        sandbox.onPorts(ports -> broadcast.ports(session, PortsResource.told(ports)));
    }

    /** Somebody needs it now. */
    void used() {
        usedAt = System.nanoTime();
    }

    Duration unusedFor() {
        return Duration.ofNanos(System.nanoTime() - usedAt);
    }

    @Override
    public UUID session() {
        return session;
    }

    @Override
    public Sandbox sandbox() {
        return sandbox;
    }

    @Override
    public Optional<CheckpointTaken> checkpoint(String message) throws InterruptedException {
        return apart(() -> {
            savers.clear(); // what they did meanwhile is told with it
            return checkpoints.takeForLog(
                    people -> new Label(Optional.empty(), message), taken -> append(Actor.AGENT, taken));
        });
    }

    @Override
    public void checkpointPeople() throws InterruptedException {
        apart(() -> checkpoints.takeSeenForLog(this::byPeople, this::appendPeoples));
    }

    /** Takes one, if anything changed, and appends it to the log. @return the newest commit, or empty before the first */
    Optional<String> checkpointAndLog() throws InterruptedException {
        apart(() -> checkpoints.takeForLog(this::byPeople, this::appendPeoples));
        return checkpoints.newest();
    }

    /** Takes one, if anything changed, of which the log is told later. @return the newest commit, or empty before the first */
    Optional<String> checkpointQuietly() throws InterruptedException {
        apart(() -> {
            if (checkpoints.take(this::byPeople)) {
                broadcast.filesChanged(session, List.of(), false); // what is not committed is known anew
            }
            return Optional.empty();
        });
        return checkpoints.newest();
    }

    private Label byPeople(Set<Actor> people) {
        savers.addAll(people);
        var actor = one(people);
        return actor.name() == null
                ? new Label(Optional.of(SOMEBODY), "Changes in the worktree")
                : new Label(Optional.of(actor.name()), "Saved by " + actor.name());
    }

    private static Actor one(Set<Actor> people) {
        return people.size() == 1 ? people.iterator().next() : Actor.together(people);
    }

    private void appendPeoples(CheckpointTaken taken) {
        var people = Set.copyOf(savers);
        append(one(people), taken);
        savers.removeAll(people);
    }

    /** @param sequence of the {@code rewound} event */
    record Restored(Edited edited, long sequence) {}

    /**
     * Appends {@code rewound} and sets the files back to a commit, with the checkpoints around it. Should the server die in
     * between, whoever opens the workspace next finishes it ({@link #finish}).
     *
     * @param event by the commit that has what was there
     */
    Restored restore(Actor person, Function<String, Rewound> event, String commit) throws InterruptedException {
        var logged = new AtomicLong();
        var edited = edit(person, "Restored by " + person.name(), () -> {
            var rewound = event.apply(checkpoints.tree());
            logged.set(log.append(session, person, List.of(Entry.of(rewound)))
                    .getFirst()
                    .sequence());
            checkpoints.restore(commit);
        });
        return new Restored(edited, logged.get());
    }

    /**
     * A rewind that the log tells and whose files are not set back: a server has died in between.
     *
     * @param tree the newest checkpoint
     * @param differs whether two commits have different files: a rewind that changes none has no checkpoint after it
     */
    static Optional<Logged> unfinished(List<Logged> history, String tree, BiPredicate<String, String> differs) {
        return history.reversed().stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken
                        || logged.event() instanceof Rewound rewound && rewound.commit() != null)
                .findFirst()
                .filter(logged -> logged.event() instanceof Rewound rewound
                        && rewound.previous().equals(tree)
                        && differs.test(rewound.commit(), tree));
    }

    void finish(Logged rewind) throws InterruptedException {
        LOG.infof("Session %s: finishing the rewind of event %d", session, rewind.sequence());
        var commit = ((Rewound) rewind.event()).commit();
        edit(rewind.actor(), "Restored by " + rewind.actor().name(), () -> restore(commit));
    }

    /** What became of each file in between. */
    List<ChangedFile> changed(Edited edited) throws InterruptedException {
        return checkpoints.changed(edited);
    }

    /** Changes files in a person's name, with the checkpoints around it. @param what one line */
    Edited edit(Actor person, String what, Work work) throws InterruptedException {
        try {
            return checkpoints.edit(
                    this::byPeople,
                    this::appendPeoples,
                    new Label(Optional.of(person.name()), what),
                    taken -> append(person, taken),
                    work);
        } catch (RuntimeException | InterruptedException failed) {
            changes.changedAnywhere(); // what it did
            if (failed instanceof RuntimeException known) {
                throw closedIfLost(known);
            }
            throw failed;
        }
    }

    /** What the patch of an edit's undo needs. */
    Worktree worktree() {
        return checkpoints.worktree();
    }

    /** Makes the files what a commit has; to be done in {@link #edit}. */
    void restore(String commit) throws InterruptedException {
        checkpoints.restore(commit);
    }

    /** A person saved something through us. */
    void savedBy(Actor person) {
        changes.savedBy(person);
    }

    /** A checkpoint of all there is is due. */
    void lookAgain() {
        changes.changedAnywhere();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        committer.interrupt();
        sandbox.onPorts(ports -> {});
        broadcast.ports(session, List.of());
    }

    /** This workspace is another server's from then on. */
    private RuntimeException closedIfLost(RuntimeException failed) {
        if (failed instanceof ClaimLost) {
            close();
            return new SandboxException("Another server looks after this session's files now. Reload and try again.");
        }
        return failed;
    }

    private interface Taking {
        Optional<CheckpointTaken> run() throws InterruptedException;
    }

    /** On a thread of its own, which goes on whoever waits. */
    private Optional<CheckpointTaken> apart(Taking taking) throws InterruptedException {
        var result = new CompletableFuture<Optional<CheckpointTaken>>();
        Thread.ofVirtual().name("checkpoint-" + session).start(() -> {
            try {
                result.complete(taking.run());
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            }
        });
        try {
            return result.get(CHECKPOINT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw asSandboxProblem(failed.getCause());
        } catch (TimeoutException gone) {
            throw new SandboxException("A checkpoint took longer than " + CHECKPOINT_LIMIT.toMinutes() + " minutes.");
        }
    }

    private void append(Actor actor, CheckpointTaken taken) {
        try {
            log.append(session, actor, List.of(Entry.once(taken, taken.commit())));
        } catch (AlreadyLogged known) {
            LOG.debugf("checkpoint %s was logged before", taken.commit());
        }
    }

    private void commitChanges() {
        long failingSince = 0; // of System.nanoTime; 0: the last one was taken
        long toldAt = System.nanoTime();
        long scannedAt = toldAt;
        boolean unwatched = false;
        try {
            while (!closed) {
                long latest = Math.min(toldAt + TELL.toNanos(), scannedAt + SCAN.toNanos());
                changes.await(unwatched ? Math.min(latest, System.nanoTime() + UNWATCHED.toNanos()) : latest);
                try {
                    if (isOver(SCAN, scannedAt)) {
                        changes.changedAnywhere();
                        scannedAt = System.nanoTime();
                    }
                    if (isOver(TELL, toldAt)) {
                        checkpointAndLog();
                        toldAt = System.nanoTime();
                    } else {
                        checkpointQuietly();
                    }
                    unwatched = checkpoints.haveUnwatchedFiles();
                    failingSince = 0;
                } catch (RuntimeException failed) {
                    if (failingSince == 0) {
                        failingSince = System.nanoTime();
                        LOG.warnf("Session %s: no checkpoint of the newest changes yet: %s", session, failed);
                    }
                    if (!runs.getAsBoolean() && isOver(GIVEN_UP, failingSince)) {
                        close();
                    }
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
            }
        } catch (InterruptedException stopped) {
            // closed: whoever opens the next one looks for what is left
        }
    }

    private static boolean isOver(Duration time, long since) {
        return System.nanoTime() - since >= time.toNanos();
    }

    private RuntimeException asSandboxProblem(Throwable cause) {
        return cause instanceof RuntimeException known && !(cause instanceof UncheckedIOException)
                ? closedIfLost(known)
                : new SandboxException("The checkpoint failed: " + cause.getMessage(), cause);
    }
}
