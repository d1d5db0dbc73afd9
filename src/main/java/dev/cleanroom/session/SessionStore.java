package dev.cleanroom.session;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.git.Refs;
import dev.cleanroom.project.ProjectDeleted;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The only door to the {@code session} table, apart from {@link EventStore}, which keeps it in step with the log. */
@ApplicationScoped
@Transactional
public class SessionStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<SessionEntity, UUID> {}

    private final Rows rows;
    private final Refs refs;
    private final Event<AccessChanged> accessChanged;
    private final Event<SessionDeleted> sessionDeleted;

    SessionStore(Rows rows, Refs refs, Event<AccessChanged> accessChanged, Event<SessionDeleted> sessionDeleted) {
        this.rows = rows;
        this.refs = refs;
        this.accessChanged = accessChanged;
        this.sessionDeleted = sessionDeleted;
    }

    /** With its branch. @throws ProblemException {@code git.no-commit} */
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
        refs.createAll(project, List.of(new Refs.At(Session.branchOf(id), baseCommit)));
        return row.toSession();
    }

    void archive(UUID id, boolean archived) {
        rows.update("archived = ?2, changedAt = ?3 where id = ?1", id, archived, Instant.now());
    }

    public Optional<Session> find(UUID id) {
        return rows.findByIdOptional(id).map(SessionEntity::toSession);
    }

    /**
     * Sessions of these projects, newest change first.
     *
     * @param status null: all
     * @param archived whether archived ones are among them
     * @param text part of the title, or null
     */
    List<Session> list(
            Collection<UUID> projects, Session.Status status, String text, boolean archived, int offset, int limit) {
        if (projects.isEmpty()) {
            return List.of();
        }
        return rows
                .find(
                        "project in ?1 and (?2 is null or status = ?2) and (?3 is null or lower(title) like ?3 escape"
                                + " '!') and (?4 = true or archived = false) order by changedAt desc, id",
                        projects,
                        status == null ? null : status.name(),
                        text == null
                                ? null
                                : "%" + text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%",
                        archived)
                .range(offset, offset + limit - 1)
                .list()
                .stream()
                .map(SessionEntity::toSession)
                .toList();
    }

    /** At rest, and without an event since; the longest first. @param archived whether only archived ones */
    public List<Session> unchangedSince(Instant moment, boolean archived, int limit) {
        return rows
                .find(
                        "status = ?1 and changedAt < ?2 and (?3 = false or archived = true) order by changedAt, id",
                        Session.Status.idle.name(),
                        moment,
                        archived)
                .range(0, limit - 1)
                .list()
                .stream()
                .map(SessionEntity::toSession)
                .toList();
    }

    /** With its log and its refs. {@link SessionDeleted} is fired in this transaction. @return false if it is at work, gone, or changed since */
    public boolean delete(Session session) {
        var guests = guests("= :id", session.id());
        if (rows.delete(
                        "id = ?1 and status = ?2 and changedAt = ?3",
                        session.id(),
                        Session.Status.idle.name(),
                        session.changedAt())
                == 0) {
            return false;
        }
        sessionDeleted.fire(new SessionDeleted(session.id(), session.project()));
        guests.forEach(guest -> accessChanged.fire(new AccessChanged(guest, Optional.empty())));
        refs.deleteBelow(session.project(), List.of(session.branch(), Refs.HIDDEN + "session/" + session.id() + "/"));
        return true;
    }

    /** Those of a project whose own branch is among these. @param branches whole refs */
    List<Session> onBranches(UUID project, Collection<String> branches) {
        var ids = branches.stream()
                .flatMap(branch -> Session.ofBranch(branch).stream())
                .toList();
        return ids.isEmpty()
                ? List.of()
                : rows.list("project = ?1 and id in ?2", project, ids).stream()
                        .map(SessionEntity::toSession)
                        .toList();
    }

    /** In the deleting transaction. Everything of a session goes with it; its guests' connections end. */
    void forget(@Observes ProjectDeleted deleted) {
        var guests = guests("in (select s.id from SessionEntity s where s.project = :id)", deleted.project());
        rows.list("project", deleted.project())
                .forEach(row -> sessionDeleted.fire(new SessionDeleted(row.id, deleted.project())));
        rows.delete("project", deleted.project());
        guests.forEach(guest -> accessChanged.fire(new AccessChanged(guest, Optional.empty())));
    }

    private List<UUID> guests(String ofSessions, UUID id) {
        return rows.getEntityManager()
                .createQuery("select g.id from GuestEntity g where g.session " + ofSessions, UUID.class)
                .setParameter("id", id)
                .getResultList();
    }
}
