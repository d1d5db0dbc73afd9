package dev.cleanroom.sandbox;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The only door to the table {@code egress}. */
@ApplicationScoped
class EgressStore {
    static final Duration KEPT = Duration.ofDays(90); // a quarter: what somebody asks about later is in the backups
    private static final int MAX_LET_THROUGH = 200_000; // rows of a project, some 40 MB with their indexes
    private static final int MAX_REFUSED = 20_000; // rows of a project: a loop of refusals pushes only refusals out

    private static final String REFUSED = "verdict not in ('allowed', 'git')";

    private final AgroalDataSource database;

    EgressStore(AgroalDataSource database) {
        this.database = database;
    }

    /** @param times how many connections it stands for */
    record NewRow(EgressEntry entry, int times, Optional<TurnAuthors.Author> author) {}

    /** @param reason why it was refused; null for what was let through */
    record Row(
            long id,
            UUID session,
            UUID project,
            Instant at,
            String host,
            int port,
            String verdict,
            String reason,
            int times,
            Optional<EgressEntry.Cause> cause,
            Optional<TurnAuthors.Author> author,
            long up,
            long down) {}

    /** @param connections that were let through; {@code refused}: times that others were asked for */
    record HostTotal(
            String host,
            int port,
            long connections,
            long refused,
            long bytesUp,
            long bytesDown,
            Instant first,
            Instant last) {}

    /**
     * What is asked for; each may be null.
     *
     * @param host a part of the name
     * @param verdict {@code allowed}, {@code git} or {@code refused}
     * @param from first moment; {@code to}: the first one that is not asked for
     */
    record Filter(UUID project, String host, String verdict, UUID session, Instant from, Instant to) {
        private String condition() {
            var conditions = new ArrayList<String>(List.of("true"));
            if (project != null) {
                conditions.add("project_id = ?");
            }
            if (host != null) {
                conditions.add("strpos(host, ?) > 0");
            }
            if (verdict != null) {
                conditions.add(verdict.equals("refused") ? REFUSED : "verdict = ?");
            }
            if (session != null) {
                conditions.add("session_id = ?");
            }
            if (from != null) {
                conditions.add("at >= ?");
            }
            if (to != null) {
                conditions.add("at < ?");
            }
            return String.join(" and ", conditions);
        }

        /** @return index of the next parameter */
        private int bind(PreparedStatement statement) throws SQLException {
            int i = 1;
            if (project != null) {
                statement.setObject(i++, project);
            }
            if (host != null) {
                statement.setString(i++, host);
            }
            if (verdict != null && !verdict.equals("refused")) {
                statement.setString(i++, verdict);
            }
            if (session != null) {
                statement.setObject(i++, session);
            }
            if (from != null) {
                statement.setObject(i++, time(from));
            }
            if (to != null) {
                statement.setObject(i++, time(to));
            }
            return i;
        }
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T call(Work<T> work) {
        try (var connection = database.getConnection()) {
            return work.run(connection);
        } catch (SQLException failed) {
            throw new IllegalStateException("The egress ledger cannot be reached: " + failed.getMessage(), failed);
        }
    }

    /** All or none. @return ids in the order given */
    List<Long> add(Collection<NewRow> rows) {
        return call(connection -> {
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("""
                    insert into egress (session_id, project_id, at, host, port, verdict, times, cause, actor_id,
                        actor_name, bytes_up, bytes_down)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", new String[] {"id"})) {
                for (var row : rows) {
                    var entry = row.entry();
                    insert.setObject(1, entry.session());
                    insert.setObject(2, entry.project());
                    insert.setObject(3, time(entry.at()));
                    insert.setString(4, entry.host());
                    insert.setInt(5, entry.port());
                    insert.setString(6, entry.verdict());
                    insert.setInt(7, row.times());
                    insert.setString(8, entry.cause().map(Object::toString).orElse(null));
                    insert.setObject(9, row.author().map(TurnAuthors.Author::id).orElse(null));
                    insert.setString(
                            10, row.author().map(TurnAuthors.Author::name).orElse(null));
                    insert.setLong(11, entry.up().get());
                    insert.setLong(12, entry.down().get());
                    insert.addBatch();
                }
                insert.executeBatch();
                var ids = new ArrayList<Long>();
                try (var keys = insert.getGeneratedKeys()) {
                    while (keys.next()) {
                        ids.add(keys.getLong(1));
                    }
                }
                connection.commit();
                return ids;
            } catch (SQLException failed) {
                connection.rollback();
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    /** The bytes that these have carried until now. */
    void count(Map<EgressEntry, Long> ids) {
        call(connection -> {
            try (var update =
                    connection.prepareStatement("update egress set bytes_up = ?, bytes_down = ? where id = ?")) {
                for (var each : ids.entrySet()) {
                    update.setLong(1, each.getKey().up().get());
                    update.setLong(2, each.getKey().down().get());
                    update.setLong(3, each.getValue());
                    update.addBatch();
                }
                return update.executeBatch();
            }
        });
    }

    /** Deletes what is too old, and of these projects the oldest of what is too much. */
    void prune(Collection<UUID> projects) {
        call(connection -> {
            try (var delete = connection.prepareStatement("delete from egress where at < ?")) {
                delete.setObject(1, time(Instant.now().minus(KEPT)));
                delete.executeUpdate();
            }
            for (var project : projects) {
                keepNewest(connection, project, REFUSED, MAX_REFUSED);
                keepNewest(connection, project, "not " + REFUSED, MAX_LET_THROUGH);
            }
            return null;
        });
    }

    private static void keepNewest(Connection connection, UUID project, String which, int most) throws SQLException {
        try (var delete = connection.prepareStatement("delete from egress where project_id = ? and " + which
                + " and id <= (select id from egress where project_id = ? and " + which
                + " order by id desc offset ? limit 1)")) {
            delete.setObject(1, project);
            delete.setObject(2, project);
            delete.setInt(3, most);
            delete.executeUpdate();
        }
    }

    /** The newest first. @param before an id, or {@code Long.MAX_VALUE} */
    List<Row> page(Filter filter, long before, int limit) {
        return call(connection -> {
            try (var select = connection.prepareStatement(
                    "select * from egress where " + filter.condition() + " and id < ? order by id desc limit ?")) {
                int next = filter.bind(select);
                select.setLong(next, before);
                select.setInt(next + 1, limit);
                try (var rows = select.executeQuery()) {
                    var page = new ArrayList<Row>();
                    while (rows.next()) {
                        page.add(row(rows));
                    }
                    return page;
                }
            }
        });
    }

    /** By host and port, the one that took most bytes from the sandboxes first. */
    List<HostTotal> totals(Filter filter, int limit) {
        return call(connection -> {
            try (var select = connection.prepareStatement("select host, port,"
                    + " coalesce(sum(times) filter (where not " + REFUSED + "), 0) as connections,"
                    + " coalesce(sum(times) filter (where " + REFUSED + "), 0) as refused,"
                    + " sum(bytes_up) as up, sum(bytes_down) as down, min(at) as first, max(at) as last from egress where "
                    + filter.condition()
                    + " group by host, port order by up desc, connections desc, host, port limit ?")) {
                select.setInt(filter.bind(select), limit);
                try (var rows = select.executeQuery()) {
                    var totals = new ArrayList<HostTotal>();
                    while (rows.next()) {
                        totals.add(new HostTotal(
                                rows.getString("host"),
                                rows.getInt("port"),
                                rows.getLong("connections"),
                                rows.getLong("refused"),
                                rows.getLong("up"),
                                rows.getLong("down"),
                                moment(rows, "first"),
                                moment(rows, "last")));
                    }
                    return totals;
                }
            }
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        String verdict = row.getString("verdict");
        boolean passed = verdict.equals(EgressLedger.ALLOWED) || verdict.equals(EgressLedger.GIT);
        return new Row(
                row.getLong("id"),
                row.getObject("session_id", UUID.class),
                row.getObject("project_id", UUID.class),
                moment(row, "at"),
                row.getString("host"),
                row.getInt("port"),
                passed ? verdict : "refused",
                passed ? null : verdict,
                row.getInt("times"),
                EgressEntry.Cause.of(row.getString("cause")),
                Optional.ofNullable(row.getObject("actor_id", UUID.class))
                        .map(id -> new TurnAuthors.Author(id, nameOf(row))),
                row.getLong("bytes_up"),
                row.getLong("bytes_down"));
    }

    private static String nameOf(ResultSet row) {
        try {
            return row.getString("actor_name");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Instant moment(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant moment) {
        return OffsetDateTime.ofInstant(moment, ZoneOffset.UTC);
    }
}
