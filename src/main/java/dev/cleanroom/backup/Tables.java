package dev.cleanroom.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of the schema that a connection works in. What belongs to an extension is not ours. */
final class Tables {
    static final String HISTORY = "flyway_schema_history"; // made anew by a restore

    /** @param columns that are stored, in the order of the backup */
    record Table(String name, List<String> columns) {
        String copy(String direction) {
            return "copy " + quoted(name) + " ("
                    + String.join(", ", columns.stream().map(Tables::quoted).toList()) + ") " + direction
                    + " (format binary)";
        }
    }

    private static final String OURS = """
        c.relnamespace = current_schema()::regnamespace
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')\
        """;

    private final Connection connection;

    Tables(Connection connection) {
        this.connection = connection;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    List<Table> all() throws SQLException {
        var tables = new ArrayList<Table>();
        for (String name : names()) {
            if (!name.equals(HISTORY)) {
                tables.add(new Table(name, strings("""
                    select attname from pg_attribute where attrelid = '%s'::regclass
                    and attnum > 0 and not attisdropped and attgenerated = '' order by attnum\
                    """.formatted(quoted(name).replace("'", "''")))));
            }
        }
        return tables;
    }

    /** With the history of migrations. */
    List<String> names() throws SQLException {
        return strings("select relname from pg_class c where relkind = 'r' and " + OURS + " order by 1");
    }

    /** Values given last; a sequence that gave none is not among them. */
    Map<String, Long> sequences() throws SQLException {
        var values = new TreeMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select sequencename, last_value from pg_sequences"
                        + " where schemaname = current_schema() and last_value is not null")) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getLong(2));
            }
        }
        return values;
    }

    /** The newest migration; empty where there has been none. */
    String version() throws SQLException {
        return names().contains(HISTORY)
                ? strings("select version from " + HISTORY
                                + " where success and version is not null order by installed_rank desc limit 1")
                        .stream()
                        .findFirst()
                        .orElse("")
                : "";
    }

    /**
     * Takes off what slows loading or asks for an order of the tables: foreign keys, indexes that are no constraint,
     * triggers. @return statements that bring it back
     */
    List<String> bare() throws SQLException {
        var again = new ArrayList<String>();
        again.addAll(
                strings("select pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid"
                        + " where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) and "
                        + OURS));
        again.addAll(strings("select format('alter table %s add constraint %I %s', conrelid::regclass, conname,"
                + " pg_get_constraintdef(k.oid)) from pg_constraint k join pg_class c on c.oid = conrelid"
                + " where contype = 'f' and " + OURS));
        again.addAll(strings("select distinct format('alter table %s enable trigger user', tgrelid::regclass)"
                + " from pg_trigger join pg_class c on c.oid = tgrelid where not tgisinternal and " + OURS));
        execute(strings("select distinct format('alter table %s disable trigger user', tgrelid::regclass)"
                + " from pg_trigger join pg_class c on c.oid = tgrelid where not tgisinternal and " + OURS));
        execute(strings("select format('alter table %s drop constraint %I', conrelid::regclass, conname)"
                + " from pg_constraint k join pg_class c on c.oid = conrelid where contype = 'f' and " + OURS));
        execute(strings("select format('drop index %s', i.indexrelid::regclass) from pg_index i"
                + " join pg_class c on c.oid = i.indexrelid"
                + " where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) and " + OURS));
        return again;
    }

    /** Everything of ours in this schema is deleted, and what {@code from} has takes its place. */
    void replaceBy(String from) throws SQLException {
        String here = strings("select current_schema()").getFirst();
        execute(names().stream()
                .map(name -> "drop table " + quoted(name) + " cascade")
                .toList());
        execute(strings("select format('drop function %s cascade', c.oid::regprocedure) from pg_proc c"
                + " where c.pronamespace = current_schema()::regnamespace"
                + " and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')"));
        execute(strings(
                "select format('alter table %s set schema " + quoted(here).replace("'", "''")
                        + "', oid::regclass) from pg_class where relkind = 'r' and relnamespace = '" + from
                        + "'::regnamespace"));
        execute(strings(
                "select format('alter function %s set schema " + quoted(here).replace("'", "''")
                        + "', oid::regprocedure) from pg_proc where pronamespace = '" + from + "'::regnamespace"));
        execute(List.of("drop schema " + from));
    }

    List<String> strings(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    void execute(List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
