package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.Outcome;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;

/** Whole sessions on their way to and from another installation: one event a line, as clients see it. */
@ApplicationScoped
public class SessionArchive {
    private static final String DEFAULT_MODE = "default";
    private static final int PAGE = 1_000; // events read at once
    private static final int MAX_EVENTS = 1_000_000; // of one session
    private static final int MAX_LINE = 16 << 20; // UTF-16 units: a prompt with its images, and each of them escaped

    /**
     * A session apart from its events.
     *
     * @param id of where it comes from
     * @param owner a name
     * @param checkpoint newest commit of the hidden ref, or null
     */
    public record Described(
            UUID id,
            String title,
            String owner,
            String model,
            String baseCommit,
            String checkpoint,
            boolean archived,
            String createdAt,
            String changedAt) {}

    private final SessionStore sessions;
    private final EventStore events;
    private final AgroalDataSource database;

    SessionArchive(SessionStore sessions, EventStore events, AgroalDataSource database) {
        this.sessions = sessions;
        this.events = events;
        this.database = database;
    }

    /** All of a project, archived ones too. */
    public List<Session> of(UUID project) {
        return sessions.list(List.of(project), null, null, true, 0, Integer.MAX_VALUE);
    }

    /** Sequences from 1, none missing. */
    public void writeLines(UUID session, OutputStream target) throws IOException {
        for (long after = 0; ; ) {
            var page = events.readStored(session, after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            for (var event : page) {
                target.write(event.json().getBytes(StandardCharsets.UTF_8));
                target.write('\n');
            }
            after = page.getLast().sequence();
        }
    }

    /** For people to read. */
    public void writeTranscript(Session session, OutputStream target) throws IOException {
        var text = new Transcript(session);
        for (long after = 0; ; ) {
            var page = events.read(session.id(), after, PAGE);
            target.write(text.of(page).getBytes(StandardCharsets.UTF_8));
            if (page.isEmpty()) {
                return;
            }
            after = page.getLast().sequence();
        }
    }

    /**
     * A session with this log. Its people are names here; what was going on in it is over: a turn is interrupted, calls
     * without a result have an unknown one, waiting prompts are withdrawn. It asks before each call, whatever it did before.
     *
     * @param id of here
     * @throws ProblemException {@code session.archive-broken}
     */
    @Transactional
    public void read(UUID id, UUID project, UUID owner, Described described, BufferedReader lines) throws IOException {
        var loose = new Loose();
        try (var connection = database.getConnection()) {
            insert(connection, id, project, owner, described);
            long sequence = 0;
            try (var insert = connection.prepareStatement(
                    "insert into session_event (session, sequence, at, actor, step, type, payload)"
                            + " values (?, ?, ?, cast(? as json), ?, ?, cast(? as json))")) {
                Instant at = Instant.now();
                for (String line = line(lines); line != null; line = line(lines)) {
                    var logged = logged(line, ++sequence);
                    at = logged.at();
                    loose.saw(logged.event());
                    bind(insert, id, logged);
                }
                for (var event :
                        loose.ends(Optional.ofNullable(described.checkpoint()).orElse(described.baseCommit()))) {
                    bind(insert, id, new Logged(++sequence, at, Actor.SYSTEM, null, event, null));
                }
                insert.executeBatch();
            }
            try (var update = connection.prepareStatement("update session set sequence = ? where id = ?")) {
                update.setLong(1, sequence);
                update.setObject(2, id);
                update.execute();
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void insert(Connection connection, UUID id, UUID project, UUID owner, Described described)
            throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into session (id, project, owner, title, titled, model, mode, base_commit, checkpoint,"
                        + " archived, created_at, changed_at) values (?, ?, ?, ?, true, ?, '" + DEFAULT_MODE
                        + "', ?, ?, ?, ?, ?)")) {
            insert.setObject(1, id);
            insert.setObject(2, project);
            insert.setObject(3, owner);
            insert.setString(4, LogText.title(described.title()));
            insert.setString(5, LogText.model(described.model()));
            insert.setString(6, described.baseCommit());
            insert.setString(7, described.checkpoint());
            insert.setBoolean(8, described.archived());
            insert.setObject(9, moment(described.createdAt()));
            insert.setObject(10, moment(described.changedAt()));
            insert.execute();
        }
    }

    private static OffsetDateTime moment(String iso) {
        try {
            return OffsetDateTime.ofInstant(Instant.parse(iso), ZoneOffset.UTC);
        } catch (DateTimeParseException | NullPointerException wrong) {
            throw broken("a time is none");
        }
    }

    /** As {@code readLine}, but holds no more than a line may have: a small file may unpack to a large one. */
    private static String line(BufferedReader lines) throws IOException {
        int next = lines.read();
        if (next < 0) {
            return null;
        }
        var line = new StringBuilder();
        for (; next >= 0 && next != '\n'; next = lines.read()) {
            if (line.length() == MAX_LINE) {
                throw tooLarge();
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static ProblemException tooLarge() {
        return broken("it is larger than any session of ours");
    }

    private static Logged logged(String line, long sequence) {
        if (sequence > MAX_EVENTS) {
            throw tooLarge();
        }
        try {
            var json = SessionJson.tree(line);
            if (json == null || json.path("sequence").asLong() != sequence) {
                throw broken("event " + sequence + " is missing");
            }
            return new Logged(
                    sequence,
                    Instant.parse(json.path("at").asText()),
                    nameOnly(json.path("actor")),
                    json.has("step") ? json.path("step").asInt() : null,
                    SessionJson.read(line, SessionEvent.class),
                    null);
        } catch (IllegalStateException | DateTimeParseException unreadable) {
            throw broken("event " + sequence + " is none that this version knows");
        }
    }

    /** An id of there could be somebody else's here. */
    private static Actor nameOnly(JsonNode actor) {
        var read = SessionJson.read(actor.toString(), Actor.class);
        if (read == null || read.kind() == null) {
            throw broken("an event is nobody's");
        }
        return new Actor(read.kind(), null, read.name() == null ? null : Storable.text(read.name(), LogText.MAX_TITLE));
    }

    private static void bind(PreparedStatement insert, UUID session, Logged logged) throws SQLException {
        String payload = SessionJson.write(logged.event());
        insert.setObject(1, session);
        insert.setLong(2, logged.sequence());
        insert.setObject(3, OffsetDateTime.ofInstant(logged.at(), ZoneOffset.UTC));
        insert.setString(4, SessionJson.write(logged.actor()));
        insert.setObject(5, logged.step(), java.sql.Types.INTEGER);
        insert.setString(6, EventStore.typeOf(payload));
        insert.setString(7, payload);
        insert.addBatch();
        if (logged.sequence() % PAGE == 0) {
            insert.executeBatch();
        }
    }

    private static ProblemException broken(String why) {
        return new ProblemException(
                Kind.INVALID,
                "session.archive-broken",
                "A session in this file cannot be read: " + why + ". Export the project again, with a version of"
                        + " Cleanroom that is not newer than this one.");
    }

    /** What a log leaves open. */
    private static final class Loose {
        private final SequencedSet<UUID> prompts = new LinkedHashSet<>();
        private final SequencedSet<UUID> calls = new LinkedHashSet<>();
        private Optional<UUID> turn = Optional.empty();
        private String mode = DEFAULT_MODE;
        private boolean lost;

        void saw(SessionEvent event) {
            switch (event) {
                case PromptSubmitted prompt -> prompts.add(prompt.promptId());
                case PromptChanged change
                when Boolean.TRUE.equals(change.withdrawn()) -> prompts.remove(change.promptId());
                case TurnStarted started -> {
                    prompts.remove(started.promptId());
                    turn = Optional.of(started.turnId());
                    mode = started.mode();
                }
                case ModeChanged changed -> mode = changed.mode();
                case SandboxLost _ -> lost = true;
                case SandboxRestored _ -> lost = false;
                case ToolCalled call -> calls.add(call.callId());
                case ToolReturned returned -> calls.remove(returned.callId());
                case TurnEnded _ -> {
                    turn = Optional.empty();
                    calls.clear();
                }
                default -> {} // closes and opens nothing
            }
        }

        /** @param checkpoint what the files are here */
        List<SessionEvent> ends(String checkpoint) {
            var ends = new java.util.ArrayList<SessionEvent>();
            prompts.forEach(prompt -> ends.add(new PromptChanged(prompt, null, true, null)));
            calls.forEach(call -> ends.add(new ToolReturned(
                    call,
                    "The project was moved while this ran. Its outcome is unknown.",
                    true,
                    0,
                    null,
                    Outcome.unknown)));
            turn.ifPresent(id -> ends.add(new TurnEnded(
                    id,
                    Reason.INTERRUPTED,
                    new Problem("session.moved", 409, "The project was exported while this turn was going on."))));
            if (lost) {
                ends.add(new SandboxRestored(checkpoint, null, null));
            }
            if (!DEFAULT_MODE.equals(mode)) {
                ends.add(new ModeChanged(DEFAULT_MODE));
            }
            return ends;
        }
    }
}
