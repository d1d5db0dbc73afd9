package dev.cleanroom.git;

import dev.cleanroom.git.RefsUpdated.Moved;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The only door to the tables {@code git_repo} and {@code git_ref}. */
@ApplicationScoped
class RefStore {
    /** @param oid, peeled, target null where they do not apply: these are columns */
    record State(String oid, String peeled, String target) {
        static final State ABSENT = new State(null, null, null);

        static State at(String oid, String peeled) {
            return new State(oid, peeled, null);
        }

        static State symbolic(String target) {
            return new State(null, null, target);
        }

        boolean isAbsent() {
            return oid == null && target == null;
        }
    }

    record Row(String name, State state) {}

    /** Moves a ref from what it must be to what it shall be. @param forced whether commits leave the ref */
    record Change(String name, State from, State to, boolean forced) {}

    enum Outcome {
        DONE,
        /** The ref was not what it had to be. */
        LOST,
        /** Another ref's name is a folder of this one's, or the other way round; a clone could hold only one of them. */
        NAME_CONFLICT,
        /** Another change of the same atomic list failed. */
        ABORTED,
        /** Somebody has claimed the ref since. */
        CLAIMED
    }

    private final Database database;
    private final Consumer<RefsUpdated> updated;
    private final Duration logKept;

    @Inject
    RefStore(Database database, Event<RefsUpdated> updated, PushConfig config) {
        this(database, updated::fireAsync, config.undoableFor());
    }

    /** Outside of a container. */
    RefStore(Database database) {
        this(database, unheard -> {}, Duration.ofDays(30));
    }

    private RefStore(Database database, Consumer<RefsUpdated> updated, Duration logKept) {
        this.database = database;
        this.updated = updated;
        this.logKept = logKept;
    }

    /** Makes a repository whose HEAD is an unborn branch, if there is none. */
    void create(UUID project, String head) throws IOException {
        database.inTransaction(connection -> {
            try (var insert = connection.prepareStatement(
                            "insert into git_repo (project_id) values (?) on conflict do nothing");
                    var link = connection.prepareStatement("""
                            insert into git_ref (project_id, name, target) values (?, 'HEAD', ?)
                            on conflict do nothing""")) {
                insert.setObject(1, project);
                insert.executeUpdate();
                link.setObject(1, project);
                link.setString(2, head);
                link.executeUpdate();
            }
            return null;
        });
    }

    boolean exists(UUID project) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement("select 1 from git_repo where project_id = ?")) {
                select.setObject(1, project);
                try (var rows = select.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    /** All there are. */
    List<UUID> repositories() throws IOException {
        return projects("select project_id from git_repo order by created_at");
    }

    /** Repositories that took something in since all their packs were written anew, longer ago than that. */
    List<UUID> uncollected(Duration since) throws IOException {
        return projects("""
                select project_id from git_repo r
                where coalesce(collected_at, created_at) < now() - make_interval(secs => ?)
                    and exists (select 1 from git_pack p where p.project_id = r.project_id and p.state = 1
                        and p.source in ('INSERT', 'RECEIVE', 'COMPACT'))""", (double) since.toSeconds());
    }

    /** Says that all packs were written anew. */
    void collected(UUID project) throws IOException {
        database.inTransaction(connection -> {
            try (var update =
                    connection.prepareStatement("update git_repo set collected_at = now() where project_id = ?")) {
                update.setObject(1, project);
                update.executeUpdate();
            }
            return null;
        });
    }

    /** Says that the first import is complete. */
    void filled(UUID project) throws IOException {
        database.inTransaction(connection -> {
            try (var update =
                    connection.prepareStatement("update git_repo set filled_at = now() where project_id = ?")) {
                update.setObject(1, project);
                update.executeUpdate();
            }
            return null;
        });
    }

    /** Repositories whose import has not ended. */
    List<UUID> unfilled() throws IOException {
        return projects("select project_id from git_repo where filled_at is null");
    }

    private List<UUID> projects(String query, Object... arguments) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement(query)) {
                for (int i = 0; i < arguments.length; i++) {
                    select.setObject(i + 1, arguments[i]);
                }
                try (var rows = select.executeQuery()) {
                    var projects = new ArrayList<UUID>();
                    while (rows.next()) {
                        projects.add(rows.getObject(1, UUID.class));
                    }
                    return projects;
                }
            }
        });
    }

    /** Deletes the repository with all that is in it, as part of the caller's transaction. */
    void delete(UUID project) throws IOException {
        database.inCallersTransaction(connection -> {
            try (var delete = connection.prepareStatement("delete from git_repo where project_id = ?")) {
                delete.setObject(1, project);
                delete.executeUpdate();
            }
            return null;
        });
    }

    /**
     * Makes refs without a line in their log, as part of the caller's transaction.
     *
     * @return the first that is there, or conflicts with one that is
     */
    Optional<String> createAll(UUID project, List<Refs.At> refs) throws IOException {
        return database.inCallersTransaction(connection -> {
            lock(connection, project);
            for (var ref : refs) {
                var change = new Change(ref.name(), State.ABSENT, State.at(ref.commit(), null), false);
                if (apply(connection, project, change) != Outcome.DONE) {
                    return Optional.of(ref.name());
                }
            }
            return Optional.empty();
        });
    }

    /** Deletes refs without a line in their log, as part of the caller's transaction. */
    void deleteBelow(UUID project, List<String> prefixes) throws IOException {
        database.inCallersTransaction(connection -> {
            try (var delete = connection.prepareStatement("""
                    delete from git_ref r using unnest(?) prefix
                    where r.project_id = ? and starts_with(r.name, prefix)""")) {
                delete.setArray(1, connection.createArrayOf("text", prefixes.toArray()));
                delete.setObject(2, project);
                delete.executeUpdate();
            }
            return null;
        });
    }

    /** All refs, by name. */
    List<Row> list(UUID project) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement(
                    "select name, oid, peeled, target from git_ref where project_id = ? order by name")) {
                select.setObject(1, project);
                try (var rows = select.executeQuery()) {
                    var refs = new ArrayList<Row>();
                    while (rows.next()) {
                        refs.add(new Row(
                                rows.getString(1), new State(rows.getString(2), rows.getString(3), rows.getString(4))));
                    }
                    return refs;
                }
            }
        });
    }

    /**
     * Applies changes in one transaction, one after the other, and logs those of refs that people see.
     *
     * @param atomic all or none; otherwise each for itself
     * @param author for the log
     * @param claim without which nothing is changed: {@link Outcome#CLAIMED} for each then
     * @return an outcome for each change, in order
     */
    List<Outcome> apply(
            UUID project, List<Change> changes, boolean atomic, RefAuthor author, Optional<Refs.Claim> claim)
            throws IOException {
        var moved = new ArrayList<Moved>();
        var result = database.inTransaction(connection -> {
            lock(connection, project);
            if (claim.isPresent() && !holds(connection, project, claim.get())) {
                return Collections.nCopies(changes.size(), Outcome.CLAIMED);
            }
            var outcomes = new ArrayList<Outcome>();
            for (var change : changes) {
                var outcome = apply(connection, project, change);
                if (atomic && outcome != Outcome.DONE) {
                    connection.rollback();
                    var aborted = new ArrayList<>(Collections.nCopies(changes.size(), Outcome.ABORTED));
                    aborted.set(outcomes.size(), outcome);
                    moved.clear();
                    return aborted;
                }
                if (outcome == Outcome.DONE && isLogged(change, author)) {
                    RefLogStore.add(connection, project, change, author);
                    moved.add(new Moved(
                            change.name(),
                            Optional.ofNullable(change.from().oid()),
                            Optional.ofNullable(change.to().oid())));
                }
                outcomes.add(outcome);
            }
            return outcomes;
        });
        if (!moved.isEmpty()) {
            updated.accept(new RefsUpdated(project, List.copyOf(moved), author));
        }
        return result;
    }

    /** Checkpoints move hidden refs and the session's branch every few seconds; the session's own log has them. */
    private static boolean isLogged(Change change, RefAuthor author) {
        return change.name().startsWith("refs/")
                && !change.name().startsWith(Refs.HIDDEN)
                && !(change.name().startsWith(Refs.SESSIONS) && author.kind() == RefAuthor.Kind.SERVER)
                && !change.from().equals(change.to());
    }

    /** Values that logged refs had and left, as long as they are kept. */
    List<String> recentlyLeft(UUID project) throws IOException {
        return database.read(connection -> RefLogStore.left(connection, project, logKept));
    }

    /** From here on nobody with an earlier claim changes this ref. */
    Refs.Claim claim(UUID project, String ref) throws IOException {
        return database.inTransaction(connection -> {
            lock(connection, project);
            try (var claim = connection.prepareStatement("""
                    insert into git_ref_claim (project_id, name, epoch) values (?, ?, 1)
                    on conflict (project_id, name) do update set epoch = git_ref_claim.epoch + 1 returning epoch""")) {
                claim.setObject(1, project);
                claim.setString(2, ref);
                try (var row = claim.executeQuery()) {
                    row.next();
                    return new Refs.Claim(ref, row.getLong(1));
                }
            }
        });
    }

    private static boolean holds(Connection connection, UUID project, Refs.Claim claim) throws SQLException {
        try (var select = connection.prepareStatement(
                "select 1 from git_ref_claim where project_id = ? and name = ? and epoch = ?")) {
            select.setObject(1, project);
            select.setString(2, claim.ref());
            select.setLong(3, claim.epoch());
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Changes of one repository's refs go one after the other: a name's neighbours cannot appear while they are looked at. */
    private static void lock(Connection connection, UUID project) throws SQLException, IOException {
        try (var select = connection.prepareStatement("select 1 from git_repo where project_id = ? for update")) {
            select.setObject(1, project);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IOException("Repository " + project + " is gone");
                }
            }
        }
    }

    private static Outcome apply(Connection connection, UUID project, Change change) throws SQLException {
        if (change.to().isAbsent()) {
            return change.from().isAbsent() ? Outcome.DONE : delete(connection, project, change);
        }
        if (change.from().isAbsent()) {
            return hasNameConflict(connection, project, change.name())
                    ? Outcome.NAME_CONFLICT
                    : insert(connection, project, change);
        }
        return update(connection, project, change);
    }

    private static Outcome insert(Connection connection, UUID project, Change change) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into git_ref (oid, peeled, target, project_id, name) values (?, ?, ?, ?, ?)
                on conflict do nothing""")) {
            bindTo(insert, project, change);
            return outcome(insert);
        }
    }

    private static Outcome update(Connection connection, UUID project, Change change) throws SQLException {
        try (var update = connection.prepareStatement("""
                update git_ref set oid = ?, peeled = ?, target = ? where project_id = ? and name = ?
                    and oid is not distinct from ? and target is not distinct from ?""")) {
            bindTo(update, project, change);
            update.setString(6, change.from().oid());
            update.setString(7, change.from().target());
            return outcome(update);
        }
    }

    private static Outcome delete(Connection connection, UUID project, Change change) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from git_ref where project_id = ? and name = ?
                    and oid is not distinct from ? and target is not distinct from ?""")) {
            delete.setObject(1, project);
            delete.setString(2, change.name());
            delete.setString(3, change.from().oid());
            delete.setString(4, change.from().target());
            return outcome(delete);
        }
    }

    private static void bindTo(PreparedStatement statement, UUID project, Change change) throws SQLException {
        statement.setString(1, change.to().oid());
        statement.setString(2, change.to().peeled());
        statement.setString(3, change.to().target());
        statement.setObject(4, project);
        statement.setString(5, change.name());
    }

    private static Outcome outcome(PreparedStatement statement) throws SQLException {
        return statement.executeUpdate() == 1 ? Outcome.DONE : Outcome.LOST;
    }

    /** Is there {@code a} where {@code a/b} shall be, or {@code a/b} where {@code a} shall be? "0" is the character after "/". */
    private static boolean hasNameConflict(Connection connection, UUID project, String name) throws SQLException {
        var parents = new ArrayList<String>();
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            parents.add(name.substring(0, slash));
        }
        try (var select = connection.prepareStatement("""
                select 1 from git_ref where project_id = ?
                    and (name = any(?) or name > ? collate "C" and name < ? collate "C") limit 1""")) {
            select.setObject(1, project);
            select.setArray(2, connection.createArrayOf("text", parents.toArray()));
            select.setString(3, name + "/");
            select.setString(4, name + "0");
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }
}
