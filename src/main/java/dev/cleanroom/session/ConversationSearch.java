package dev.cleanroom.session;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds words in what was asked, answered and run in all sessions of a project. */
@ApplicationScoped
class ConversationSearch {
    private static final int MAX_FOUND = 100; // nobody reads more: the words were too common
    private static final int MAX_WORDS = 20; // of a query
    private static final int LIMIT_SECONDS = 10; // nobody waits longer, and others need the database
    private static final String CANCELLED = "57014"; // PostgreSQL's query_canceled
    private static final int BEFORE = 80; // UTF-16 units of a snippet before the word that was found
    private static final int AFTER = 160;

    private final AgroalDataSource database;

    ConversationSearch(AgroalDataSource database) {
        this.database = database;
    }

    /**
     * @param title the session's
     * @param type of the event: {@code prompt-submitted}, {@code text-finished} or {@code tool-called}
     * @param snippet of the text around the first word that was found, on one line
     */
    record Found(UUID session, String title, long sequence, Instant at, Actor actor, String type, String snippet) {}

    /** Events that have words beginning with each of the query's, newest first, at most 100. */
    List<Found> find(UUID project, String query) {
        var words = words(query);
        if (words.isEmpty()) {
            return List.of();
        }
        var asked = words.stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("""
                        select e.session, s.title, e.sequence, e.at, e.actor, e.type, e.payload
                        from session_event e join session s on s.id = e.session
                        where s.project = ? and e.type in ('prompt-submitted', 'text-finished', 'tool-called')
                        and to_tsvector('simple', session_event_words(e.type, e.payload)) @@ to_tsquery('simple', ?)
                        order by e.at desc, e.sequence desc limit\s""" + MAX_FOUND)) {
            select.setObject(1, project);
            select.setString(2, asked);
            select.setQueryTimeout(LIMIT_SECONDS);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<Found>();
                while (rows.next()) {
                    found.add(found(rows, words.getFirst()));
                }
                return found;
            }
        } catch (SQLException failed) {
            if (CANCELLED.equals(failed.getSQLState())) {
                throw new ProblemException(
                        Kind.UNAVAILABLE,
                        "session.search-too-wide",
                        "Too much has these letters: the search was stopped after " + LIMIT_SECONDS
                                + " seconds. Search for longer words, or more of them.");
            }
            throw new StorageException(failed);
        }
    }

    /** As {@code session_event_words} parts them. */
    private static List<String> words(String query) {
        return Arrays.stream(Storable.text(query).toLowerCase(Locale.ROOT).split("[\\s\\p{Punct}\\p{Cntrl}]+"))
                .filter(word -> !word.isEmpty())
                .limit(MAX_WORDS)
                .toList();
    }

    private static Found found(ResultSet row, String word) throws SQLException {
        var payload = SessionJson.tree(row.getString(7));
        var text = payload.has("text")
                ? payload.path("text").asText()
                : payload.path("input").path("command").asText();
        return new Found(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getLong(3),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                SessionJson.read(row.getString(5), Actor.class),
                row.getString(6),
                snippet(text, word));
    }

    private static String snippet(String text, String word) {
        int at = Math.max(0, text.toLowerCase(Locale.ROOT).indexOf(word));
        int from = Math.max(0, Math.min(at, text.length()) - BEFORE);
        int to = Math.min(text.length(), at + AFTER);
        var cut = text.substring(from, to).replaceAll("\\s+", " ").strip();
        return Storable.text((from > 0 ? "…" : "") + cut + (to < text.length() ? "…" : ""));
    }
}
