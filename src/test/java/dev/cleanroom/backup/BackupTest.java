package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.database.Access;
import dev.cleanroom.git.RestoredRepositories;
import dev.cleanroom.problem.CannotStart;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a running server as a file, and that file in another database of the same PostgreSQL. */
@QuarkusTest
class BackupTest {
    private static final Key NO_KEY = new Key(List.of("0a0b0c0d"), Optional.empty());

    @Inject
    AgroalDataSource source;

    private final String name = "restored_" + UUID.randomUUID().toString().substring(0, 8);
    private Access target;

    @BeforeEach
    void makeDatabase() throws SQLException {
        execute("create database " + name);
        var url = property("cleanroom.test.database.url");
        target = new Access(
                url.substring(0, url.lastIndexOf('/') + 1) + name,
                "cleanroom",
                property("cleanroom.test.database.password"));
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        execute("drop database " + name + " with (force)");
    }

    @Test
    void bringsEveryRowIntoAnotherDatabase() throws Exception {
        var session = TestProject.session(TestPeople.administrator(), TestProject.empty(TestPeople.administrator()));
        say(session, "tab\tquote \" and \u00fc \u2603");
        byte[] file;
        Map<String, String> before;
        try (var connection = source.getConnection()) {
            do { // other tests' turns may still write
                before = rows(connection);
                file = backup();
            } while (!rows(connection).equals(before));
        }

        restore(file, true);

        try (var connection = target.connect()) {
            var after = rows(connection);
            assertThat(before.get("session_event")).isNotEqualTo("0 null");
            before.keySet().removeAll(List.of("audit_entry", "sandbox")); // a restore adds to the one, marks the other
            after.keySet().removeAll(List.of("audit_entry", "sandbox"));
            assertThat(after).isEqualTo(before);
            assertThat(RestoredRepositories.damaged(dataSource())).isEmpty();
            assertThat(new Tables(connection)
                            .strings("select actor_name || action from audit_entry order by sequence desc limit 1"))
                    .containsExactly("systembackup.restored"); // its identity column went on where it was
            assertThat(shape(connection)).isEqualTo(shape(source.getConnection()));
        }
    }

    @Test
    void isOfOneMoment() throws Exception {
        var owner = TestPeople.administrator();
        var project = TestProject.empty(owner);
        var stop = new AtomicBoolean();
        var writer = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                say(TestProject.session(owner, project), "x");
            }
        });

        var file = backup();

        stop.set(true);
        writer.join();
        restore(file, true); // its foreign keys hold, and so does the log's count
        try (var connection = target.connect()) {
            assertThat(new Tables(connection)
                            .strings("select id from session s where sequence <>"
                                    + " (select count(*) from session_event e where e.session = s.id)"))
                    .isEmpty();
        }
    }

    @Test
    void replacesWhatIsThereOnlyWhenToldTo() throws Exception {
        TestPeople.administrator();
        var file = backup();
        restore(file, true);

        assertThatThrownBy(() -> restore(file, false))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("--replace");
        restore(file, true);

        try (var connection = target.connect()) {
            assertThat(new Tables(connection)
                            .strings("select nspname from pg_namespace where nspname like 'cleanroom%'"))
                    .isEmpty();
        }
    }

    @Test
    void leavesWhatWasThereWhenItIsCutOff() throws Exception {
        TestPeople.administrator();
        restore(backup(), true);
        Map<String, String> before;
        try (var connection = target.connect()) {
            before = rows(connection);
        }
        TestProject.empty(TestPeople.administrator());
        var newer = backup();
        var cut = java.util.Arrays.copyOf(newer, newer.length - 100);

        assertThatThrownBy(() -> new Restore(target).run(new ByteArrayInputStream(cut), true, Progress.NONE))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("cut off");

        try (var connection = target.connect()) {
            assertThat(rows(connection)).isEqualTo(before);
        }
    }

    @Test
    void refusesADamagedByteAnywhereAndACutFile() throws Exception {
        var file = backup();
        for (int at = 0; at < file.length; at += Math.max(1, file.length / 97)) {
            var damaged = file.clone();
            damaged[at] ^= 0x10;
            assertThatThrownBy(() -> BlockInput.check(new ByteArrayInputStream(damaged)))
                    .isInstanceOf(CannotStart.class);
        }
        var cut = java.util.Arrays.copyOf(file, file.length - 1);
        assertThatThrownBy(() -> BlockInput.check(new ByteArrayInputStream(cut)))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void refusesABackupOfANewerVersion() {
        for (var header : List.of(
                new Header(Header.FORMAT, "9", 18, "9999", "2031-01-01T00:00:00Z", List.of(), null),
                new Header(Header.FORMAT + 1, "9", 18, "010", "2031-01-01T00:00:00Z", List.of(), null))) {
            assertThatThrownBy(() -> new Restore(target).check(header, true))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("newer Cleanroom (9");
        }
    }

    @Test
    void refusesWhileSomebodyIsConnected() throws Exception {
        var file = backup();

        try (var connection = target.connect()) {
            assertThat(connection.isValid(1)).isTrue();
            assertThatThrownBy(() -> restore(file, true))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("Stop it first");
        }
    }

    @Test
    void usesOnlyTypesWhoseBinaryFormIsTheSameInEveryVersion() throws Exception {
        try (var connection = source.getConnection()) {
            assertThat(new Tables(connection).strings("""
                select distinct t.typname from pg_attribute a join pg_class c on c.oid = a.attrelid
                join pg_type t on t.oid = a.atttypid where c.relkind = 'r' and attnum > 0 and not attisdropped
                and c.relnamespace = current_schema()::regnamespace\
                """))
                    .isSubsetOf(
                            "uuid",
                            "text",
                            "bytea",
                            "json",
                            "timestamptz",
                            "int2",
                            "int4",
                            "int8",
                            "bool",
                            "float8",
                            "_text",
                            "_uuid",
                            "varchar",
                            "timestamp"); // the last two: Flyway's own table
        }
    }

    private byte[] backup() throws SQLException, IOException {
        var file = new ByteArrayOutputStream();
        try (var connection = source.getConnection()) {
            Backup.write(connection, NO_KEY, file, Progress.NONE);
        }
        return file.toByteArray();
    }

    private void restore(byte[] file, boolean replace) throws SQLException, IOException {
        var restore = new Restore(target);
        restore.check(BlockInput.check(new ByteArrayInputStream(file)), replace);
        InputStream again = new ByteArrayInputStream(file);
        restore.run(again, true, Progress.NONE);
    }

    private static void say(UUID session, String text) {
        Somebody owner = TestPeople.administrator();
        owner.request()
                .body(Map.of("text", text))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(202);
    }

    /** What each table holds, as a count and a hash. */
    private static Map<String, String> rows(Connection connection) throws SQLException {
        var tables = new Tables(connection);
        var rows = new TreeMap<String, String>();
        for (String table : tables.names()) {
            if (!table.equals(Tables.HISTORY)) {
                rows.put(
                        table,
                        tables.strings("select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by"
                                        + " md5(t::text))), 'null') from " + Tables.quoted(table) + " t")
                                .getFirst());
            }
        }
        return rows;
    }

    /** Indexes, constraints and triggers. */
    private static List<String> shape(Connection connection) throws SQLException {
        try (connection) {
            var shape = new Tables(connection)
                    .strings("select indexdef from pg_indexes where schemaname = 'public' order by 1");
            shape.addAll(new Tables(connection)
                    .strings("select conrelid::regclass || ' ' || pg_get_constraintdef(oid)"
                            + " from pg_constraint where connamespace = 'public'::regnamespace order by 1"));
            shape.addAll(new Tables(connection)
                    .strings("select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger"
                            + " where not tgisinternal order by 1"));
            return shape;
        }
    }

    private PGSimpleDataSource dataSource() {
        var all = new PGSimpleDataSource();
        all.setURL(target.jdbcUrl());
        all.setUser(target.username());
        all.setPassword(target.password());
        return all;
    }

    private static void execute(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        property("cleanroom.test.database.url"),
                        "cleanroom",
                        property("cleanroom.test.database.password"));
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static String property(String name) {
        return System.getProperty(
                name,
                ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse(""));
    }
}
