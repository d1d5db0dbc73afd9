package dev.cleanroom.git;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.dfs.DfsPackCompactor;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.jboss.logging.Logger;

/** Merges small packs and deletes replaced ones, on one thread, one repository at a time. */
@ApplicationScoped
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final int MAX_SMALL_PACKS = 30; // more make a cold clone slower; merging 42 took 31 ms
    private static final long SMALL_BYTES = 16L << 20; // a merged pack above is not written again
    private static final Duration REPLACED_FOR =
            Duration.ofHours(1); // readers in other requests still stream from them
    private static final Duration WRITING_FOR = Duration.ofHours(24); // longer than any import may take
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);

    private final Repositories repositories;
    private final PackStore packs;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("git-housekeeping").factory());
    private final Set<UUID> waiting = ConcurrentHashMap.newKeySet();

    Housekeeping(Repositories repositories, PackStore packs) {
        this.repositories = repositories;
        this.packs = packs;
    }

    void start(@Observes StartupEvent started) {
        thread.scheduleWithFixedDelay(this::sweep, 1, SWEEP_EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.shutdownNow();
    }

    /** A repository has got a pack: look after it soon. Returns at once. */
    void grown(UUID project) {
        if (waiting.add(project) && !thread.isShutdown()) {
            thread.execute(() -> {
                waiting.remove(project);
                try {
                    compact(project);
                } catch (IOException | RuntimeException failed) {
                    LOG.warnf(failed, "The packs of repository %s stay as they are", project);
                }
            });
        }
    }

    /** Merges the small packs into one if there are many. */
    synchronized void compact(UUID project) throws IOException {
        try (var repository = repositories.openStored(project)) {
            var small = Arrays.stream(repository.getObjectDatabase().getPacks())
                    .filter(pack -> pack.getPackDescription().getFileSize(PackExt.PACK) < SMALL_BYTES)
                    .toList();
            if (small.size() <= MAX_SMALL_PACKS) {
                return;
            }
            var compactor = new DfsPackCompactor(repository);
            small.forEach(compactor::add);
            compactor.compact(NullProgressMonitor.INSTANCE);
            LOG.debugf("Merged %d packs of repository %s", small.size(), project);
        }
    }

    private void sweep() {
        try {
            int swept = packs.sweep(REPLACED_FOR, WRITING_FOR);
            if (swept > 0) {
                LOG.debugf("Swept %d packs", swept);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.warn("Replaced packs wait for the next sweep", failed);
        }
    }
}
