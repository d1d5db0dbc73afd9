package dev.cleanroom.git;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to the table {@code git_ref_log}. */
@ApplicationScoped
class RefLogStore {
    /** One move of a ref. @param from, to 40 hex digits; empty: absent */
    record Entry(
            long id,
            String ref,
            Optional<String> from,
            Optional<String> to,
            boolean forced,
            Instant at,
            RefAuthor author) {}

    private final Database database;

    RefLogStore(Database database) {
        this.database = database;
    }

    /** The newest first. @param ref null: of all refs; @param before an entry's id, or null for the newest */
    List<Entry> list(UUID project, String ref, Long before, int limit) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement("""
                    select * from git_ref_log where project_id = ? and (? or name = ?) and id < ?
                    order by id desc limit ?""")) {
                select.setObject(1, project);
                select.setBoolean(2, ref == null);
                select.setString(3, ref);
                select.setLong(4, before == null ? Long.MAX_VALUE : before);
                select.setInt(5, limit);
                try (var rows = select.executeQuery()) {
                    var entries = new ArrayList<Entry>();
                    while (rows.next()) {
                        entries.add(entry(rows));
                    }
                    return entries;
                }
            }
        });
    }

    Optional<Entry> find(UUID project, long id) throws IOException {
        return list(project, null, id + 1, 1).stream()
                .filter(entry -> entry.id() == id)
                .findFirst();
    }

    /** Part of the transaction that moves the ref. */
    static void add(Connection connection, UUID project, RefStore.Change change, RefAuthor author) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into git_ref_log (project_id, name, old_oid, new_oid, forced, actor_kind, actor_name, person_id,
                    token_id, session_id, turn_id)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setObject(1, project);
            insert.setString(2, change.name());
            insert.setString(3, change.from().oid());
            insert.setString(4, change.to().oid());
            insert.setBoolean(5, change.forced());
            insert.setString(6, author.kind().name());
            insert.setString(7, author.name());
            insert.setObject(8, author.person().orElse(null));
            insert.setObject(9, author.token().orElse(null));
            insert.setObject(10, author.session().orElse(null));
            insert.setObject(11, author.turn().orElse(null));
            insert.executeUpdate();
        }
    }

    static List<String> left(Connection connection, UUID project, Duration kept) throws SQLException {
        try (var select = connection.prepareStatement("""
                select distinct old_oid from git_ref_log
                where project_id = ? and forced and old_oid is not null and at > now() - make_interval(secs => ?)""")) {
            select.setObject(1, project);
            select.setDouble(2, kept.toSeconds());
            try (var rows = select.executeQuery()) {
                var values = new ArrayList<String>();
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
                return values;
            }
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("id"),
                row.getString("name"),
                Optional.ofNullable(row.getString("old_oid")),
                Optional.ofNullable(row.getString("new_oid")),
                row.getBoolean("forced"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new RefAuthor(
                        RefAuthor.Kind.valueOf(row.getString("actor_kind")),
                        row.getString("actor_name"),
                        id(row, "person_id"),
                        id(row, "token_id"),
                        id(row, "session_id"),
                        id(row, "turn_id")));
    }

    private static Optional<UUID> id(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, UUID.class));
    }
}
