package dev.cleanroom.session;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Whose prompt a session worked on at some moment. */
@ApplicationScoped
public class PromptAuthors {
    private final AgroalDataSource database;

    PromptAuthors(AgroalDataSource database) {
        this.database = database;
    }

    /** @return empty: no turn ran, or the session is gone */
    public Optional<Actor> at(UUID session, Instant moment) {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("""
                        select prompt.actor from (
                          select type, payload from session_event
                          where session = ? and type in ('turn-started', 'turn-ended') and at <= ?
                          order by sequence desc limit 1) newest
                        join session_event prompt on prompt.session = ? and prompt.type = 'prompt-submitted'
                          and prompt.payload->>'promptId' = newest.payload->>'promptId'
                        where newest.type = 'turn-started'""")) {
            select.setObject(1, session);
            select.setObject(2, OffsetDateTime.ofInstant(moment, ZoneOffset.UTC));
            select.setObject(3, session);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(SessionJson.read(rows.getString(1), Actor.class)) : Optional.empty();
            }
        } catch (SQLException failed) {
            throw new StorageException(failed);
        }
    }
}
