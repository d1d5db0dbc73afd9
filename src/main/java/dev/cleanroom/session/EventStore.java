package dev.cleanroom.session;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.ModelChanged;
import dev.cleanroom.session.SessionEvent.SessionRenamed;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The log's only door to {@code session_event}. Statements run {@link Undisturbed}: an interrupt of a turn never reaches a
 * database connection.
 */
@ApplicationScoped
class EventStore implements SessionLog {
    private static final String UNIQUE_VIOLATION = "23505";

    /** Both in one statement, so in one trip and one transaction: the session's row is moved on, then the events follow. */
    private static final String APPEND = """
            with moved as (
              update session set sequence = sequence + ?, changed_at = now(),
                approvals_waiting = case when ? then 0 else greatest(approvals_waiting + ?, 0) end,
                status = case when ? then 'idle'
                              when (? or status <> 'idle') and approvals_waiting + ? > 0 then 'waiting'
                              when ? or status <> 'idle' then 'running' else 'idle' end,
                cost_usd = cost_usd + ?, checkpoint = coalesce(?, checkpoint), title = coalesce(?, title),
                titled = titled or ?, model = coalesce(?, model), mode = coalesce(?, mode)
              where id = ? and (?::bigint is null or lease_epoch = ?) and (?::bigint is null or sequence = ?)
              returning id, sequence)
            insert into session_event (session, sequence, at, actor, step, type, key, payload, replay)
            select moved.id, moved.sequence - ? + entry.no, ?, cast(? as json), entry.step, entry.type, entry.key,
              cast(entry.payload as json), cast(entry.replay as json)
            from moved, unnest(?::int[], ?::text[], ?::text[], ?::text[], ?::text[])
              with ordinality as entry(step, type, key, payload, replay, no)
            order by entry.no
            returning sequence""";

    private static final Duration INTERRUPT_PATIENCE =
            Duration.ofMinutes(1); // a command has seconds to end by itself, then its checkpoint is taken

    private static final int PAGE_BYTES =
            4 << 20; // of payloads at once; the event that passes it is the last of its page

    private static final String PAGE_AFTER = page(">", "asc");
    private static final String PAGE_BEFORE = page("<", "desc");

    private static final String COLUMNS = "select sequence, at, actor, step, payload, replay from session_event ";

    private final AgroalDataSource database;
    private final SessionHub hub;
    private final LogMasks masks;
    private final LogCache cache = new LogCache();
    private final SessionLocks turnStarts = new SessionLocks(); // under a session's, its turns start

    EventStore(AgroalDataSource database, SessionHub hub, LogMasks masks) {
        this.database = database;
        this.hub = hub;
        this.masks = masks;
    }

    @Override
    public List<Logged> read(UUID session, long after, int limit) {
        return Undisturbed.call(() -> query(session, after, limit));
    }

    @Override
    public List<Logged> read(UUID session) {
        return cache.read(session).orElseGet(() -> {
            List<Logged> all = read(session, 0, Integer.MAX_VALUE);
            cache.put(session, all);
            if (!all.isEmpty() && newest(session) != all.getLast().sequence()) {
                cache.drop(session); // an append fell between reading and keeping
            }
            return all;
        });
    }

    @Override
    public List<Logged> append(UUID session, Actor actor, List<Entry> entries) {
        return appendWhen(session, null, null, actor, entries)
                .orElseThrow(() ->
                        new ProblemException(Kind.NOT_FOUND, "session.not-found", "This session does not exist."));
    }

    @Override
    public Optional<List<Logged>> appendAt(UUID session, long expected, Actor actor, List<Entry> entries) {
        return appendWhen(session, null, expected, actor, entries);
    }

    @Override
    public List<Logged> append(Lease lease, Actor actor, List<Entry> entries) {
        return appendWhen(lease.session(), lease.epoch(), null, actor, entries).orElseThrow(() -> new LeaseLost(lease));
    }

    @Override
    public Optional<List<Logged>> appendAt(Lease lease, long expected, Actor actor, List<Entry> entries) {
        var appended = appendWhen(lease.session(), lease.epoch(), expected, actor, entries);
        if (appended.isEmpty() && !holds(lease)) {
            throw new LeaseLost(lease);
        }
        return appended;
    }

    private Optional<List<Logged>> appendWhen(
            UUID session, Long epoch, Long expected, Actor actor, List<Entry> entries) {
        if (entries.isEmpty()) {
            return Optional.of(List.of());
        }
        if (entries.stream().noneMatch(entry -> entry.event() instanceof TurnStarted)) {
            return write(session, epoch, expected, actor, entries);
        }
        try (var _ = turnStarts.lock(session)) {
            return write(session, epoch, expected, actor, entries);
        }
    }

    private Optional<List<Logged>> write(UUID session, Long epoch, Long expected, Actor actor, List<Entry> given) {
        var entries = masks.masked(session, given);
        var texts =
                entries.stream().map(entry -> SessionJson.write(entry.event())).toList();
        return Undisturbed.call(() -> insert(session, epoch, expected, actor, entries, texts));
    }

    @Override
    public <T> T atRest(UUID session, Rest<T> work) throws InterruptedException {
        return atRest(session, Duration.ZERO, () -> {}, work);
    }

    @Override
    public <T> T atRest(UUID session, Runnable interrupt, Rest<T> work) throws InterruptedException {
        return atRest(session, INTERRUPT_PATIENCE, interrupt, work);
    }

    private <T> T atRest(UUID session, Duration patience, Runnable interrupt, Rest<T> work)
            throws InterruptedException {
        try (var _ = turnStarts.lockInterruptibly(session)) {
            if (!isIdle(session)) {
                interrupt.run();
                awaitRest(session, patience);
            }
            return work.run();
        }
    }

    private void awaitRest(UUID session, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        long newest = newest(session);
        while (!isIdle(session)) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "session.turn-running",
                        "The agent is working in these files. Stop it, or wait until it is done.");
            }
            await(session, newest, Duration.ofNanos(left));
            newest = newest(session);
        }
    }

    private boolean isIdle(UUID session) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select =
                            connection.prepareStatement("select 1 from session where id = ? and status = 'idle'")) {
                select.setObject(1, session);
                try (var row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** Empty if session, lease or expected sequence do not match. */
    private Optional<List<Logged>> insert(
            UUID session, Long epoch, Long expected, Actor actor, List<Entry> entries, List<String> payloads)
            throws SQLException {
        Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String actorJson = SessionJson.write(actor);
        long last;
        try (var connection = database.getConnection();
                var append = connection.prepareStatement(APPEND)) {
            int next = bind(append, RowChange.of(entries), entries.size(), session, epoch, expected);
            bind(append, next, at, actorJson, entries, payloads);
            last = last(append);
        } catch (SQLException e) {
            cache.drop(session); // it may be committed, and only the answer lost
            for (SQLException each = e; each != null; each = each.getNextException()) {
                if (UNIQUE_VIOLATION.equals(each.getSQLState())) {
                    throw new AlreadyLogged(each.getMessage());
                }
            }
            throw e;
        }
        if (last == 0) {
            return Optional.empty();
        }
        var logged = new ArrayList<Logged>(entries.size());
        var wire = new ArrayList<Stored>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            long sequence = last - entries.size() + 1 + i;
            var entry = entries.get(i);
            logged.add(new Logged(sequence, at, actor, entry.step(), entry.event(), entry.replay()));
            wire.add(new Stored(sequence, SessionJson.wire(sequence, at, actorJson, entry.step(), payloads.get(i))));
        }
        cache.appended(session, logged);
        hub.appended(session, wire, logged);
        return Optional.of(logged);
    }

    /** @return sequence of the last event, or 0 if none was appended */
    private static long last(PreparedStatement append) throws SQLException {
        long last = 0;
        try (ResultSet rows = append.executeQuery()) {
            while (rows.next()) {
                last = Math.max(last, rows.getLong(1));
            }
        }
        return last;
    }

    /** @return index of the next parameter */
    private static int bind(
            PreparedStatement append, RowChange change, int count, UUID session, Long epoch, Long expected)
            throws SQLException {
        int i = 1;
        append.setLong(i++, count);
        append.setBoolean(i++, change.ended());
        append.setInt(i++, change.approvals());
        append.setBoolean(i++, change.ended());
        append.setBoolean(i++, change.started());
        append.setInt(i++, change.approvals());
        append.setBoolean(i++, change.started());
        append.setDouble(i++, change.costUsd());
        append.setString(i++, change.checkpoint());
        append.setString(i++, change.title());
        append.setBoolean(i++, change.title() != null);
        append.setString(i++, change.model());
        append.setString(i++, change.mode());
        append.setObject(i++, session);
        append.setObject(i++, epoch, Types.BIGINT);
        append.setObject(i++, epoch, Types.BIGINT);
        append.setObject(i++, expected, Types.BIGINT);
        append.setObject(i++, expected, Types.BIGINT);
        append.setLong(i++, count);
        return i;
    }

    private static void bind(
            PreparedStatement append, int first, Instant at, String actor, List<Entry> entries, List<String> payloads)
            throws SQLException {
        int i = first;
        var connection = append.getConnection();
        append.setObject(i++, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
        append.setString(i++, actor);
        append.setArray(
                i++,
                connection.createArrayOf(
                        "int4", entries.stream().map(Entry::step).toArray(Integer[]::new)));
        append.setArray(i++, texts(connection, payloads.stream().map(EventStore::typeOf)));
        append.setArray(i++, texts(connection, entries.stream().map(Entry::key)));
        append.setArray(i++, texts(connection, payloads.stream()));
        append.setArray(
                i,
                texts(
                        connection,
                        entries.stream()
                                .map(entry -> entry.replay() == null ? null : SessionJson.write(entry.replay()))));
    }

    private static Array texts(Connection connection, Stream<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray(String[]::new));
    }

    /** What an append changes in the session's own row, so that lists need no fold. */
    private record RowChange(
            boolean started,
            boolean ended,
            int approvals,
            double costUsd,
            String checkpoint,
            String title,
            String model,
            String mode) {
        static RowChange of(List<Entry> entries) {
            boolean started = false;
            boolean ended = false;
            int approvals = 0;
            double cost = 0;
            String checkpoint = null;
            String title = null;
            String model = null;
            String mode = null;
            for (var entry : entries) {
                switch (entry.event()) {
                    case TurnStarted _ -> started = true;
                    case TurnEnded _ -> ended = true;
                    case ApprovalRequested _ -> approvals++;
                    case ApprovalGiven _ -> approvals--;
                    case UsageRecorded usage -> cost += usage.costUsd() == null ? 0 : usage.costUsd();
                    case CheckpointTaken taken -> checkpoint = taken.commit();
                    case SessionRenamed renamed -> title = renamed.title();
                    case ModelChanged changed -> model = changed.model();
                    case ModeChanged changed -> mode = changed.mode();
                    default -> {} // the other facts do not show in a list
                }
            }
            return new RowChange(started, ended, approvals, cost, checkpoint, title, model, mode);
        }
    }

    /** The mapper writes the type first: <code>{"type":"…"</code>. */
    static String typeOf(String payload) {
        return payload.substring(9, payload.indexOf('"', 9));
    }

    @Override
    public Lease takeLease(UUID session) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var update = connection.prepareStatement(
                            "update session set lease_epoch = lease_epoch + 1 where id = ? returning lease_epoch")) {
                update.setObject(1, session);
                try (var row = update.executeQuery()) {
                    if (!row.next()) {
                        throw new ProblemException(Kind.NOT_FOUND, "session.not-found", "This session does not exist.");
                    }
                    return new Lease(session, row.getLong(1));
                }
            }
        });
    }

    private boolean holds(Lease lease) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select =
                            connection.prepareStatement("select 1 from session where id = ? and lease_epoch = ?")) {
                select.setObject(1, lease.session());
                select.setLong(2, lease.epoch());
                try (var row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** As {@link PromptQueue} has them; what the newest reply's request held, the earlier ones' held or it came after. */
    @Override
    public List<UUID> unfinished() {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement("""
                            select id from session where status <> 'idle' or exists (
                              select 1 from session_event p where p.session = session.id and p.type = 'prompt-submitted'
                              and not exists (select 1 from session_event t where t.session = session.id
                                and t.type = 'turn-started' and t.key = p.payload->>'promptId')
                              and not exists (select 1 from session_event c where c.session = session.id
                                and c.type = 'prompt-changed' and c.payload->>'promptId' = p.payload->>'promptId'
                                and c.payload->>'withdrawn' = 'true')
                              and not (p.payload->>'deliver' = 'steer' and p.sequence <= coalesce((
                                select (r.replay->>'seen')::bigint from session_event r where r.session = session.id
                                and r.type = 'usage-recorded' and r.replay is not null
                                order by r.sequence desc limit 1), 0)))""");
                    var rows = select.executeQuery()) {
                var ids = new ArrayList<UUID>();
                while (rows.next()) {
                    ids.add(rows.getObject(1, UUID.class));
                }
                return ids;
            }
        });
    }

    @Override
    public void await(UUID session, long after, Duration limit) throws InterruptedException {
        if (newest(session) <= after) {
            hub.await(session, after, limit, () -> newest(session));
        }
    }

    /** Sequence of the newest event; 0 in an empty log. */
    long newest(UUID session) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement("select sequence from session where id = ?")) {
                select.setObject(1, session);
                try (var row = select.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0;
                }
            }
        });
    }

    /** As {@link #read(UUID, long, int)}, as text for clients: at most {@link #PAGE_BYTES}, but one event at least. */
    List<Stored> readStored(UUID session, long after, int limit) {
        return Undisturbed.call(() -> select(PAGE_AFTER, session, after, limit, EventStore::stored));
    }

    /** The last {@code limit} events before {@code before}, oldest first; bounded in bytes as the others are. */
    List<Stored> readStoredBefore(UUID session, long before, int limit) {
        return Undisturbed.call(() -> select(PAGE_BEFORE, session, before, limit, EventStore::stored))
                .reversed();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        long sequence = row.getLong(1);
        return new Stored(
                sequence,
                SessionJson.wire(
                        sequence,
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getString(3),
                        row.getObject(4, Integer.class),
                        row.getString(5)));
    }

    /** The event of this type that was logged under this key. */
    Optional<Logged> find(UUID session, String type, String key) {
        return Undisturbed.call(() -> {
            try (var connection = database.getConnection();
                    var select = connection.prepareStatement(COLUMNS + "where session = ? and type = ? and key = ?")) {
                select.setObject(1, session);
                select.setString(2, type);
                select.setString(3, key);
                try (var row = select.executeQuery()) {
                    return row.next() ? Optional.of(logged(row)) : Optional.empty();
                }
            }
        });
    }

    /** Cut by the database: what does not fit in a page is never in memory here. */
    private static String page(String beyond, String order) {
        return """
                select sequence, at, actor, step, payload from (
                  select event.*, sum(octet_length(payload::text)) over (
                    order by sequence %2$s rows between unbounded preceding and 1 preceding) as bytes_before
                  from (select sequence, at, actor, step, payload from session_event
                    where session = ? and sequence %1$s ? order by sequence %2$s limit ?) event
                ) counted where coalesce(bytes_before, 0) < %3$d order by sequence %2$s""".formatted(beyond, order, PAGE_BYTES);
    }

    private List<Logged> query(UUID session, long after, int limit) throws SQLException {
        return select(
                COLUMNS + "where session = ? and sequence > ? order by sequence limit ?",
                session,
                after,
                limit,
                EventStore::logged);
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> select(String sql, UUID session, long bound, int limit, RowReader<T> reader)
            throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(sql)) {
            select.setObject(1, session);
            select.setLong(2, bound);
            select.setInt(3, limit);
            try (var rows = select.executeQuery()) {
                var all = new ArrayList<T>();
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
                return all;
            }
        }
    }

    private static Logged logged(ResultSet row) throws SQLException {
        return new Logged(
                row.getLong(1),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                SessionJson.read(row.getString(3), Actor.class),
                row.getObject(4, Integer.class),
                SessionJson.read(row.getString(5), SessionEvent.class),
                SessionJson.tree(row.getString(6)));
    }
}
