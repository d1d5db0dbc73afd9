package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog.AlreadyLogged;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LossyWire;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EventStoreTest {
    private static final UUID TURN = UUID.randomUUID();

    @Inject
    LogMasks masks;

    @Inject
    EventStore log;

    @Inject
    SessionStore sessions;

    @Inject
    SessionHub hub;

    private static Somebody owner;
    private static UUID project;
    private UUID session;

    @BeforeEach
    void makeSession() {
        if (project == null) {
            owner = TestPeople.member("Uma");
            project = TestProject.begun(owner);
        }
        session = TestProject.session(owner, project);
    }

    @Test
    void numbersEventsDenselyFromOne() {
        log.append(session, Actor.SYSTEM, List.of(renamed("a"), renamed("b")));
        log.append(session, Actor.SYSTEM, List.of(renamed("c")));

        assertThat(log.read(session, 1, 10)).extracting(Logged::sequence).containsExactly(2L, 3L);
    }

    @Test
    void anAppendWhoseAnswerWasLostIsInTheLogThatIsReadAfterwards() throws Exception {
        var config = ConfigProvider.getConfig();
        var url = URI.create(
                config.getValue("quarkus.datasource.jdbc.url", String.class).replaceFirst("jdbc:", ""));
        try (var wire = new LossyWire(url.getPort());
                var database = database("jdbc:postgresql://127.0.0.1:" + wire.port() + url.getPath(), config)) {
            var lossy = new EventStore(database, hub, masks);
            lossy.append(session, Actor.AGENT, List.of(Entry.of(new TurnStarted(TURN, TURN, "m", "default"))));
            assertThat(lossy.read(session)).hasSize(1); // kept in memory from here on

            wire.loseNextAnswer();
            assertThatThrownBy(() -> lossy.append(
                            session,
                            Actor.AGENT,
                            List.of(Entry.once(renamed("a").event(), "k"))))
                    .isInstanceOf(StorageException.class);

            assertThat(lossy.read(session)).hasSize(2);
            assertThatThrownBy(() -> lossy.append(
                            session,
                            Actor.AGENT,
                            List.of(Entry.once(renamed("a").event(), "k"))))
                    .isInstanceOf(AlreadyLogged.class);
        }
    }

    private static AgroalDataSource database(String url, Config config) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(2)
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                                .principal(
                                        new NamePrincipal(config.getValue("quarkus.datasource.username", String.class)))
                                .credential(new SimplePassword(
                                        config.getValue("quarkus.datasource.password", String.class))))));
    }

    @Test
    void keepsTheOrderOfArgumentsAndNul() {
        var input = JsonNodeFactory.instance.objectNode().put("z", "a\0b").put("a", "é😀");
        var called = new ToolCalled(UUID.randomUUID(), "Bash", input);

        log.append(session, Actor.AGENT, List.of(Entry.of(called)));

        var read = (ToolCalled) log.read(session, 0, 1).getFirst().event();
        assertThat(read.input().fieldNames()).toIterable().containsExactly("z", "a");
        assertThat(read.input().get("z").asText()).isEqualTo("a\0b");
    }

    @Test
    void logsOnceWhatMayHappenOnce() {
        log.append(session, Actor.SYSTEM, List.of(Entry.once(new TurnEnded(TURN, Reason.ANSWERED, null), TURN)));

        assertThatThrownBy(() -> log.append(
                        session,
                        Actor.SYSTEM,
                        List.of(renamed("lost"), Entry.once(new TurnEnded(TURN, Reason.BUDGET, null), TURN))))
                .isInstanceOf(AlreadyLogged.class);
        assertThat(log.read(session, 0, 10)).hasSize(1);
    }

    @Test
    void refusesAnAppendUnderALeaseThatSomebodyElseTook() {
        Lease old = log.takeLease(session);
        log.takeLease(session);

        assertThatThrownBy(() -> log.append(old, Actor.AGENT, List.of(renamed("x"))))
                .isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> log.appendAt(old, 0, Actor.AGENT, List.of(renamed("x"))))
                .isInstanceOf(LeaseLost.class);
    }

    @Test
    void appendsNothingWhereTheLogHasMovedOn() {
        log.append(session, Actor.SYSTEM, List.of(renamed("a")));

        assertThat(log.appendAt(session, 0, Actor.SYSTEM, List.of(renamed("b"))))
                .isEqualTo(Optional.empty());
        assertThat(log.appendAt(session, 1, Actor.SYSTEM, List.of(renamed("b"))))
                .isPresent();
    }

    @Test
    void keepsTheStatusInStepWithTheLog() {
        log.append(session, Actor.AGENT, List.of(Entry.of(new TurnStarted(TURN, UUID.randomUUID(), "m/n", "default"))));
        assertThat(sessions.find(session).orElseThrow().status()).isEqualTo(Session.Status.running);
        UUID call = UUID.randomUUID();
        var input = JsonNodeFactory.instance.objectNode();
        log.append(
                session,
                Actor.AGENT,
                List.of(Entry.of(new SessionEvent.ApprovalRequested(call, "Bash", input, "why", List.of()))));
        assertThat(sessions.find(session).orElseThrow().status()).isEqualTo(Session.Status.waiting);

        log.append(
                session,
                Actor.SYSTEM,
                List.of(Entry.of(new SessionEvent.ApprovalGiven(call, SessionEvent.Decision.allow, null, null, null))));
        assertThat(sessions.find(session).orElseThrow().status()).isEqualTo(Session.Status.running);
        log.append(session, Actor.AGENT, List.of(Entry.of(new TurnEnded(TURN, Reason.ANSWERED, null))));
        assertThat(sessions.find(session).orElseThrow().status()).isEqualTo(Session.Status.idle);
    }

    @Test
    void leavesNoGapWhenManyAppendAtOnce() throws InterruptedException {
        var done = new CountDownLatch(200);
        IntStream.range(0, 200)
                .forEach(i -> Thread.startVirtualThread(() -> {
                    log.append(session, Actor.SYSTEM, List.of(renamed("" + i)));
                    done.countDown();
                }));
        done.await();

        assertThat(log.read(session, 0, 1_000))
                .extracting(Logged::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void isUnfinishedAsLongAsAPromptWaits() {
        var prompt = UUID.randomUUID();
        var steering = UUID.randomUUID();
        var withdrawn = UUID.randomUUID();
        assertThat(log.unfinished()).doesNotContain(session);

        log.append(session, Actor.SYSTEM, List.of(submitted(prompt, Deliver.queue)));
        assertThat(log.unfinished()).contains(session);
        log.append(session, Actor.AGENT, List.of(Entry.once(new TurnStarted(TURN, prompt, "m", "default"), prompt)));
        var sent = log.append(session, Actor.SYSTEM, List.of(submitted(steering, Deliver.steer)));
        log.append(session, Actor.AGENT, List.of(replied("1", sent.getLast().sequence() - 1)));
        log.append(session, Actor.AGENT, List.of(Entry.once(new TurnEnded(TURN, Reason.ANSWERED, null), TURN)));
        assertThat(log.unfinished()).contains(session);

        log.append(session, Actor.AGENT, List.of(replied("2", sent.getLast().sequence())));
        assertThat(log.unfinished()).doesNotContain(session);

        log.append(session, Actor.SYSTEM, List.of(submitted(withdrawn, Deliver.queue)));
        log.append(session, Actor.SYSTEM, List.of(Entry.of(new PromptChanged(withdrawn, "other", null, null))));
        assertThat(log.unfinished()).contains(session);
        log.append(session, Actor.SYSTEM, List.of(Entry.of(new PromptChanged(withdrawn, null, true, null))));
        assertThat(log.unfinished()).doesNotContain(session);
    }

    private static Entry submitted(UUID prompt, Deliver deliver) {
        return Entry.of(new PromptSubmitted(prompt, "do it", null, deliver));
    }

    /** @param seen up to which sequence its request held the log */
    private static Entry replied(String key, long seen) {
        var usage = new UsageRecorded(1, 1, 0, 0, null, seen);
        return new Entry(usage, null, key, JsonNodeFactory.instance.objectNode().put("seen", seen));
    }

    @Test
    void isNotDisturbedByAnInterruptOfItsCaller() {
        Thread.currentThread().interrupt();
        log.append(session, Actor.SYSTEM, List.of(renamed("a")));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(log.read(session, 0, 10)).hasSize(1);
    }

    @Test
    void wakesWhoWaitsForMore() throws InterruptedException {
        Thread.startVirtualThread(() -> log.append(session, Actor.SYSTEM, List.of(renamed("a"))));

        log.await(session, 0, Duration.ofSeconds(10));

        assertThat(log.newest(session)).isEqualTo(1);
    }

    private static Entry renamed(String title) {
        return Entry.of(new SessionEvent.SessionRenamed(title));
    }
}
