package dev.cleanroom.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.StorageException;
import dev.cleanroom.tool.ToolContext.Intent;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code tool_run}: which calls may have had an effect, and in which life of their sandbox. */
@ApplicationScoped
class ToolRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param runnerEpoch the sandbox's life in which the call began */
    record Begun(String runnerEpoch, List<Intent> intents) {}

    private final AgroalDataSource database;

    ToolRuns(AgroalDataSource database) {
        this.database = database;
    }

    /** Returns when it is durable. A second time for the same call changes nothing. */
    void begin(Lease lease, UUID callId, String runnerEpoch, List<Intent> intents) {
        Undisturbed.run(() -> {
            try (var connection = database.getConnection();
                    var insert = connection.prepareStatement("""
                            insert into tool_run (call_id, session, runner_epoch, lease_epoch, reads)
                            values (?, ?, ?, ?, cast(? as json)) on conflict do nothing""")) {
                insert.setObject(1, callId);
                insert.setObject(2, lease.session());
                insert.setString(3, runnerEpoch);
                insert.setLong(4, lease.epoch());
                insert.setString(5, JSON.writeValueAsString(intents));
                insert.executeUpdate();
            } catch (SQLException | JsonProcessingException e) {
                throw new StorageException(e);
            }
        });
    }

    Optional<Begun> find(UUID callId) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select =
                            connection.prepareStatement("select runner_epoch, reads from tool_run where call_id = ?")) {
                select.setObject(1, callId);
                try (var row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Begun(
                                    row.getString(1),
                                    JSON.readValue(row.getString(2), new TypeReference<List<Intent>>() {})))
                            : Optional.<Begun>empty();
                }
            } catch (SQLException e) {
                throw new StorageException(e);
            }
        });
    }
}
