package dev.cleanroom.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Which of the servers on one database is the active one: the one that holds an advisory lock, on a connection of its
 * own. PostgreSQL frees the lock when that connection ends, and ends it when it is silent: so neither a dead server, nor
 * one whose machine or network stands still, keeps the next one waiting. Nobody's clock counts but the database's.
 *
 * <p>A connection that breaks is no loss yet: the lock is taken again, and the term says whether another server was active
 * meanwhile. For a single server a restart of the database is no more than a pause.
 */
public final class ActiveLock {
    private static final long KEY = 0x636c65616e726f6fL; // "cleanroo"
    private static final String APPLICATION = "cleanroom"; // as in application.properties
    private static final Duration SILENCE = Duration.ofSeconds(6); // a takeover may take 15 s, a start in it 3
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final int ANSWER = 2; // seconds; with BEAT below SILENCE, so that a slow answer loses nothing
    private static final Duration LOOK = Duration.ofMillis(250); // between two tries to get it
    private static final Duration LAST_WORDS =
            Duration.ofMillis(500); // for each of the predecessor's connections to end

    private final String url;
    private final Properties login;
    private final Runnable lost;
    private volatile Consumer<Optional<Instant>> away = since -> {};
    private Connection connection; // null: none is open
    private long term;

    /**
     * @param login the user, his password and what else the driver is to be told
     * @param lost another server is active: told at most once, on a thread of the lock's; nothing may be done after it
     */
    public ActiveLock(String url, Properties login, Runnable lost) {
        this.url = url;
        this.login = (Properties) login.clone();
        this.login.setProperty("ApplicationName", APPLICATION + "-lock");
        for (var limit : new String[] {"connectTimeout", "loginTimeout", "socketTimeout"}) {
            this.login.setProperty(limit, Integer.toString(ANSWER));
        }
        this.lost = lost;
    }

    /**
     * Takes the lock if it is free.
     *
     * @return false if another server is active
     */
    public boolean tryTake() throws SQLException {
        if (!isTaken()) {
            return false;
        }
        endPredecessors();
        term = nextTerm();
        return true;
    }

    /** Waits for the lock, and for the database where it is away. */
    public void take() throws InterruptedException {
        while (true) {
            try {
                if (tryTake()) {
                    return;
                }
            } catch (SQLException unreachable) {
                disconnect();
            }
            Thread.sleep(LOOK);
        }
    }

    /** Keeps it from here on, for as long as this JVM lives. */
    public void keep() {
        Thread.ofPlatform().daemon().name("active-lock").start(this::beat);
    }

    /** @param told since when the database does not answer; empty when it does again */
    public void onAway(Consumer<Optional<Instant>> told) {
        away = told;
    }

    private void beat() {
        try {
            while (true) {
                Thread.sleep(BEAT);
                if (!connection.isValid(ANSWER) && !isRegained()) {
                    lost.run();
                    return;
                }
            }
        } catch (Throwable unforeseen) { // without a beat another server takes over: this one must not go on
            lost.run();
        }
    }

    private void tell(Optional<Instant> since) {
        try {
            away.accept(since);
        } catch (RuntimeException unheard) {
            // whoever does not hear it has no banner
        }
    }

    /** @return false if another server has been active since */
    private boolean isRegained() throws InterruptedException {
        disconnect();
        var since = Optional.<Instant>empty();
        while (true) {
            try {
                boolean taken = isTaken(); // our own last connection may still hold it, until its silence ends
                if (term() != term) {
                    return false;
                }
                if (taken) {
                    since.ifPresent(_ -> tell(Optional.empty()));
                    return true;
                }
            } catch (SQLException unreachable) {
                disconnect();
                if (since.isEmpty()) {
                    since = Optional.of(Instant.now());
                    tell(since);
                }
            }
            Thread.sleep(LOOK);
        }
    }

    private boolean isTaken() throws SQLException {
        if (connection == null) {
            connection = DriverManager.getConnection(url, login);
            execute("set idle_session_timeout = " + SILENCE.toMillis());
        }
        return query("select pg_try_advisory_lock(" + KEY + ")::int") == 1;
    }

    /** 0 in a database that no server has used yet. */
    private long nextTerm() throws SQLException {
        return isNew() ? 0 : query("update active_server set term = term + 1, since = now() returning term");
    }

    private long term() throws SQLException {
        return isNew() ? 0 : query("select term from active_server");
    }

    private boolean isNew() throws SQLException {
        return query("select (to_regclass('active_server') is null)::int") == 1;
    }

    /** What the one before left open: a transaction of a machine that is gone would hold its rows for hours. */
    private void endPredecessors() throws SQLException {
        execute("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and usename = current_user and application_name = '"
                + APPLICATION + "'");
    }

    private void execute(String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long query(String query) throws SQLException {
        try (var sql = connection.createStatement();
                var row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException broken) {
            // it is over either way
        }
        connection = null;
    }
}
