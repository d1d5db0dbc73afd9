package dev.cleanroom.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** The only door to the table {@code egress}. */
@ApplicationScoped
@Transactional
class EgressStore implements EgressLedger {
    private final EntityManager database;

    EgressStore(EntityManager database) {
        this.database = database;
    }

    @Override
    public long open(UUID session, UUID project, String host, int port, String verdict) {
        var entry = database.createNativeQuery("""
                        insert into egress (session_id, project_id, at, host, port, verdict, bytes_up, bytes_down)
                        values (:session, :project, now(), :host, :port, :verdict, 0, 0) returning id
                        """)
                .setParameter("session", session)
                .setParameter("project", project)
                .setParameter("host", host)
                .setParameter("port", port)
                .setParameter("verdict", verdict)
                .getSingleResult();
        return ((Number) entry).longValue();
    }

    @Override
    public void close(long entry, long up, long down) {
        database.createNativeQuery("update egress set bytes_up = :up, bytes_down = :down where id = :id")
                .setParameter("up", up)
                .setParameter("down", down)
                .setParameter("id", entry)
                .executeUpdate();
    }
}
