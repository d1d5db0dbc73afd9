package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What waiting sessions wait for. */
@ApplicationScoped
class OpenQuestions {
    private static final int MAX_TEXT = 200; // UTF-16 units; a list shows one line

    private final AgroalDataSource database;

    OpenQuestions(AgroalDataSource database) {
        this.database = database;
    }

    /** By session, the call of its oldest question that has no answer: the tool, and its command or path. */
    Map<UUID, String> of(Collection<UUID> sessions) {
        if (sessions.isEmpty()) {
            return Map.of();
        }
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("""
                        select distinct on (asked.session) asked.session, asked.payload from session_event asked
                        where asked.session = any(?) and asked.type = 'approval-requested' and not exists (
                          select 1 from session_event done where done.session = asked.session
                          and done.type in ('approval-given', 'tool-returned') and done.key = asked.key)
                        order by asked.session, asked.sequence""")) {
            select.setArray(1, connection.createArrayOf("uuid", sessions.toArray()));
            try (var rows = select.executeQuery()) {
                var waiting = new HashMap<UUID, String>();
                while (rows.next()) {
                    var asked = (ApprovalRequested) SessionJson.read(rows.getString(2), SessionEvent.class);
                    waiting.put(rows.getObject(1, UUID.class), text(asked));
                }
                return waiting;
            }
        } catch (SQLException failed) {
            throw new StorageException(failed);
        }
    }

    private static String text(ApprovalRequested asked) {
        var input = asked.input();
        var about = input.path("command").asText(input.path("file_path").asText(""));
        return Storable.text((asked.tool() + " " + about.lines().findFirst().orElse("")).strip(), MAX_TEXT);
    }
}
