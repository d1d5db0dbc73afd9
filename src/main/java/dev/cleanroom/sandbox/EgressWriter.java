package dev.cleanroom.sandbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Writes the ledger beside the connections, a batch at a time: a server that is killed loses the last half second of what it
 * let through, and the byte counts of the last seconds. Without a database the connections wait once the queue is full.
 */
@ApplicationScoped
class EgressWriter implements EgressLedger {
    private static final Logger LOG = Logger.getLogger(EgressWriter.class);
    private static final int MAX_WAITING = 10_000; // entries, some 200 bytes each
    private static final int BATCH = 500; // rows of one transaction
    private static final Duration PAUSE = Duration.ofMillis(500); // between two batches; a reader sees no older ledger
    private static final Duration COUNTED = Duration.ofSeconds(10); // between two counts of the bytes of what is open
    private static final Duration PRUNED = Duration.ofMinutes(5); // a loop of refusals is a few 10 000 rows until then

    private final EgressStore store;
    private final TurnAuthors authors;
    private final BlockingQueue<EgressEntry> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<EgressEntry, Long> open = new HashMap<>(); // row by entry; the writing thread's
    private final Set<UUID> written = new HashSet<>(); // projects that grew since they were pruned
    private long countedAt = System.nanoTime();
    private long prunedAt = System.nanoTime();
    private volatile boolean stopping;
    private Thread thread;

    EgressWriter(EgressStore store, TurnAuthors authors) {
        this.store = store;
        this.authors = authors;
    }

    @Override
    public void note(EgressEntry entry) throws InterruptedException {
        waiting.put(entry);
    }

    void begin(@Observes StartupEvent started) {
        thread = Thread.ofVirtual().name("egress-ledger").start(this::write);
    }

    void end(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        if (thread != null) {
            thread.join(PAUSE.multipliedBy(4));
        }
    }

    private void write() {
        var batch = new ArrayList<EgressEntry>();
        try {
            while (!stopping || !waiting.isEmpty()) {
                if (batch.isEmpty()) {
                    Optional.ofNullable(waiting.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS))
                            .ifPresent(batch::add);
                    waiting.drainTo(batch, BATCH - batch.size());
                }
                long begun = System.nanoTime();
                try {
                    writeRound(batch);
                    batch.clear();
                } catch (RuntimeException away) { // the database may be: nothing is dropped
                    LOG.warnf("The egress ledger waits to be written: %s", away.getMessage());
                }
                if (!stopping) {
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos() - (System.nanoTime() - begun));
                }
            }
            count(true);
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        } catch (RuntimeException away) {
            LOG.warnf("The last byte counts of the egress ledger are lost: %s", away.getMessage());
        }
    }

    private void writeRound(List<EgressEntry> batch) {
        if (!batch.isEmpty()) {
            var rows = rows(batch);
            var ids = store.add(rows);
            for (int i = 0; i < rows.size(); i++) {
                var entry = rows.get(i).entry();
                written.add(entry.project());
                if (!entry.isRefused()) {
                    open.put(entry, ids.get(i));
                }
            }
        }
        count(false);
        if (System.nanoTime() - prunedAt > PRUNED.toNanos()) {
            store.prune(written);
            written.clear();
            prunedAt = System.nanoTime();
        }
    }

    /** Refusals alike are one row, which says how many. */
    private Collection<EgressStore.NewRow> unlike(List<EgressEntry> batch) {
        record Alike(UUID session, String host, int port, String verdict, Optional<EgressEntry.Cause> cause) {}
        var rows = new LinkedHashMap<Object, EgressStore.NewRow>();
        for (var entry : batch) {
            Object key = entry.isRefused()
                    ? new Alike(entry.session(), entry.host(), entry.port(), entry.verdict(), entry.cause())
                    : entry;
            rows.merge(
                    key,
                    new EgressStore.NewRow(entry, 1, Optional.empty()),
                    (first, again) -> new EgressStore.NewRow(first.entry(), first.times() + 1, Optional.empty()));
        }
        return rows.values();
    }

    private List<EgressStore.NewRow> rows(List<EgressEntry> batch) {
        record Moment(UUID session, Instant second) {}
        var known = new HashMap<Moment, Optional<TurnAuthors.Author>>();
        return unlike(batch).stream()
                .map(row -> new EgressStore.NewRow(
                        row.entry(),
                        row.times(),
                        known.computeIfAbsent(
                                new Moment(
                                        row.entry().session(), row.entry().at().truncatedTo(ChronoUnit.SECONDS)),
                                moment ->
                                        authors.at(moment.session(), row.entry().at()))))
                .toList();
    }

    /** @param all those that are still open too */
    private void count(boolean all) {
        boolean everything = all || System.nanoTime() - countedAt > COUNTED.toNanos();
        var over = open.keySet().stream().filter(EgressEntry::isOver).toList();
        var counted = everything ? Map.copyOf(open) : new HashMap<EgressEntry, Long>();
        if (!everything) {
            over.forEach(entry -> counted.put(entry, open.get(entry)));
        }
        if (!counted.isEmpty()) {
            store.count(counted);
        }
        over.forEach(open::remove);
        if (everything) {
            countedAt = System.nanoTime();
        }
    }
}
