package dev.cleanroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActiveLockTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final String name = "active_lock_" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> lost = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> kept = new HashSet<>();
    private Connection administrator;
    private Connection database;
    private String url;
    private Properties login;

    @BeforeEach
    void create() throws Exception {
        var settings = new TestDatabase().start();
        var shared = settings.get("quarkus.datasource.jdbc.url");
        login = new Properties();
        login.setProperty("user", settings.get("quarkus.datasource.username"));
        login.setProperty("password", settings.get("quarkus.datasource.password"));
        administrator = DriverManager.getConnection(shared, login);
        execute(administrator, "create database " + name);
        url = shared.replaceFirst("[^/]*$", name);
        database = DriverManager.getConnection(url, login);
        execute(database, Files.readString(Path.of("src/main/resources/db/migration/V109__active_server.sql")));
    }

    /** Whoever still holds the lock learns that it is not his, and looks no more. */
    @AfterEach
    void drop() throws Exception {
        execute(database, "update active_server set term = term + 1000");
        execute(
                administrator,
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cleanroom-lock'"
                        + " and datname = '" + name + "'");
        Eventually.isTrue(SOON, () -> lost.containsAll(kept));
        database.close();
        execute(administrator, "drop database " + name + " with (force)");
        administrator.close();
    }

    @Test
    void theNextOneHasItAsSoonAsTheConnectionOfTheFirstEnds() throws Exception {
        assertThat(lock("first").tryTake()).isTrue();
        var second = lock("second");
        assertThat(second.tryTake()).isFalse();

        endHolder();

        second.take();
        assertThat(lock("third").tryTake()).isFalse();
    }

    @Test
    void whoeverIsSilentLosesItAndIsToldWhenHeWakesUp() throws Exception {
        var first = lock("first");
        assertThat(first.tryTake()).isTrue();
        var second = lock("second");
        long begun = System.nanoTime();

        second.take(); // nothing of the first ends: it only says nothing

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        keep(first, "first");
        Eventually.isTrue(SOON, () -> lost.equals(List.of("first")));
    }

    @Test
    void whoeverSpeaksKeepsIt() throws Exception {
        var first = lock("first");
        assertThat(first.tryTake()).isTrue();
        keep(first, "first");
        long holder = holder();
        var second = lock("second");

        for (long end = System.nanoTime() + Duration.ofSeconds(8).toNanos(); System.nanoTime() < end; ) {
            assertThat(second.tryTake()).isFalse();
        }

        assertThat(holder()).isEqualTo(holder);
        assertThat(lost).isEmpty();
    }

    @Test
    void aConnectionThatBreaksIsNoLossWhereNobodyElseWasActive() throws Exception {
        var first = lock("first");
        assertThat(first.tryTake()).isTrue();
        keep(first, "first");

        long before = endHolder();

        Eventually.isTrue(SOON, () -> holder() != 0 && holder() != before);
        assertThat(lost).isEmpty();
        assertThat(lock("second").tryTake()).isFalse();
    }

    @Test
    void itIsLostWhereAnotherWasActiveMeanwhileAndIsGoneAgain() throws Exception {
        var first = lock("first");
        assertThat(first.tryTake()).isTrue();
        endHolder();
        assertThat(lock("second").tryTake()).isTrue();
        endHolder();

        keep(first, "first");

        Eventually.isTrue(SOON, () -> lost.equals(List.of("first")));
    }

    @Test
    void tellsSinceWhenTheDatabaseIsAwayAndThatItIsBack() throws Exception {
        var told = Collections.synchronizedList(new ArrayList<Optional<Instant>>());
        var first = lock("first");
        first.onAway(told::add);
        assertThat(first.tryTake()).isTrue();
        keep(first, "first");

        execute(administrator, "alter database " + name + " allow_connections false");
        endHolder();

        Eventually.isTrue(SOON, () -> told.size() == 1);
        assertThat(told.getFirst()).isPresent();
        execute(administrator, "alter database " + name + " allow_connections true");
        Eventually.isTrue(SOON, () -> told.size() == 2);
        assertThat(told.getLast()).isEmpty();
        assertThat(lost).isEmpty();
    }

    @Test
    void endsWhatThePredecessorLeftOpen() throws Exception {
        var properties = (Properties) login.clone();
        properties.setProperty("ApplicationName", "cleanroom");
        try (var left = DriverManager.getConnection(url, properties)) {
            left.setAutoCommit(false);
            execute(left, "update active_server set since = now()");

            assertThat(lock("next").tryTake()).isTrue();

            Eventually.isTrue(SOON, () -> !left.isValid(1));
        }
        assertThat(database.isValid(1)).isTrue();
    }

    private ActiveLock lock(String who) {
        return new ActiveLock(url, login, () -> lost.add(who));
    }

    private void keep(ActiveLock lock, String who) {
        kept.add(who);
        lock.keep();
    }

    /** @return the number of the process that served the holder */
    private long endHolder() throws SQLException {
        long holder = holder();
        execute(administrator, "select pg_terminate_backend(" + holder + ", 5000)");
        return holder;
    }

    /** 0: nobody. */
    private long holder() throws SQLException {
        try (var sql = database.createStatement();
                var row = sql.executeQuery("select pid from pg_locks where locktype = 'advisory' and granted"
                        + " and database = (select oid from pg_database where datname = current_database())")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static void execute(Connection connection, String statements) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statements);
        }
    }
}
