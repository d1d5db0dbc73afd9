package dev.cleanroom.agent;

import dev.cleanroom.permission.Rule;
import dev.cleanroom.project.ProjectDeleted;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.RememberScope;
import dev.cleanroom.session.StorageException;
import dev.cleanroom.session.Undisturbed;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code permission_rule}: what "always" saved, of a session, or of one person in one project. */
@ApplicationScoped
class SavedRules {
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
                            insert into permission_rule (id, session, project, person, rule) values (?, ?, ?, ?, ?)
                            on conflict do nothing""")) {
                for (var rule : rules) {
                    insert.setObject(1, UUID.randomUUID());
                    insert.setObject(2, ofSession ? session.id() : null);
                    insert.setObject(3, ofSession ? null : session.project());
                    insert.setObject(4, ofSession ? null : person);
                    insert.setString(5, rule.text());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        });
    }

    /** Those of the session, and those of the person in its project. @param person empty for a guest: he has none */
    List<Rule> of(Session session, Optional<UUID> person) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement("""
                            select rule from permission_rule where session = ? or (project = ? and person = ?)
                            order by created_at, rule""")) {
                select.setObject(1, session.id());
                select.setObject(2, session.project());
                select.setObject(3, person.orElse(null), java.sql.Types.OTHER);
                try (var rows = select.executeQuery()) {
                    var rules = new ArrayList<Rule>();
                    while (rows.next()) {
                        Rule.parse(rows.getString(1)).ifPresent(rules::add);
                    }
                    return rules;
                }
            }
        });
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
