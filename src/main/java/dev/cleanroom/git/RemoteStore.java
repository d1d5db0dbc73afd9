package dev.cleanroom.git;

import dev.cleanroom.problem.Problem;
import dev.cleanroom.secret.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to the table {@code git_remote}. Tokens are sealed in it. */
@ApplicationScoped
class RemoteStore {
    /** The one that a project was imported from. */
    static final String ORIGIN = "origin";

    /**
     * @param url without user and password
     * @param sealedToken opened by {@link RemoteStore#token}
     * @param problem of the last fetch
     */
    record Row(
            String name,
            String url,
            Optional<String> user,
            Optional<String> sealedToken,
            Optional<Instant> fetchedAt,
            Optional<Problem> problem) {
        /** Without the token. */
        @Override
        public String toString() {
            return name + " " + url;
        }
    }

    private final Database database;
    private final Vault vault;

    RemoteStore(Database database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** By name. */
    List<Row> list(UUID project) {
        return told(() -> database.read(connection -> {
            try (var select = connection.prepareStatement("""
                    select name, url, user_name, sealed_token, fetched_at, problem_type, problem_status, problem_detail
                    from git_remote where project_id = ? order by name""")) {
                select.setObject(1, project);
                try (var rows = select.executeQuery()) {
                    var remotes = new ArrayList<Row>();
                    while (rows.next()) {
                        remotes.add(row(rows));
                    }
                    return remotes;
                }
            }
        }));
    }

    Optional<Row> find(UUID project, String name) {
        return list(project).stream().filter(row -> row.name().equals(name)).findFirst();
    }

    /** @throws dev.cleanroom.problem.ProblemException if it was sealed by a key that this server does not have */
    Optional<String> token(UUID project, Row row) {
        return row.sealedToken().map(text -> vault.open(text, context(project, row.name())));
    }

    private static Row row(ResultSet row) throws SQLException {
        var fetched = row.getObject(5, OffsetDateTime.class);
        var problem = row.getString(6);
        return new Row(
                row.getString(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(fetched).map(OffsetDateTime::toInstant),
                problem == null
                        ? Optional.empty()
                        : Optional.of(new Problem(problem, row.getInt(7), row.getString(8))));
    }

    /** @return false if there is one of this name */
    boolean add(UUID project, String name, String url, Optional<String> user, Optional<String> token) {
        return 1 == change("""
                insert into git_remote (url, user_name, sealed_token, project_id, name) values (?, ?, ?, ?, ?)
                on conflict do nothing""", url, user.orElse(null), seal(project, name, token), project, name);
    }

    /** @return false if it is gone */
    boolean change(UUID project, String name, String url, Optional<String> user, Optional<String> token) {
        return 1
                == change(
                        "update git_remote set url = ?, user_name = ?, sealed_token = ? where project_id = ? and name = ?",
                        url,
                        user.orElse(null),
                        seal(project, name, token),
                        project,
                        name);
    }

    /** @return false if there was none */
    boolean delete(UUID project, String name) {
        return 1 == change("delete from git_remote where project_id = ? and name = ?", project, name);
    }

    void fetched(UUID project, String name) {
        change("""
                update git_remote set fetched_at = now(), problem_type = null, problem_status = null,
                    problem_detail = null where project_id = ? and name = ?""", project, name);
    }

    void failed(UUID project, String name, Problem problem) {
        change(
                "update git_remote set problem_type = ?, problem_status = ?, problem_detail = ? where project_id = ? and name = ?",
                problem.type(),
                problem.status(),
                problem.detail(),
                project,
                name);
    }

    private int change(String sql, Object... values) {
        return told(() -> database.inTransaction(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate();
            }
        }));
    }

    private String seal(UUID project, String name, Optional<String> token) {
        return token.map(plain -> vault.seal(plain, context(project, name))).orElse(null);
    }

    private static String context(UUID project, String name) {
        return "git.remote:" + project + ":" + name;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T told(Work<T> work) {
        try {
            return work.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
