package dev.cleanroom.backup;

import dev.cleanroom.account.Caller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.secret.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The only door to the tables {@code backup_schedule} and {@code backup_run}. */
@ApplicationScoped
@Transactional
class BackupStore {
    private static final String CONTEXT = "backup.passphrase";
    private static final int RUNS_KEPT = 20; // what the page shows

    private final EntityManager database;
    private final Vault vault;
    private final AuditLog audit;

    BackupStore(EntityManager database, Vault vault, AuditLog audit) {
        this.database = database;
        this.vault = vault;
        this.audit = audit;
    }

    Schedule schedule() {
        return rows("select every_hours, keep, folder, sealed_passphrase from backup_schedule").stream()
                .findFirst()
                .map(row -> new Schedule(
                        Optional.ofNullable(row.get("every_hours", Integer.class)),
                        row.get("keep", Integer.class),
                        Optional.ofNullable(row.get("folder", String.class)),
                        Optional.ofNullable(row.get("sealed_passphrase", String.class))))
                .orElse(Schedule.NONE);
    }

    /** @throws dev.cleanroom.problem.ProblemException if it was sealed by a key that this server does not have */
    Optional<String> passphrase(Schedule schedule) {
        return schedule.sealedPassphrase().map(text -> vault.open(text, CONTEXT));
    }

    String seal(String passphrase) {
        return vault.seal(passphrase, CONTEXT);
    }

    void put(Schedule schedule, Caller by) {
        database.createNativeQuery("delete from backup_schedule").executeUpdate();
        database.createNativeQuery("insert into backup_schedule (every_hours, keep, folder, sealed_passphrase)"
                        + " values (cast(nullif(?1, 0) as integer), ?2, nullif(?3, ''), nullif(?4, ''))")
                .setParameter(1, schedule.everyHours().orElse(0))
                .setParameter(2, schedule.keep())
                .setParameter(3, schedule.folder().orElse(""))
                .setParameter(4, schedule.sealedPassphrase().orElse(""))
                .executeUpdate();
        audit.record(
                by.name(),
                by.id(),
                "backup.schedule-changed",
                "backup",
                schedule.everyHours().map(hours -> "every " + hours + " h").orElse("off") + ", keep " + schedule.keep()
                        + schedule.folder().map(folder -> ", in " + folder).orElse("")
                        + (schedule.sealedPassphrase().isPresent() ? ", with the master key" : ""));
    }

    /** @return its id */
    long begin(Instant at) {
        return ((Number) database.createNativeQuery("insert into backup_run (started_at) values (?1) returning id")
                        .setParameter(1, at)
                        .getSingleResult())
                .longValue();
    }

    void ended(long id, Instant at, String file, long sizeBytes) {
        database.createNativeQuery("update backup_run set ended_at = ?2, file = ?3, size_bytes = ?4 where id = ?1")
                .setParameter(1, id)
                .setParameter(2, at)
                .setParameter(3, file)
                .setParameter(4, sizeBytes)
                .executeUpdate();
        audit.record("system", null, "backup.made", file, sizeBytes + " bytes");
        forgetOldRuns();
    }

    /** @param problem a sentence for people */
    void failed(long id, Instant at, String problem) {
        database.createNativeQuery("update backup_run set ended_at = ?2, problem = ?3 where id = ?1")
                .setParameter(1, id)
                .setParameter(2, at)
                .setParameter(3, problem)
                .executeUpdate();
        forgetOldRuns();
    }

    private void forgetOldRuns() {
        database.createNativeQuery("delete from backup_run where id not in"
                        + " (select id from backup_run order by id desc limit " + RUNS_KEPT + ")")
                .executeUpdate();
    }

    /** The newest first. */
    List<Run> runs() {
        return rows("select started_at, ended_at, file, size_bytes, problem from backup_run order by id desc").stream()
                .map(row -> new Run(
                        row.get("started_at", Instant.class),
                        row.get("ended_at", Instant.class),
                        row.get("file", String.class),
                        row.get("size_bytes", Long.class),
                        row.get("problem", String.class)))
                .toList();
    }

    private List<Tuple> rows(String sql) {
        List<?> found = database.createNativeQuery(sql, Tuple.class).getResultList();
        return found.stream().map(row -> (Tuple) row).toList();
    }
}
