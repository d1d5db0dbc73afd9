package dev.cleanroom.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** The only door to the {@code audit_entry} table, and it only lets in: the table itself refuses update and delete. */
@ApplicationScoped
public class AuditLog {
    private final EntityManager database;

    AuditLog(EntityManager database) {
        this.database = database;
    }

    /**
     * Joins the caller's transaction: what was not done is not recorded, and the other way round.
     *
     * @param actorName of a person or guest, or {@code system}
     * @param actorId null for the system
     * @param action dotted, in the past tense of the capability: {@code account.signed-in}
     * @param subject what it was done to: an id or a name
     * @param detail one line, never a secret; may be empty
     */
    @Transactional
    public void record(String actorName, UUID actorId, String action, String subject, String detail) {
        database.createNativeQuery("insert into audit_entry (actor_name, actor_id, action, subject, detail)"
                        + " values (?1, cast(?2 as uuid), ?3, ?4, ?5)")
                .setParameter(1, actorName)
                .setParameter(2, actorId == null ? null : actorId.toString())
                .setParameter(3, action)
                .setParameter(4, subject)
                .setParameter(5, detail)
                .executeUpdate();
    }
}
