package dev.cleanroom.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.database.Access;
import dev.cleanroom.problem.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;

/**
 * Brings a backup into a database. It is loaded into a schema beside the one in use, as the migrations had it when the
 * backup was made, then migrated, and takes the other's place in one transaction: whatever ends a restore before that
 * leaves what was there.
 */
final class Restore {
    private static final String BESIDE = "cleanroom_restore";
    private static final String OTHERS = "select 1 from pg_stat_activity where datname = current_database()"
            + " and pid <> pg_backend_pid() and backend_type = 'client backend'";
    private static final int LOOKS = 20; // in 2 s: a connection that was closed is listed for a moment

    private final Access database;

    Restore(Access database) {
        this.database = database;
    }

    /**
     * Before anything is changed.
     *
     * @throws CannotStart if the backup is of a newer Cleanroom, somebody is connected, or the database holds an
     *     installation and {@code replace} is false
     */
    void check(Header header, boolean replace) throws SQLException {
        var newest = newestMigration();
        if (header.format() > Header.FORMAT || newest.compareTo(MigrationVersion.fromVersion(header.schema())) < 0) {
            throw new CannotStart("This backup was made by a newer Cleanroom (" + header.server() + ", schema "
                    + header.schema() + "; this one knows " + newest + "). Install that version or a later one first.");
        }
        try (var connection = database.connect()) {
            var tables = new Tables(connection);
            requireAlone(tables);
            if (!replace && isUsed(tables)) {
                throw new CannotStart("This installation has people and projects already. Restore into an empty one"
                        + " (another CLEANROOM_HOME), or with --replace, which deletes what is there.");
            }
        }
    }

    private static void requireAlone(Tables tables) throws SQLException {
        for (int looks = 1; !tables.strings(OTHERS).isEmpty(); looks++) {
            if (looks == LOOKS) {
                throw new CannotStart("A server or another program is connected to the database. Stop it first.");
            }
            tables.execute(List.of("select pg_sleep(0.1)"));
        }
    }

    private static boolean isUsed(Tables tables) throws SQLException {
        return tables.names().contains("person")
                && !tables.strings("select 1 from person limit 1").isEmpty();
    }

    /**
     * @param moved whether the sandboxes of the time of the backup are not this machine's of now: then sessions rebuild
     *     theirs from their checkpoints
     */
    void run(InputStream source, boolean moved, Progress progress) throws SQLException, IOException {
        Header header;
        try (var connection = database.connect();
                var in = new BlockInput(source)) {
            header = in.json('H', Header.class);
            new Tables(connection)
                    .execute(List.of("drop schema if exists " + BESIDE + " cascade", "create schema " + BESIDE));
            migrate(MigrationVersion.fromVersion(header.schema()));
            load(connection, in, progress);
        }
        migrate(MigrationVersion.LATEST);
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            new Tables(connection).replaceBy(BESIDE);
            if (moved) {
                new Tables(connection).execute(List.of("update sandbox set state = 'DESTROYING', changed_at = now()"));
            }
            record(connection, header);
            connection.commit();
        } catch (SQLException failed) {
            try (var connection = database.connect()) {
                new Tables(connection).execute(List.of("drop schema if exists " + BESIDE + " cascade"));
            }
            throw failed;
        }
    }

    private void load(Connection connection, BlockInput in, Progress progress) throws SQLException, IOException {
        connection.setAutoCommit(false);
        var schema = new Tables(connection);
        schema.execute(List.of("set search_path to " + BESIDE));
        var again = schema.bare();
        int of = schema.all().size();
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        long bytes = 0;
        for (int number = 1; in.kind() == 'T'; number++) {
            var table = in.json('T', Tables.Table.class);
            schema.execute(List.of("delete from " + Tables.quoted(table.name()))); // what a migration has put in
            var data = new Told(in.data(), table.name(), number, of, bytes, progress);
            copy.copyIn(table.copy("from stdin"), data, BlockOutput.BLOCK);
            bytes = data.bytes;
        }
        for (var sequence : in.json('S', JsonNode.class).properties()) {
            schema.strings("select setval('" + Tables.quoted(sequence.getKey()) + "', "
                    + sequence.getValue().longValue() + ")");
        }
        schema.execute(again);
        connection.commit();
    }

    private void migrate(MigrationVersion target) {
        Flyway.configure(Restore.class.getClassLoader())
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .schemas(BESIDE)
                .createSchemas(false)
                .target(target)
                .load()
                .migrate();
    }

    private MigrationVersion newestMigration() {
        var all = Flyway.configure(Restore.class.getClassLoader())
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .schemas(BESIDE)
                .load()
                .info()
                .all();
        return all[all.length - 1].getVersion();
    }

    private static void record(Connection connection, Header header) throws SQLException {
        try (var insert = connection.prepareStatement("insert into audit_entry (actor_name, action, subject, detail)"
                + " values ('system', 'backup.restored', ?, ?)")) {
            insert.setString(1, header.at());
            insert.setString(2, "server " + header.server() + ", schema " + header.schema());
            insert.execute();
        }
    }

    /** Tells of each piece that has passed. */
    private static final class Told extends java.io.FilterInputStream {
        private final String table;
        private final int number;
        private final int of;
        private final Progress progress;
        private long bytes;

        Told(InputStream source, String table, int number, int of, long bytes, Progress progress) {
            super(source);
            this.table = table;
            this.number = number;
            this.of = of;
            this.bytes = bytes;
            this.progress = progress;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = in.read(target, from, length);
            bytes += Math.max(read, 0);
            progress.at(table, number, of, bytes);
            return read;
        }
    }
}
