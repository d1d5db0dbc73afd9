package dev.cleanroom.workspace;

import dev.cleanroom.git.History;
import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.project.KeptFiles;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.sandbox.Sandboxes.SandboxLost;
import dev.cleanroom.sandbox.Sandboxes.SandboxStarted;
import dev.cleanroom.session.PromptBegun;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Opens each session's workspace once, on a thread of its own: who comes meanwhile joins, and who is interrupted harms nobody. */
@ApplicationScoped
class SessionWorkspaces implements Workspaces {
    private static final Logger LOG = Logger.getLogger(SessionWorkspaces.class);
    private static final Duration OPEN_LIMIT =
            Duration.ofMinutes(12); // a checkout may take 10, a cold sandbox some seconds

    private static final int AT_ONCE = 2
            * Runtime.getRuntime().availableProcessors(); // a start is work for the processors: more at once are slower
    private static final Duration PATIENCE =
            Duration.ofMinutes(2); // for a place among those: large checkouts keep theirs for minutes

    private static final Duration LOST_AGAIN =
            Duration.ofMinutes(1); // until a sandbox that does not last is tried again
    private static final Duration STOP_GRACE = Duration.ofSeconds(5); // for what runs to end by itself

    /** It was about to be stopped when somebody asked for it. */
    private static final class StoppedException extends RuntimeException {}

    private final Sandboxes sandboxes;
    private final SessionStore sessions;
    private final SessionLog log;
    private final SessionBroadcast broadcast;
    private final Packs packs;
    private final Refs refs;
    private final History history;
    private final KeptFiles kept;
    private final SealedStore sealed;
    private final Map<UUID, CompletableFuture<OpenWorkspace>> open = new ConcurrentHashMap<>();
    private final Map<UUID, Long> rebuilt =
            new ConcurrentHashMap<>(); // when last, System.nanoTime(); one entry a session with a loss
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    SessionWorkspaces(
            Sandboxes sandboxes,
            SessionStore sessions,
            SessionLog log,
            SessionBroadcast broadcast,
            Packs packs,
            Refs refs,
            History history,
            KeptFiles kept,
            SealedStore sealed) {
        this.sandboxes = sandboxes;
        this.sessions = sessions;
        this.log = log;
        this.broadcast = broadcast;
        this.packs = packs;
        this.refs = refs;
        this.history = history;
        this.kept = kept;
        this.sealed = sealed;
    }

    @Override
    public OpenWorkspace open(UUID session) throws InterruptedException {
        var opening = open.compute(session, (id, known) -> known != null && usable(known) ? known : begin(id, known));
        try {
            var workspace = opening.get(OPEN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            workspace.used();
            return workspace;
        } catch (TimeoutException tooLong) {
            throw new SandboxException(
                    "The workspace is not ready after " + OPEN_LIMIT.toMinutes() + " minutes; try again.");
        } catch (ExecutionException failed) {
            open.remove(session, opening);
            if (failed.getCause() instanceof StoppedException) {
                return open(session);
            }
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new SandboxException("The workspace could not be opened.", failed.getCause());
        }
    }

    @Override
    public Optional<Workspace> running(UUID session) {
        return made(open.get(session)).filter(this::runs).map(workspace -> workspace);
    }

    /**
     * The workspace if its files may be ahead of its newest checkpoint: its sandbox runs, also since an earlier server, or was
     * lost. Starts none that was stopped.
     */
    Optional<OpenWorkspace> openIfAhead(UUID session) throws InterruptedException {
        return sandboxes.takeOver(session).isPresent() || sandboxes.wasLost(session)
                ? Optional.of(open(session))
                : Optional.empty();
    }

    @Override
    public void warm(UUID session) {
        Thread.ofVirtual().name("warm-" + session).start(() -> {
            try {
                open(session);
            } catch (InterruptedException | RuntimeException failed) {
                LOG.warnf("The workspace of session %s could not be warmed: %s", session, failed.getMessage());
            }
        });
    }

    void warmed(@ObservesAsync PromptBegun begun) {
        warm(begun.session());
    }

    /** Also one that ran on while the server was away: what its commands change is looked after at once. */
    void started(@ObservesAsync SandboxStarted started) {
        if (sandboxes.running(started.session()).isPresent()
                && sessions.find(started.session()).isPresent()) {
            warm(started.session());
        }
    }

    void lost(@ObservesAsync SandboxLost lost) {
        var story = new SandboxStory(log, lost.session());
        story.lost(lost.epoch());
        var known = open.get(lost.session());
        made(known).ifPresent(workspace -> {
            if (!workspace.sandbox().epoch().equals(lost.epoch())) {
                story.opened(false, Optional.empty(), ""); // the next one was there before this news
            } else if (open.remove(lost.session(), known)) {
                workspace.close();
            }
        });
        Thread.ofVirtual().name("rebuild-" + lost.session()).start(() -> rebuild(lost.session()));
    }

    /** Whoever needs a lost sandbox has it again without doing anything. */
    private void rebuild(UUID session) {
        try {
            var pause = pauseBeforeRebuild(session);
            while (true) {
                Thread.sleep(pause);
                try {
                    if (isNeeded(session)) {
                        open(session);
                    }
                    return;
                } catch (RuntimeException failed) { // such as a database that is away
                    LOG.warnf("The sandbox of session %s is not back yet: %s", session, failed.getMessage());
                    pause = LOST_AGAIN;
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody knows this thread
        }
    }

    /** None, but for one that does not last. */
    private Duration pauseBeforeRebuild(UUID session) {
        long now = System.nanoTime();
        var last = rebuilt.put(session, now);
        return last == null || now - last > LOST_AGAIN.toNanos() ? Duration.ZERO : LOST_AGAIN;
    }

    /** Somebody looks at the session, or a turn runs or waits in it. */
    private boolean isNeeded(UUID session) {
        return sessions.find(session)
                .filter(found -> found.status() != Session.Status.idle || broadcast.isWatched(session))
                .isPresent();
    }

    void keptFilesChanged(@ObservesAsync KeptFiles.Changed changed) {
        opened().forEach(workspace -> {
            if (sessions.find(workspace.session())
                    .filter(session -> session.project().equals(changed.project()))
                    .isPresent()) {
                workspace.lookAgain();
            }
        });
    }

    /** Those that are open now. */
    List<OpenWorkspace> opened() {
        return open.values().stream()
                .flatMap(known -> made(known).stream())
                .filter(workspace -> !workspace.isClosed())
                .toList();
    }

    /**
     * Takes a checkpoint and stops the sandbox, if nobody has used the workspace meanwhile. Who comes while it stops waits,
     * and gets it started again.
     */
    void stop(OpenWorkspace workspace, Duration unused) throws InterruptedException {
        workspace.lookAgain(); // also at what nobody saw change
        workspace.checkpointAndLog();
        var session = workspace.session();
        var known = open.get(session);
        var stopping = new CompletableFuture<OpenWorkspace>();
        if (made(known).filter(workspace::equals).isEmpty()
                || workspace.unusedFor().compareTo(unused) < 0
                || !open.replace(session, known, stopping)) {
            return;
        }
        try {
            workspace.close();
            sandboxes.stop(session, STOP_GRACE);
            LOG.infof("The sandbox of session %s was stopped: nobody needed it", session);
        } finally {
            open.remove(session, stopping);
            stopping.completeExceptionally(new StoppedException());
        }
    }

    /** Stops the session's sandbox; its files stay. Who comes meanwhile waits, and gets it started again. */
    void stop(UUID session) throws InterruptedException {
        end(session, false, () -> sandboxes.stop(session, STOP_GRACE));
    }

    /**
     * Ends the session's sandbox with its files; the next one is made from the newest checkpoint, by that engine. What no
     * checkpoint holds, such as ignored files, is gone. Who comes meanwhile waits for it.
     *
     * @throws SandboxException if the newest changes cannot be saved, or the engine cannot be used
     */
    void rebuild(Session session, String engine) throws InterruptedException {
        end(
                session.id(),
                true,
                () -> sandboxes.move(new Sandboxes.Spec(session.id(), session.owner(), session.project()), engine));
    }

    private interface Ending {
        void run() throws InterruptedException;
    }

    private void end(UUID session, boolean withFiles, Ending ending) throws InterruptedException {
        saveNewest(session, withFiles);
        var stopping = new CompletableFuture<OpenWorkspace>();
        var known = open.put(session, stopping);
        if (known != null) {
            known.thenAccept(OpenWorkspace::close);
        }
        try {
            ending.run();
        } finally {
            open.remove(session, stopping);
            stopping.completeExceptionally(new StoppedException());
        }
    }

    private void saveNewest(UUID session, boolean withFiles) throws InterruptedException {
        try {
            var workspace = openIfAhead(session);
            if (workspace.isPresent()) {
                if (withFiles) {
                    workspace.get().sandbox().killAll(); // no command writes after the checkpoint
                }
                workspace.get().lookAgain(); // also at what nobody saw change
                workspace.get().checkpointAndLog();
            }
        } catch (SandboxException unsaved) {
            if (withFiles && sandboxes.running(session).isPresent()) {
                throw unsaved;
            }
            LOG.warnf("The newest changes of session %s are not in a checkpoint: %s", session, unsaved.getMessage());
        }
    }

    @PreDestroy
    void closeAll() {
        open.values().forEach(known -> made(known).ifPresent(OpenWorkspace::close));
    }

    private static Optional<OpenWorkspace> made(CompletableFuture<OpenWorkspace> known) {
        return known != null && known.state() == CompletableFuture.State.SUCCESS
                ? Optional.of(known.resultNow())
                : Optional.empty();
    }

    /** Still being opened, or its sandbox still runs as it was. */
    private boolean usable(CompletableFuture<OpenWorkspace> known) {
        return !known.isDone() || made(known).filter(this::runs).isPresent();
    }

    private boolean runs(OpenWorkspace workspace) {
        return !workspace.isClosed() && runs(workspace.session(), workspace.sandbox());
    }

    private boolean runs(UUID session, Sandbox sandbox) {
        return sandboxes.running(session).filter(running -> running == sandbox).isPresent();
    }

    private CompletableFuture<OpenWorkspace> begin(UUID id, CompletableFuture<OpenWorkspace> old) {
        var opening = new CompletableFuture<OpenWorkspace>();
        Thread.ofVirtual().name("open-" + id).start(() -> {
            try {
                opening.complete(inTurn(id, Optional.ofNullable(old).flatMap(SessionWorkspaces::made)));
            } catch (Throwable failed) {
                opening.completeExceptionally(failed);
            }
        });
        return opening;
    }

    private OpenWorkspace inTurn(UUID id, Optional<OpenWorkspace> old) throws InterruptedException {
        boolean hasPlace = places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return make(id, old);
        } finally {
            if (hasPlace) {
                places.release();
            }
        }
    }

    /** @param old one that could not be reached for a moment, or whose sandbox is gone */
    private OpenWorkspace make(UUID id, Optional<OpenWorkspace> old) throws InterruptedException {
        Session session = sessions.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemException.Kind.NOT_FOUND, "session.not-found", "This session does not exist."));
        var sandbox = sandboxes.start(new Sandboxes.Spec(id, session.owner(), session.project()));
        if (old.filter(known -> known.sandbox() == sandbox && !known.isClosed()).isPresent()) {
            return old.get();
        }
        old.ifPresent(OpenWorkspace::close);
        var changes = new ChangeSignal();
        var checkpoints = new Checkpoints(
                session,
                new Worktree(sandbox),
                new SealedFiles(session, sandbox, history, () -> kept.patterns(session.project()), sealed),
                packs,
                refs,
                changes,
                () -> sessions.find(id).map(Session::sequence).orElse(0L));
        boolean made = checkpoints.prepare();
        var merging = refs.resolve(session.project(), Checkpoints.mergeRef(session));
        if (made && merging.isPresent()) {
            new WorktreeMerge(sandbox)
                    .resume(
                            refs.defaultBranch(session.project()),
                            merging.get(),
                            pack -> packs.send(
                                    session.project(), List.of(merging.get()), List.of(session.baseCommit()), pack));
        }
        var story = new SandboxStory(log, id);
        var unfinished = OpenWorkspace.unfinished(
                log.read(id), checkpoints.tree(), (one, other) -> history.differ(session.project(), one, other));
        checkpoints.tell(story::caughtUp);
        story.opened(made, checkpoints.newest().map(commit -> checkpoint(session, commit)), session.baseCommit());
        var workspace = new OpenWorkspace(id, sandbox, checkpoints, changes, log, broadcast, () -> runs(id, sandbox));
        if (unfinished.isPresent()) {
            workspace.finish(unfinished.get());
        }
        workspace.start();
        return workspace;
    }

    private SandboxStory.Checkpoint checkpoint(Session session, String commit) {
        var note = history.note(session.project(), commit);
        return new SandboxStory.Checkpoint(commit, Checkpoints.sequence(note.message()), note.at());
    }
}
