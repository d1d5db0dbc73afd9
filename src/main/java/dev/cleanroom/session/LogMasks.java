package dev.cleanroom.session;

import dev.cleanroom.project.ProjectSecrets;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.SessionRenamed;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionLog.Entry;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Hides a project's secrets in what comes into a log from outside: prompts, titles and what tools returned. The model
 * knows no more than these; arguments of calls stay as they were written, for they are run.
 */
@ApplicationScoped
class LogMasks {
    private final AgroalDataSource database;
    private final ProjectSecrets secrets;

    LogMasks(AgroalDataSource database, ProjectSecrets secrets) {
        this.database = database;
        this.secrets = secrets;
    }

    List<Entry> masked(UUID session, List<Entry> entries) {
        if (entries.stream().noneMatch(entry -> comesFromOutside(entry.event()))) {
            return entries;
        }
        var masker = Undisturbed.call(() -> project(session).map(secrets::masker));
        return masker.isEmpty() || masker.get().isEmpty()
                ? entries
                : entries.stream()
                        .map(entry -> new Entry(
                                masked(entry.event(), masker.get()), entry.step(), entry.key(), entry.replay()))
                        .toList();
    }

    private static SessionEvent masked(SessionEvent event, Masker masker) {
        return switch (event) {
            case ToolReturned(var call, var output, var failed, var millis, var exit, var outcome) ->
                new ToolReturned(call, masker.mask(output), failed, millis, exit, outcome);
            case PromptSubmitted(var prompt, var text, var attachments, var deliver) ->
                new PromptSubmitted(prompt, masker.mask(text), attachments, deliver);
            case PromptChanged(var prompt, var text, var withdrawn, var position) ->
                new PromptChanged(prompt, masker.mask(text), withdrawn, position);
            case SessionRenamed(var title) -> new SessionRenamed(masker.mask(title));
            default -> event;
        };
    }

    private static boolean comesFromOutside(SessionEvent event) {
        return event instanceof ToolReturned
                || event instanceof PromptSubmitted
                || event instanceof PromptChanged
                || event instanceof SessionRenamed;
    }

    private Optional<UUID> project(UUID session) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select project from session where id = ?")) {
            select.setObject(1, session);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
            }
        }
    }
}
