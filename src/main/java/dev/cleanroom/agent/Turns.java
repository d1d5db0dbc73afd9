package dev.cleanroom.agent;

import dev.cleanroom.problem.DatabaseAway;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.LeaseLost;
import dev.cleanroom.session.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.StorageException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** One loop for each session in which something is to be done. The log tells it what; what is told here only wakes it. */
@ApplicationScoped
class Turns {
    private static final Logger LOG = Logger.getLogger(Turns.class);
    private static final long FIRST_PAUSE = 100; // milliseconds
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10); // between tries while the database is away

    /** A session's loop. */
    private static final class Running {
        volatile AgentLoop loop; // null until it begins
        volatile int wakes; // changed inside of the map's compute only
    }

    private final SessionParts parts;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    Turns(SessionParts parts) {
        this.parts = parts;
    }

    /** Goes on with every turn that a server before this one left unfinished. */
    void recover(@Observes StartupEvent started) {
        Thread.ofVirtual().name("recovery").start(this::goOn);
    }

    private void goOn() {
        while (!stopping) {
            try {
                parts.log().unfinished().forEach(this::wake);
                return;
            } catch (StorageException away) {
                LOG.warnf("Unfinished turns wait for the database: %s", away.getMessage());
                pause(FIRST_PAUSE);
            }
        }
    }

    void submitted(@ObservesAsync PromptSubmitted submitted) {
        wake(submitted.session());
    }

    /** Before the sandboxes are let go: what breaks by that is no news for the log. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent shutdown) {
        stopping = true; // turns go on where they are, by the next server: nothing is interrupted or written
    }

    private void wake(UUID session) {
        if (stopping) {
            return;
        }
        var found = running.compute(session, (_, already) -> {
            var entry = already == null ? new Running() : already;
            entry.wakes++;
            if (already == null) {
                Thread.ofVirtual().name("agent-" + session).start(() -> drive(session, entry));
            }
            return entry;
        });
        stopIfAsked(session, found);
    }

    /** Interrupts what runs if the log says so. */
    private void stopIfAsked(UUID session, Running entry) {
        var loop = entry.loop;
        if (loop == null) {
            return; // it has read nothing yet: it will see the request itself
        }
        for (var logged : parts.log().read(session).reversed()) {
            switch (logged.event()) {
                case InterruptRequested request -> {
                    loop.stop(request.turnId());
                    return;
                }
                case TurnStarted _, TurnEnded _ -> {
                    return;
                }
                default -> {} // look further back
            }
        }
    }

    private void drive(UUID session, Running entry) {
        long pause = FIRST_PAUSE;
        var since = Optional.<Instant>empty();
        while (!stopping) {
            int seen = entry.wakes;
            try {
                var lease = parts.log().takeLease(session);
                since.ifPresent(_ -> parts.broadcast().storing(session, Optional.empty()));
                since = Optional.empty();
                drive(lease, entry);
                pause = FIRST_PAUSE;
            } catch (LeaseLost | InterruptedException elsewhere) {
                running.remove(session, entry);
                return;
            } catch (ProblemException gone) {
                LOG.infof("No turn in session %s: %s", session, gone.getMessage());
                running.remove(session, entry);
                return;
            } catch (StorageException away) {
                LOG.warnf("Turn of session %s waits for the database: %s", session, away.getMessage());
                since = since.or(() -> Optional.of(Instant.now()));
                parts.broadcast().storing(session, since);
                pause(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
                continue;
            } catch (RuntimeException | Error bug) {
                LOG.errorf(bug, "The turn of session %s could not be ended; the next prompt tries again", session);
                running.remove(session, entry);
                return;
            }
            if (isOver(session, entry, seen)) {
                return;
            }
        }
    }

    private void drive(Lease lease, Running entry) throws InterruptedException {
        var loop = new AgentLoop(parts, lease, () -> stopping);
        entry.loop = loop;
        try {
            loop.run();
        } catch (LeaseLost | StorageException expected) {
            throw expected;
        } catch (ProblemException refused) {
            endBroken(lease, refused.toProblem()); // fails for itself where the session is gone
        } catch (RuntimeException | Error bug) {
            if (DatabaseAway.causes(bug)) {
                throw new StorageException(bug);
            }
            if (!stopping) {
                LOG.errorf(bug, "The turn of session %s failed", lease.session());
                endBroken(lease, internal(lease.session()));
            }
        }
    }

    private static Problem internal(UUID session) {
        return new Problem(
                "agent.internal",
                500,
                "Something went wrong in the server; its log has the details under session " + session
                        + ". Try again.");
    }

    /** What nobody foresaw must not leave a turn that runs for ever. */
    private void endBroken(Lease lease, Problem problem) {
        var fold = TurnFold.of(parts.log().read(lease.session()));
        if (fold.turn().isPresent()) {
            new TurnLog(parts, lease, () -> stopping)
                    .append(Actor.AGENT, Answers.ending(fold, parts.toolRuns(), Reason.MODEL_FAILED, problem));
        }
    }

    /** @return false if somebody woke this loop since it looked last */
    private boolean isOver(UUID session, Running entry, int seen) {
        return running.compute(session, (_, now) -> now == entry && entry.wakes == seen ? null : now) != entry;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread
        }
    }
}
