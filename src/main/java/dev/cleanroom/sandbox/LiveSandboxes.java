package dev.cleanroom.sandbox;

import dev.cleanroom.project.ProjectDeleted;
import dev.cleanroom.sandbox.SandboxStore.Intent;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Starts, keeps and ends sandboxes: the intent goes to the database first, then the engine acts, and what a crash left
 * between the two is repaired when it is next looked at. At its own start it takes over the sandboxes that still run.
 */
@ApplicationScoped
class LiveSandboxes implements Sandboxes {
    private static final Logger LOG = Logger.getLogger(LiveSandboxes.class);
    private static final Duration REDIAL = Duration.ofSeconds(15); // a runner calls several times a second
    private static final Duration LOOK = Duration.ofMillis(20); // between two looks at the processes of a lost runner
    private static final Duration SETTLED =
            Duration.ofSeconds(1); // the first look walks all of /usr: the server is ready first
    private static final Duration ROUND = Duration.ofSeconds(60); // between two comparisons of database and engine
    private static final Duration ORPHAN_GRACE = Duration.ofMinutes(10); // a start of another server may be on its way

    /** One session's place; its lock orders starts and stops. */
    private static final class Place {
        final ReentrantLock lock = new ReentrantLock();
        volatile LiveSandbox live;
        volatile boolean starting;
    }

    private final Engines engines;
    private final SandboxStore store;
    private final StreamOpened streams;
    private final Duration startTimeout;
    private final Event<SandboxStarted> started;
    private final Event<SandboxLost> lost;
    private final Map<UUID, Place> places = new ConcurrentHashMap<>();
    private final Map<UUID, Long> orphans = new ConcurrentHashMap<>(); // since when, System.nanoTime()
    private Thread rounds;

    @Inject
    LiveSandboxes(
            Engines engines,
            SandboxStore store,
            @All List<StreamOpened> streams,
            SandboxConfig config,
            Event<SandboxStarted> started,
            Event<SandboxLost> lost) {
        this.engines = engines;
        this.store = store;
        this.streams = new StreamOpened() {
            @Override
            public void opened(UUID session, String kind, String target, Duplex stream)
                    throws IOException, InterruptedException {
                for (var taker : streams) { // each returns at once unless the kind is its own
                    taker.opened(session, kind, target, stream);
                }
            }

            @Override
            public void ended(UUID session) {
                streams.forEach(taker -> taker.ended(session));
            }
        };
        this.startTimeout = config.startTimeout();
        this.started = started;
        this.lost = lost;
    }

    void begin(@Observes StartupEvent event) {
        rounds = Thread.ofVirtual().name("sandbox-rounds").start(this::goRound);
    }

    void end(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.interrupt();
        }
        letGo();
    }

    /** In the deleting transaction: what is noted here is done after it, if need be by the next server. */
    void forget(@Observes ProjectDeleted deleted) {
        store.destroyAllOf(deleted.project());
    }

    void destroyAllOf(@Observes(during = TransactionPhase.AFTER_SUCCESS) ProjectDeleted deleted) {
        Thread.ofVirtual().name("sandboxes-of-" + deleted.project()).start(() -> {
            try {
                destroyUnwanted();
            } catch (InterruptedException stopped) {
                // the next round goes on
            } catch (RuntimeException unfinished) {
                LOG.warnf("The next round ends sandboxes of a deleted project: %s", unfinished.getMessage());
            }
        });
    }

    private void destroyUnwanted() throws InterruptedException {
        for (var row : store.withIntent(Intent.DESTROYING)) {
            try {
                var session = row.box().session();
                destroyIfUnwanted(session);
                if (store.find(session).isEmpty()) {
                    places.remove(session);
                    streams.ended(session);
                }
            } catch (SandboxException undeleted) {
                LOG.warnf(
                        "Sandbox %s: %s; the next round tries again", row.box().session(), undeleted.getMessage());
            }
        }
        for (var slot : store.slotsOfDeletedProjects()) {
            try {
                for (var engine : engines.all()) { // each has its own
                    engine.deleteCaches(slot);
                }
                store.freeSlot(slot);
            } catch (SandboxException undeleted) {
                LOG.warnf("Caches of project %s: %s", slot.project(), undeleted.getMessage());
            }
        }
    }

    /** Leaves the sandboxes running for the next server. */
    void letGo() {
        for (var place : places.values()) {
            var live = place.live;
            place.live = null;
            if (live != null) {
                live.close();
            }
        }
    }

    @Override
    public Sandbox start(Spec spec) throws InterruptedException {
        var place = place(spec.session());
        place.lock.lockInterruptibly();
        place.starting = true;
        try {
            if (place.live == null) {
                adopt(place, spec.session());
            }
            if (place.live != null && place.live.engine().isAlive(spec.session()) && place.live.await(REDIAL)) {
                return place.live.runner();
            }
            declareLost(place);
            destroyIfUnwanted(spec.session()); // a restore leaves none of the worktrees that were there before it
            return startAnew(place, spec);
        } finally {
            place.starting = false;
            place.lock.unlock();
        }
    }

    /** Takes over a sandbox of an earlier server, if it still runs. */
    private void adopt(Place place, UUID session) throws InterruptedException {
        var row = store.find(session).filter(found -> found.intent() != Intent.DESTROYING);
        if (row.isEmpty()) {
            return;
        }
        var engine = engines.named(row.get().engine());
        if (!engine.isAlive(session)) {
            row.filter(found -> found.intent() == Intent.RUNNING).ifPresent(this::noteLost);
            return;
        }
        try {
            var live = new LiveSandbox(engine, store.adopt(session), false, streams, this::connectionLost);
            place.live = live;
            if (live.await(REDIAL)) {
                store.running(session, live.runner().epoch());
                started.fireAsync(new SandboxStarted(session, live.runner().epoch(), false));
            }
        } catch (ClosedByInterruptException stopped) { // the server is stopping: the sandbox is the next one's
            throw new InterruptedException(stopped.getMessage());
        } catch (IOException unusable) {
            LOG.warnf("Sandbox %s cannot be taken over: %s", session, unusable);
            engine.stop(session);
        }
    }

    private Sandbox startAnew(Place place, Spec spec) throws InterruptedException {
        var session = spec.session();
        var engine = engines.named(store.find(session)
                .map(SandboxStore.Row::engine)
                .orElse(engines.preferred().name()));
        var row = store.begin(spec, engine.name());
        LiveSandbox live = null;
        try {
            live = new LiveSandbox(engine, row, true, streams, this::connectionLost);
            boolean fresh = engine.start(row.box());
            if (!live.await(startTimeout)) {
                throw new SandboxException("The sandbox started, but its runner did not answer within "
                        + startTimeout.toSeconds() + " s. "
                        + (live.refusal().isEmpty() ? engine.lastWords(session) : live.refusal()));
            }
            store.running(session, live.runner().epoch());
            place.live = live;
            started.fireAsync(new SandboxStarted(session, live.runner().epoch(), fresh));
            return live.runner();
        } catch (IOException e) {
            throw failed(
                    engine,
                    live,
                    session,
                    new SandboxException("The sandbox cannot be prepared: " + e.getMessage(), e));
        } catch (SandboxException e) {
            throw failed(engine, live, session, e);
        }
    }

    private SandboxException failed(Engine engine, LiveSandbox live, UUID session, SandboxException problem)
            throws InterruptedException {
        if (live != null) {
            live.close(problem.getMessage());
        }
        store.ended(session, Intent.FAILED, Optional.of(problem.getMessage()));
        try {
            engine.stop(session);
        } catch (SandboxException left) { // the next round stops it
            problem.addSuppressed(left);
        }
        return problem;
    }

    /** On the connection's thread: the runner may dial again, or its processes may be gone. */
    private void connectionLost(LiveSandbox live) {
        var session = live.row().box().session();
        Thread.ofVirtual().name("sandbox-lost-" + session).start(() -> {
            try {
                var place = places.get(session);
                long end = System.nanoTime() + REDIAL.toNanos();
                while (place != null && place.live == live && !live.isAttached() && System.nanoTime() < end) {
                    if (!live.engine().isAlive(session)) {
                        declareLostIf(place, live);
                        return;
                    }
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException stopped) {
                // the next round looks again
            } catch (RuntimeException unnoted) {
                LOG.warnf("Sandbox %s is lost, and noted so by the next look: %s", session, unnoted.getMessage());
            }
        });
    }

    private void declareLostIf(Place place, LiveSandbox live) throws InterruptedException {
        place.lock.lockInterruptibly();
        try {
            if (place.live == live && !live.isAttached()) {
                declareLost(place);
            }
        } finally {
            place.lock.unlock();
        }
    }

    /** Ends what is left of a sandbox that does not answer; the place's lock is held. */
    private void declareLost(Place place) throws InterruptedException {
        var live = place.live;
        if (live == null) {
            return;
        }
        place.live = null;
        String last = live.engine().lastWords(live.row().box().session());
        live.close("The sandbox ended unexpectedly" + (last.isEmpty() ? "" : ": " + last));
        live.engine().stop(live.row().box().session());
        store.find(live.row().box().session()).ifPresent(this::noteLost);
    }

    private void noteLost(SandboxStore.Row row) {
        var session = row.box().session();
        LOG.infof("Sandbox %s ended unexpectedly", session);
        store.ended(
                session,
                Intent.FAILED,
                Optional.of("The sandbox ended unexpectedly; it is started again when it is next used"));
        lost.fireAsync(new SandboxLost(session, row.runnerEpoch().orElse("")));
    }

    @Override
    public Optional<Sandbox> running(UUID session) {
        return Optional.ofNullable(places.get(session))
                .map(place -> place.live)
                .filter(LiveSandbox::isAttached)
                .map(LiveSandbox::runner);
    }

    @Override
    public Optional<Sandbox> takeOver(UUID session) throws InterruptedException {
        if (status(session).state() == State.DETACHED) {
            var place = place(session);
            place.lock.lockInterruptibly();
            try {
                if (place.live == null) {
                    adopt(place, session);
                } else {
                    place.live.await(REDIAL);
                }
            } finally {
                place.lock.unlock();
            }
        }
        return running(session);
    }

    @Override
    public boolean wasLost(UUID session) {
        return store.find(session)
                .filter(row ->
                        row.intent() == Intent.FAILED && row.runnerEpoch().isPresent()) // else it never answered
                .isPresent();
    }

    @Override
    public Status status(UUID session) {
        var place = places.get(session);
        var live = place == null ? null : place.live;
        var row = store.find(session);
        String name =
                row.map(SandboxStore.Row::engine).orElse(engines.preferred().name());
        if (live != null && live.isAttached()) {
            return new Status(State.READY, name, Optional.empty());
        }
        if (place != null && place.starting) {
            return new Status(State.STARTING, name, Optional.empty());
        }
        if (live != null) {
            return new Status(State.DETACHED, name, Optional.empty());
        }
        return row.map(found -> new Status(state(found.intent()), name, found.problem()))
                .orElseGet(() -> new Status(State.ABSENT, name, Optional.empty()));
    }

    private static State state(Intent intent) {
        return switch (intent) {
            case STARTING -> State.STARTING;
            case RUNNING -> State.DETACHED; // another server's, or ours before its first round
            case STOPPED -> State.STOPPED;
            case FAILED -> State.FAILED;
            case DESTROYING -> State.ABSENT;
        };
    }

    @Override
    public void stop(UUID session, Duration grace) throws InterruptedException {
        var place = place(session);
        place.lock.lockInterruptibly();
        try {
            var row = store.find(session);
            if (row.isPresent()) {
                var engine = engines.named(row.get().engine());
                store.ended(session, Intent.STOPPED, Optional.empty());
                halt(engine, place, session, grace);
            }
        } finally {
            place.lock.unlock();
        }
    }

    @Override
    public void move(Spec spec, String engine) throws InterruptedException {
        var target = engines.named(engine);
        target.preflight().problem().ifPresent(problem -> {
            throw new SandboxException(problem);
        });
        var session = spec.session();
        var place = place(session);
        place.lock.lockInterruptibly();
        try {
            destroyIfUnwanted(session);
            var row = store.find(session);
            if (row.isPresent()) {
                var box = row.get().box();
                var old = engines.find(row.get().engine());
                store.ended(session, Intent.STOPPED, Optional.empty());
                if (old.isPresent()) {
                    halt(old.get(), place, session, Duration.ZERO);
                    old.get().destroy(box);
                } else {
                    LOG.warnf(
                            "Session %s moves from %s, which is not configured: its files stay there",
                            session, row.get().engine());
                }
                target.destroy(box); // what it had there before it moved away
            }
            store.move(spec, engine);
        } finally {
            place.lock.unlock();
        }
    }

    @Override
    public List<EngineState> engines() throws InterruptedException {
        var states = new ArrayList<EngineState>();
        for (var engine : engines.all()) {
            var preflight = engine.preflight();
            states.add(new EngineState(
                    engine.name(), engine == engines.preferred(), preflight.problem(), preflight.limitations()));
        }
        return states;
    }

    @Override
    public void destroy(UUID session) throws InterruptedException {
        var place = place(session);
        place.lock.lockInterruptibly();
        try {
            store.ended(session, Intent.DESTROYING, Optional.empty());
            destroyIfUnwanted(session);
        } finally {
            place.lock.unlock();
        }
        places.remove(session, place);
        streams.ended(session);
    }

    /** Nothing if somebody has started it again since it was noted. */
    private void destroyIfUnwanted(UUID session) throws InterruptedException {
        var place = place(session);
        place.lock.lockInterruptibly();
        try {
            var row = store.find(session).filter(found -> found.intent() == Intent.DESTROYING);
            if (row.isPresent()) {
                var engine = engines.named(row.get().engine());
                halt(engine, place, session, Duration.ZERO);
                engine.destroy(row.get().box());
                store.forget(session);
            }
        } finally {
            place.lock.unlock();
        }
    }

    private void halt(Engine engine, Place place, UUID session, Duration grace) throws InterruptedException {
        var live = place.live;
        place.live = null;
        if (live != null) {
            live.runner().shutdown();
            long end = System.nanoTime() + grace.toNanos();
            while (engine.isAlive(session) && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
            live.close("The sandbox was stopped");
        }
        engine.stop(session);
    }

    private Place place(UUID session) {
        return places.computeIfAbsent(session, absent -> new Place());
    }

    private void goRound() {
        try {
            Thread.sleep(SETTLED);
            for (var engine : engines.all()) {
                var preflight = engine.preflight();
                preflight.problem().ifPresent(problem -> LOG.warnf("No sandboxes by %s: %s", engine.name(), problem));
                preflight.limitations().forEach(LOG::info);
            }
            while (true) {
                compare();
                Thread.sleep(ROUND);
            }
        } catch (InterruptedException stopped) {
            // the server is stopping
        }
    }

    /** Brings the database and the engines together; one that does not answer holds up no other. */
    void compare() throws InterruptedException {
        try {
            for (var row : store.withIntent(Intent.RUNNING)) {
                takeUp(row);
            }
            for (var row : store.withIntent(Intent.STARTING)) { // a server died while it started it
                takeUp(row);
            }
            destroyUnwanted();
            stopOrphans();
        } catch (RuntimeException unfinished) {
            LOG.warn("Sandboxes could not be compared with the database; the next round tries again", unfinished);
        }
    }

    private void takeUp(SandboxStore.Row row) throws InterruptedException {
        var session = row.box().session();
        var place = place(session);
        if (!place.lock.tryLock()) {
            return; // somebody starts or stops it now
        }
        try {
            var live = place.live;
            if (live == null) {
                adopt(place, session);
            } else if (!live.engine()
                    .isAlive(session)) { // its runner may still answer, where only its folder was deleted
                declareLost(place);
            }
        } catch (SandboxException unknown) {
            LOG.warnf("Sandbox %s: %s; the next round looks again", session, unknown.getMessage());
        } finally {
            place.lock.unlock();
        }
    }

    /** Ends what runs although it should not, or without the database knowing; its folder is left to a person. */
    private void stopOrphans() throws InterruptedException {
        var seen = new HashSet<UUID>();
        for (var engine : engines.all()) {
            try {
                for (var session : engine.list()) {
                    if (isOrphan(engine, session)) {
                        seen.add(session);
                    }
                }
            } catch (SandboxException unknown) {
                LOG.warnf("Sandboxes by %s: %s; the next round looks again", engine.name(), unknown.getMessage());
                seen.addAll(orphans.keySet());
            }
        }
        orphans.keySet().retainAll(seen);
    }

    /** @return whether it runs without the database knowing */
    private boolean isOrphan(Engine engine, UUID session) throws InterruptedException {
        var row = store.find(session).filter(found -> found.engine().equals(engine.name()));
        if (row.isPresent()) {
            if (row.get().intent() == Intent.STOPPED || row.get().intent() == Intent.FAILED) {
                stopUnwanted(engine, session);
            }
            return false;
        }
        long since = orphans.computeIfAbsent(session, found -> System.nanoTime());
        if (System.nanoTime() - since > ORPHAN_GRACE.toNanos()) {
            LOG.warnf("Stopping sandbox %s, which the database does not know", session);
            engine.stop(session);
        }
        return true;
    }

    /** A server died between the note and the deed. */
    private void stopUnwanted(Engine engine, UUID session) throws InterruptedException {
        var place = place(session);
        if (place.lock.tryLock()) {
            try {
                if (place.live == null) {
                    engine.stop(session);
                }
            } finally {
                place.lock.unlock();
            }
        }
    }
}
