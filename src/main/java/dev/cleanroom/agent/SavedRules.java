package dev.cleanroom.agent;

import dev.cleanroom.permission.Rule;
import dev.cleanroom.permission.Rules;
import dev.cleanroom.project.ProjectDeleted;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.RememberScope;
import dev.cleanroom.session.SessionForked;
import dev.cleanroom.session.StorageException;
import dev.cleanroom.session.Undisturbed;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code permission_rule}: what "always" saved or a person added, of a session, or of one person in one project. */
@ApplicationScoped
class SavedRules {
    private static final String SELECT =
            "select r.id, r.rule, r.verdict, r.session, r.saved_by, r.created_at from permission_rule r ";
    private static final String ORDER = " order by r.created_at, r.rule";

    /** What a rule says to do; as on the wire and in the database. */
    enum Verdict {
        allow,
        ask,
        deny
    }

    private final AgroalDataSource database;

    SavedRules(AgroalDataSource database) {
        this.database = database;
    }

    /** A rule that is saved already stays. @param person who answered */
    void save(Session session, UUID person, RememberScope scope, List<Rule> rules) {
        boolean ofSession = scope == RememberScope.session;
        Undisturbed.run(() -> {
            try (var connection = database.getConnection();
                    var insert = connection.prepareStatement("""
                            insert into permission_rule (id, session, project, person, rule, saved_by)
                            values (?, ?, ?, ?, ?, ?)
                            on conflict do nothing""")) {
                for (var rule : rules) {
                    insert.setObject(1, UUID.randomUUID());
                    insert.setObject(2, ofSession ? session.id() : null);
                    insert.setObject(3, ofSession ? null : session.project());
                    insert.setObject(4, ofSession ? null : person);
                    insert.setString(5, rule.text());
                    insert.setObject(6, person);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        });
    }

    /** Those of the session, and those of the person in its project. @param person empty for a guest: he has none */
    Rules of(Session session, Optional<UUID> person) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement(
                            SELECT + "where r.session = ? or (r.project = ? and r.person = ?)" + ORDER)) {
                select.setObject(1, session.id());
                select.setObject(2, session.project());
                select.setObject(3, person.orElse(null), Types.OTHER);
                return rules(rows(select));
            }
        });
    }

    /** Those of a person in a project, whatever the session. */
    Rules of(UUID project, UUID person) {
        return rules(list(project, person).stream()
                .filter(saved -> saved.session().isEmpty())
                .toList());
    }

    /** @param session whose it is; empty: of a person in a project; {@code by} who saved it, if known */
    record Saved(UUID id, String rule, Verdict verdict, Optional<UUID> session, Optional<UUID> by, Instant at) {}

    /** A person's rules in a project, and those of all its sessions; the oldest first. */
    List<Saved> list(UUID project, UUID person) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement(SELECT
                            + "where (r.project = ? and r.person = ?) or"
                            + " r.session in (select id from session where project = ?)" + ORDER)) {
                select.setObject(1, project);
                select.setObject(2, person);
                select.setObject(3, project);
                return rows(select);
            }
        });
    }

    /** A rule of a person in a project; one that is saved already stays. */
    Saved add(UUID project, UUID person, Rule rule, Verdict verdict) {
        Undisturbed.run(() -> {
            try (var connection = database.getConnection();
                    var insert = connection.prepareStatement("""
                            insert into permission_rule (id, project, person, rule, verdict, saved_by)
                            values (?, ?, ?, ?, ?, ?) on conflict do nothing""")) {
                insert.setObject(1, UUID.randomUUID());
                insert.setObject(2, project);
                insert.setObject(3, person);
                insert.setString(4, rule.text());
                insert.setString(5, verdict.name());
                insert.setObject(6, person);
                insert.executeUpdate();
            }
        });
        return list(project, person).stream()
                .filter(saved -> saved.session().isEmpty()
                        && saved.verdict() == verdict
                        && saved.rule().equals(rule.text()))
                .findFirst()
                .orElseThrow();
    }

    /** @return false if neither the person nor a session of the project has it */
    boolean delete(UUID project, UUID person, UUID rule) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var delete = connection.prepareStatement("""
                            delete from permission_rule where id = ? and ((project = ? and person = ?)
                              or session in (select id from session where project = ?))""")) {
                delete.setObject(1, rule);
                delete.setObject(2, project);
                delete.setObject(3, person);
                delete.setObject(4, project);
                return delete.executeUpdate() > 0;
            }
        });
    }

    private static List<Saved> rows(PreparedStatement select) throws SQLException {
        try (var rows = select.executeQuery()) {
            var all = new ArrayList<Saved>();
            while (rows.next()) {
                all.add(new Saved(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        Verdict.valueOf(rows.getString(3)),
                        Optional.ofNullable(rows.getObject(4, UUID.class)),
                        Optional.ofNullable(rows.getObject(5, UUID.class)),
                        rows.getObject(6, OffsetDateTime.class).toInstant()));
            }
            return all;
        }
    }

    private static Rules rules(List<Saved> saved) {
        return new Rules(of(saved, Verdict.allow), of(saved, Verdict.ask), of(saved, Verdict.deny));
    }

    private static List<Rule> of(List<Saved> saved, Verdict verdict) {
        return saved.stream()
                .filter(each -> each.verdict() == verdict)
                .map(each -> Rule.parse(each.rule()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** What its owner allowed in the session that he forked holds in the fork too; what others allowed there does not. */
    void copy(@Observes SessionForked forked) {
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement("""
                        insert into permission_rule (id, session, rule, verdict, saved_by, created_at)
                        select gen_random_uuid(), fork.id, r.rule, r.verdict, r.saved_by, r.created_at
                        from permission_rule r join session fork on fork.id = ?
                        where r.session = ? and r.saved_by = fork.owner""")) {
            insert.setObject(1, forked.fork());
            insert.setObject(2, forked.from());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException(e);
        }
    }

    void forget(@Observes ProjectDeleted deleted) {
        try (var connection = database.getConnection();
                var delete = connection.prepareStatement("delete from permission_rule where project = ?")) {
            delete.setObject(1, deleted.project());
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException(e);
        }
    }
}
