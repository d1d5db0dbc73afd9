package dev.cleanroom.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.postgresql.PGConnection;

/** Writes the whole database as it was at one moment, while others go on working in it. */
final class Backup {
    private Backup() {}

    /** @param plainBytes of tables, before compression */
    record Written(Header header, int tables, long plainBytes) {}

    /**
     * @param connection in no transaction; it is in none afterwards
     * @param target gets one backup and is not closed
     * @throws IOException if {@code target} does not take it; what it has then is no backup
     */
    static Written write(Connection connection, Key key, OutputStream target, Progress progress)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement();
                var out = new BlockOutput(target)) {
            statement.execute("set transaction isolation level repeatable read, read only");
            var database = new Tables(connection);
            var tables = database.all(); // the first query: all later ones see what it saw
            var header = new Header(
                    Header.FORMAT,
                    Optional.ofNullable(Backup.class.getPackage().getImplementationVersion())
                            .orElse("development"),
                    connection.getMetaData().getDatabaseMajorVersion(),
                    database.version(),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    key.ids(),
                    key.sealed().orElse(null));
            out.json('H', header);
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            for (int i = 0; i < tables.size(); i++) {
                var table = tables.get(i);
                int number = i + 1;
                out.json('T', table);
                try (var data = new Told(
                        out.data(), () -> progress.at(table.name(), number, tables.size(), out.plainBytes()))) {
                    copy.copyOut(table.copy("to stdout"), data);
                }
            }
            out.json('S', database.sequences()); // not part of the snapshot, so never behind it
            out.end();
            return new Written(header, tables.size(), out.plainBytes());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Tells of each piece that has passed. */
    private static final class Told extends java.io.FilterOutputStream {
        private final Runnable listener;

        Told(OutputStream target, Runnable listener) {
            super(target);
            this.listener = listener;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            listener.run();
        }

        @Override
        public void close() throws IOException {
            out.close();
            listener.run();
        }
    }
}
