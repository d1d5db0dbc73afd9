package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
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
import org.eclipse.jgit.internal.storage.dfs.DfsGarbageCollector;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.eclipse.jgit.internal.storage.dfs.DfsPackCompactor;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.jboss.logging.Logger;

/**
 * Merges small packs, writes all packs of a repository anew when it is worth it, and deletes replaced ones; on one thread,
 * one repository at a time, while others read and push. The periods of grace are part of that being right.
 */
@ApplicationScoped
class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final int MAX_SMALL_PACKS = 30; // more make a cold clone slower; merging 42 took 31 ms
    private static final long SMALL_BYTES = 16L << 20; // a merged pack above is not written again
    private static final Duration REPLACED_FOR =
            Duration.ofHours(1); // readers in other requests still stream from them
    private static final Duration WRITING_FOR = Duration.ofHours(24); // longer than any import may take
    private static final Duration GARBAGE_FOR = Duration.ofDays(1); // a push may be about to refer to it
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);

    private static final Duration COLLECT_EVERY = Duration.ofDays(7);
    private static final double WORTH_SHARE = 0.3; // of what came in since; each collection writes the repository again
    private static final long WORTH_BYTES = 8L << 20; // less is cheap to read as it is
    // without bitmaps a clone of less is counted in milliseconds, and they are most of a collection's time
    private static final long BITMAP_BYTES = 20L << 20;
    private static final long BITMAP_OBJECTS = 50_000; // about 5 000 commits

    private final Repositories repositories;
    private final PackStore packs;
    private final RefStore refs;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("git-housekeeping").factory());
    private final Set<UUID> waiting = ConcurrentHashMap.newKeySet();

    Housekeeping(Repositories repositories, PackStore packs, RefStore refs) {
        this.repositories = repositories;
        this.packs = packs;
        this.refs = refs;
    }

    private interface Work {
        void run() throws IOException;
    }

    void start(@Observes StartupEvent started) {
        thread.scheduleWithFixedDelay(this::sweep, 1, SWEEP_EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.shutdownNow();
    }

    /** A repository has got a pack: look after it soon. Returns at once. */
    void grown(UUID project) {
        if (waiting.add(project)) {
            later(project, () -> {
                waiting.remove(project);
                compact(project);
                if (isWorthCollecting(packs.sizes(project))) {
                    collect(project);
                }
            });
        }
    }

    /** A repository has been filled: its packs came as their sender had them. Returns at once. */
    void imported(UUID project) {
        later(project, () -> collect(project));
    }

    private void later(UUID project, Work work) {
        if (!thread.isShutdown()) {
            thread.execute(() -> attempt(project, work));
        }
    }

    private static void attempt(UUID project, Work work) {
        try {
            work.run();
        } catch (ProblemException gone) {
            LOG.debugf("Repository %s needs no care: %s", project, gone.getMessage());
        } catch (IOException | RuntimeException failed) {
            LOG.warnf(failed, "The packs of repository %s stay as they are", project);
        }
    }

    /** Merges the small packs into one if there are many. */
    synchronized void compact(UUID project) throws IOException {
        try (var repository = repositories.openStored(project)) {
            var small = Arrays.stream(repository.getObjectDatabase().getPacks())
                    .filter(pack -> pack.getPackDescription().getFileSize(PackExt.PACK) < SMALL_BYTES)
                    .filter(pack -> pack.getPackDescription().getPackSource() != PackSource.UNREACHABLE_GARBAGE)
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

    /** Writes all packs anew: what refs reach and lately reached, and apart from it what waits to be forgotten. */
    synchronized void collect(UUID project) throws IOException {
        try (var repository = repositories.openStored(project)) {
            var sizes = packs.sizes(project);
            var packing = new PackConfig(repository);
            packing.setThreads(1); // turns run beside it
            packing.setBuildBitmaps(
                    sizes.collected() + sizes.taken() > BITMAP_BYTES || sizes.objects() > BITMAP_OBJECTS);
            boolean done = new DfsGarbageCollector(repository)
                    .setGarbageTtl(GARBAGE_FOR.toMillis(), TimeUnit.MILLISECONDS)
                    .setPackConfig(packing)
                    .setWriteCommitGraph(true)
                    .pack(NullProgressMonitor.INSTANCE);
            if (done) { // else a ref moved meanwhile: it stays due
                refs.collected(project);
            }
            LOG.debugf("Collected repository %s: %s", project, done);
        }
    }

    static boolean isWorthCollecting(PackStore.Sizes sizes) {
        return sizes.taken() > WORTH_BYTES && sizes.taken() > WORTH_SHARE * (sizes.collected() + sizes.taken());
    }

    private void sweep() {
        try {
            int swept = packs.sweep(REPLACED_FOR, WRITING_FOR);
            if (swept > 0) {
                LOG.debugf("Swept %d packs", swept);
            }
            for (var project : refs.uncollected(COLLECT_EVERY)) {
                attempt(project, () -> collect(project));
            }
        } catch (IOException | RuntimeException failed) {
            LOG.warn("Replaced packs wait for the next sweep", failed);
        }
    }
}
