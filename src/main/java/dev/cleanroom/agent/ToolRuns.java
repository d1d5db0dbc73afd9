package dev.cleanroom.agent;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.LeaseLost;
import dev.cleanroom.session.Undisturbed;
import dev.cleanroom.tool.ToolContext.Intent;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
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

    /**
     * Returns when it is durable. A second time for the same call changes nothing.
     *
     * @throws LeaseLost if somebody else drives the session by now: the call must not run
     */
    void begin(Lease lease, UUID callId, String runnerEpoch, List<Intent> intents) {
        int begun = Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var insert = connection.prepareStatement("""
                            insert into tool_run (call_id, session, runner_epoch, lease_epoch, reads)
                            select ?, id, ?, lease_epoch, cast(? as json) from session where id = ? and lease_epoch = ?
                            on conflict (call_id) do update set lease_epoch = excluded.lease_epoch""")) {
                insert.setObject(1, callId);
                insert.setString(2, runnerEpoch);
                insert.setString(3, JSON.writeValueAsString(intents));
                insert.setObject(4, lease.session());
                insert.setLong(5, lease.epoch());
                return insert.executeUpdate();
            }
        });
        if (begun == 0) {
            throw new LeaseLost(lease);
        }
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
            }
        });
    }
}
