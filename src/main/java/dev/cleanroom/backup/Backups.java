package dev.cleanroom.backup;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.secret.PortableKey;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Makes the server's own backups, one at a time, when they are due or asked for. */
@ApplicationScoped
class Backups {
    private static final Logger LOG = Logger.getLogger(Backups.class);
    private static final Duration AGAIN = Duration.ofHours(1); // somebody has to make room, or to mount a disk
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1); // a schedule is in hours

    private final AgroalDataSource source;
    private final BackupStore store;
    private final Path home;
    private final Optional<String> masterKey;
    private final AtomicBoolean running = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("backup").factory());

    Backups(
            AgroalDataSource source,
            BackupStore store,
            @ConfigProperty(name = "cleanroom.home") Path home,
            @ConfigProperty(name = "cleanroom.master-key") Optional<String> masterKey) {
        this.source = source;
        this.store = store;
        this.home = home;
        this.masterKey = masterKey;
    }

    void start(@Observes StartupEvent started) {
        thread.scheduleWithFixedDelay(
                this::makeIfDue, LOOK_EVERY.toSeconds(), LOOK_EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.shutdownNow();
    }

    boolean isRunning() {
        return running.get();
    }

    /** When the next one is due, perhaps in the past; empty: never. A last one in the future says that a clock was wrong. */
    Optional<Instant> next() {
        var now = Instant.now();
        var runs = store.runs().stream()
                .filter(run -> !run.startedAt().isAfter(now))
                .toList();
        return store.schedule().everyHours().map(hours -> next(runs, now, hours));
    }

    /** Counted from the last one that was made; one that failed is tried again after a while. @param runs the newest first */
    static Instant next(List<Run> runs, Instant now, int everyHours) {
        var due = runs.stream()
                .filter(run -> run.file() != null)
                .findFirst()
                .map(made -> made.startedAt().plus(Duration.ofHours(everyHours)))
                .orElse(now);
        return runs.stream()
                .findFirst()
                .filter(last -> last.file() == null)
                .map(failed -> failed.startedAt().plus(AGAIN))
                .filter(due::isBefore)
                .orElse(due);
    }

    Path folder(Schedule schedule) {
        return schedule.folder().map(Path::of).orElse(home.resolve("backups"));
    }

    /** Makes one soon. @throws ProblemException {@code backup.running} */
    void now() {
        if (!running.compareAndSet(false, true)) {
            throw new ProblemException(
                    Kind.CONFLICT, "backup.running", "A backup is being made already. Wait until it is done.");
        }
        try {
            thread.execute(this::make);
        } catch (RejectedExecutionException stopping) {
            running.set(false);
        }
    }

    private void makeIfDue() {
        try {
            if (next().filter(due -> !due.isAfter(Instant.now())).isPresent() && running.compareAndSet(false, true)) {
                make();
            }
        } catch (RuntimeException away) {
            LOG.warn("Whether a backup is due will be looked at again in a minute", away);
        }
    }

    private void make() {
        try {
            var schedule = store.schedule();
            var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            long id = store.begin(now);
            try {
                var file = write(schedule, now);
                store.ended(id, Instant.now(), file.toString(), Files.size(file));
            } catch (IOException | SQLException | RuntimeException failed) {
                LOG.error("No backup was made", failed);
                store.failed(id, Instant.now(), sentence(folder(schedule), failed));
            }
        } catch (RuntimeException away) {
            LOG.error("No backup was made", away);
        } finally {
            running.set(false);
        }
    }

    /** The old ones go only when the new one is whole. */
    private Path write(Schedule schedule, Instant now) throws SQLException, IOException {
        var folder = new BackupFolder(folder(schedule));
        try (var connection = source.getConnection()) {
            var file =
                    folder.add(connection, Key.of(PortableKey.find(home, masterKey), store.passphrase(schedule)), now);
            folder.thin(schedule.keep());
            return file;
        }
    }

    private static String sentence(Path folder, Exception failed) {
        return failed instanceof IOException
                ? "The backup could not be written to " + folder + " (" + failed.getMessage()
                        + "). Earlier ones are as they were. Make room, or choose another folder."
                : "The backup failed (" + failed.getMessage()
                        + "). Earlier ones are as they were; the server's log has more.";
    }
}
