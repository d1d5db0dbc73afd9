package dev.cleanroom.session;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to the {@code session} table, apart from {@link EventStore}, which keeps it in step with the log. */
@ApplicationScoped
@Transactional
public class SessionStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<SessionEntity, UUID> {}

    private final Rows rows;

    SessionStore(Rows rows) {
        this.rows = rows;
    }

    Session create(UUID id, UUID project, UUID owner, String title, String model, String mode, String baseCommit) {
        var row = new SessionEntity();
        row.id = id;
        row.project = project;
        row.owner = owner;
        row.title = title == null ? "New session" : title;
        row.titled = title != null;
        row.model = model;
        row.mode = mode;
        row.status = Session.Status.idle.name();
        row.baseCommit = baseCommit;
        row.createdAt = Instant.now();
        row.changedAt = row.createdAt;
        rows.persistAndFlush(row);
        return row.toSession();
    }

    public Optional<Session> find(UUID id) {
        return rows.findByIdOptional(id).map(SessionEntity::toSession);
    }

    /**
     * Sessions of these projects, newest change first.
     *
     * @param status null: all
     * @param text part of the title, or null
     */
    List<Session> list(Collection<UUID> projects, Session.Status status, String text, int offset, int limit) {
        if (projects.isEmpty()) {
            return List.of();
        }
        return rows
                .find(
                        "project in ?1 and (?2 is null or status = ?2) and (?3 is null or lower(title) like ?3)"
                                + " order by changedAt desc, id",
                        projects,
                        status == null ? null : status.name(),
                        text == null ? null : "%" + text.toLowerCase().replace("%", "\\%") + "%")
                .range(offset, offset + limit - 1)
                .list()
                .stream()
                .map(SessionEntity::toSession)
                .toList();
    }

    void deleteOfProject(UUID project) {
        rows.delete("project", project);
    }
}
