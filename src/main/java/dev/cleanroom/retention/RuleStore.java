package dev.cleanroom.retention;

import dev.cleanroom.account.Caller;
import dev.cleanroom.audit.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.List;

/** The only door to the table {@code retention}. */
@ApplicationScoped
@Transactional
class RuleStore {
    private final EntityManager database;
    private final AuditLog audit;

    RuleStore(EntityManager database, AuditLog audit) {
        this.database = database;
        this.audit = audit;
    }

    Rules rules() {
        List<?> found = database.createNativeQuery(
                        "select idle_session_days, archived_session_days, archived_project_days from retention",
                        Tuple.class)
                .getResultList();
        return found.stream()
                .findFirst()
                .map(each -> (Tuple) each)
                .map(row -> new Rules(row.get(0, Integer.class), row.get(1, Integer.class), row.get(2, Integer.class)))
                .orElse(Rules.NONE);
    }

    void put(Rules rules, Caller by) {
        database.createNativeQuery("delete from retention").executeUpdate();
        database.createNativeQuery(
                        "insert into retention (idle_session_days, archived_session_days, archived_project_days)"
                                + " values (cast(?1 as integer), cast(?2 as integer), cast(?3 as integer))")
                .setParameter(1, rules.idleSessionDays())
                .setParameter(2, rules.archivedSessionDays())
                .setParameter(3, rules.archivedProjectDays())
                .executeUpdate();
        audit.record(by.name(), by.id(), "retention.changed", "retention", rules.toString());
    }
}
