package dev.cleanroom.backup;

import dev.cleanroom.database.Access;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/** What the bench measures: a database of packs and logs, saved and brought back. */
public final class BackupFigures {
    private static final int CHUNKS = 4_000; // of 64 KiB that nothing compresses, as packs are
    private static final int EVENTS = 100_000; // of about 1.5 KB, as most are

    private BackupFigures() {}

    public static void fill(Access database) throws SQLException {
        try (var connection = database.connect()) {
            new Tables(connection)
                    .execute(List.of(
                            "insert into git_repo (project_id) values (gen_random_uuid())",
                            "insert into git_pack (project_id, name, source, state, chunk_size)"
                                    + " select project_id, 'p', 'bench', 2, 65536 from git_repo",
                            "insert into git_pack_file select id, 'pack', 0, 65536 from git_pack",
                            "insert into git_chunk select id, 'pack', no, (select"
                                    + " string_agg(uuid_send(gen_random_uuid()), ''::bytea) from generate_series(1, 4096)"
                                    + " where no >= 0) from git_pack, generate_series(1, " + CHUNKS + ") no",
                            "insert into session (id, project, owner, title, model, mode, base_commit) values"
                                    + " (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Bench', 'tour/guide',"
                                    + " 'default', '4b825dc642cb6eb9a060e54bf8d69288fbee4904')",
                            "insert into session_event (session, sequence, at, actor, type, payload)"
                                    + " select id, no, now(), '{\"kind\":\"agent\"}', 'tool-returned',"
                                    + " json_build_object('type', 'tool-returned', 'output', (select string_agg('line '"
                                    + " || (no::bigint * n * 7919) % 99991 || ' of a build that says much', E'\\n')"
                                    + " from generate_series(1, 40) n))"
                                    + " from session, generate_series(1, " + EVENTS + ") no"));
        }
    }

    /** @return bytes of tables */
    public static long backup(Access database, Path file) throws SQLException, IOException {
        try (var connection = database.connect();
                var target = new BufferedOutputStream(Files.newOutputStream(file))) {
            return Backup.write(connection, new Key(List.of(), Optional.empty()), target, Progress.NONE)
                    .plainBytes();
        }
    }

    /** As the command does it: checked first. */
    public static void restore(Access database, Path file) throws SQLException, IOException {
        try (var in = Files.newInputStream(file);
                var again = Files.newInputStream(file)) {
            BlockInput.check(in);
            new Restore(database).run(again, true, Progress.NONE);
        }
    }

    /** The same rows out of the database and nowhere: what there is to gain. */
    public static void copyAlone(Access database) throws SQLException, IOException {
        try (var connection = database.connect()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            for (var table : new Tables(connection).all()) {
                copy.copyOut(table.copy("to stdout"), OutputStream.nullOutputStream());
            }
        }
    }
}
