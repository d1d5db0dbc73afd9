package dev.cleanroom.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.secret.Vault;
import dev.cleanroom.session.Undisturbed;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code kept_set} and {@code kept_file}: what a session keeps of the files that git ignores, sealed. */
@ApplicationScoped
class SealedStore {
    private static final int SETS = 100; // of a session, the newest; an older rewind leaves these files as they are
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param mode octal; {@code hash} of the content; {@code file} that has it */
    record Kept(String path, String mode, String hash, UUID file) {}

    private final AgroalDataSource database;
    private final Vault vault;

    SealedStore(AgroalDataSource database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** @param contents of those files that no earlier set has, by id */
    UUID add(UUID session, List<Kept> files, Map<UUID, byte[]> contents) {
        var set = UUID.randomUUID();
        Undisturbed.run(() -> {
            try (var connection = database.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    insert(connection, session, set, files, contents);
                    forget(connection, session);
                    connection.commit();
                } catch (SQLException | RuntimeException failed) {
                    connection.rollback();
                    throw failed;
                } finally {
                    connection.setAutoCommit(true);
                }
            }
        });
        return set;
    }

    private void insert(Connection connection, UUID session, UUID set, List<Kept> files, Map<UUID, byte[]> contents)
            throws SQLException, JsonProcessingException {
        try (var file = connection.prepareStatement("insert into kept_file (id, session, sealed) values (?, ?, ?)");
                var all = connection.prepareStatement("insert into kept_set (id, session, sealed) values (?, ?, ?)");
                var member = connection.prepareStatement(
                        "insert into kept_set_file (set_id, file_id) values (?, ?) on conflict do nothing")) {
            for (var content : contents.entrySet()) {
                file.setObject(1, content.getKey());
                file.setObject(2, session);
                file.setString(
                        3,
                        vault.seal(Base64.getEncoder().encodeToString(content.getValue()), context(content.getKey())));
                file.executeUpdate();
            }
            all.setObject(1, set);
            all.setObject(2, session);
            all.setString(3, vault.seal(JSON.writeValueAsString(files), context(set)));
            all.executeUpdate();
            for (var each : files) {
                member.setObject(1, set);
                member.setObject(2, each.file());
                member.executeUpdate();
            }
        }
    }

    private static void forget(Connection connection, UUID session) throws SQLException {
        try (var sets = connection.prepareStatement("""
                        delete from kept_set where session = ? and id not in (
                          select id from kept_set where session = ? order by taken_at desc limit ?)""");
                var files = connection.prepareStatement("""
                        delete from kept_file where session = ?
                        and not exists (select 1 from kept_set_file where file_id = kept_file.id)""")) {
            sets.setObject(1, session);
            sets.setObject(2, session);
            sets.setInt(3, SETS);
            sets.executeUpdate();
            files.setObject(1, session);
            files.executeUpdate();
        }
    }

    /**
     * @return empty if it is too old, or another session's
     * @throws dev.cleanroom.problem.ProblemException {@code secret.unreadable}
     */
    Optional<List<Kept>> find(UUID session, UUID set) {
        return sealed("select sealed from kept_set where id = ? and session = ?", session, set)
                .map(text -> read(vault.open(text, context(set))));
    }

    /** @throws dev.cleanroom.problem.ProblemException {@code secret.unreadable} */
    Optional<byte[]> content(UUID session, UUID file) {
        return sealed("select sealed from kept_file where id = ? and session = ?", session, file)
                .map(text -> Base64.getDecoder().decode(vault.open(text, context(file))));
    }

    private Optional<String> sealed(String sql, UUID session, UUID id) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement(sql)) {
                select.setObject(1, id);
                select.setObject(2, session);
                try (var row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }

    private static List<Kept> read(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException ours) {
            throw new IllegalStateException(ours);
        }
    }

    private static String context(UUID id) {
        return "workspace.kept:" + id;
    }
}
