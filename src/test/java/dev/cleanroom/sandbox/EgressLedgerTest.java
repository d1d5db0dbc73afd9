package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.sandbox.EgressEntry.Cause;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the proxy noted, as people read it. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class EgressLedgerTest {
    private static final String REASON = "other.test:443 is not on this project's list of hosts";

    @Inject
    EgressLedger ledger;

    @Inject
    EgressStore store;

    @Inject
    SessionLog log;

    @Inject
    AgroalDataSource database;

    private Somebody owner;
    private UUID project;
    private UUID session;

    @BeforeEach
    void project() {
        owner = TestPeople.member("Olga");
        project = TestProject.begun(owner);
        session = TestProject.session(owner, project);
    }

    private EgressEntry note(String host, String verdict, Cause cause) throws InterruptedException {
        var entry = new EgressEntry(session, project, host, 443, verdict, Optional.ofNullable(cause));
        ledger.note(entry);
        return entry;
    }

    private int times(String query) {
        List<Integer> times = owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger" + query)
                .then()
                .statusCode(200)
                .extract()
                .path("items.times");
        return times.stream().mapToInt(each -> each).sum();
    }

    @Test
    void tellsWhatCouldHaveLeftByHostAndByConnection() throws Exception {
        var call = new Cause(Cause.Kind.call, UUID.randomUUID());
        var open = note("api.test", EgressLedger.ALLOWED, call);
        note("other.test", REASON, new Cause(Cause.Kind.terminal, UUID.randomUUID()));
        Eventually.isTrue(() -> times("") == 2);
        open.up().set(1_000);
        open.down().set(20);
        open.end();

        Eventually.isTrue(() -> owner.request()
                        .get("/api/v1/projects/" + project + "/egress/ledger/hosts")
                        .then()
                        .extract()
                        .<Integer>path("items[0].bytesUp")
                == 1_000);

        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger/hosts")
                .then()
                .body("items.host", contains("api.test", "other.test"))
                .body("items.connections", contains(1, 0))
                .body("items.refused", contains(0, 1))
                .body("keptDays", equalTo(90));
        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger")
                .then()
                .body("items.host", contains("other.test", "api.test"))
                .body("items[0].verdict", equalTo("refused"))
                .body("items[0].reason", equalTo(REASON))
                .body("items[0].asSandboxSays.kind", equalTo("terminal"))
                .body("items[1].verdict", equalTo("allowed"))
                .body("items[1].asSandboxSays.id", equalTo(call.id().toString()))
                .body("items[1].session", equalTo(session.toString()))
                .body("items[1].bytesUp", equalTo(1_000))
                .body("items[1].bytesDown", equalTo(20));
    }

    @Test
    void losesNoRefusalOfALoopAndKeepsFewRows() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            note("other.test", REASON, null);
        }

        Eventually.isTrue(() -> times("?limit=1000") == 5_000);
        List<String> ids = owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger?limit=1000")
                .then()
                .extract()
                .path("items.id");
        assertThat(ids).hasSizeLessThanOrEqualTo(50);
    }

    @Test
    void saysWhoseTurnRan() throws Exception {
        UUID prompt = UUID.randomUUID();
        UUID turn = UUID.randomUUID();
        var olga = new Actor(Actor.Kind.person, owner.id(), owner.name());
        log.append(session, olga, List.of(Entry.of(new PromptSubmitted(prompt, "Fetch it", null, null))));
        log.append(session, Actor.AGENT, List.of(Entry.of(new TurnStarted(turn, prompt, "tour/guide", "default"))));
        note("during.test", EgressLedger.ALLOWED, null).end();
        Eventually.isTrue(() -> times("?host=during") == 1);
        log.append(session, Actor.AGENT, List.of(Entry.of(new TurnEnded(turn, Reason.ANSWERED, null))));
        note("after.test", EgressLedger.ALLOWED, null).end();
        Eventually.isTrue(() -> times("?host=after") == 1);

        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger")
                .then()
                .body("items[1].turnOf.name", equalTo("Olga"))
                .body("items[1].turnOf.id", equalTo(owner.id().toString()))
                .body("items[0].turnOf", equalTo(null));
    }

    @Test
    void filtersAndPages() throws Exception {
        for (var host : List.of("a.test", "b.test", "c.test")) {
            note(host, EgressLedger.ALLOWED, null).end();
        }
        note("other.test", REASON, null);
        Eventually.isTrue(() -> times("") == 4);

        assertThat(times("?verdict=refused")).isEqualTo(1);
        assertThat(times("?host=B.TEST")).isEqualTo(1);
        assertThat(times("?session=" + UUID.randomUUID())).isZero();
        assertThat(times("?session=" + session)).isEqualTo(4);
        assertThat(times("?to=2020-01-01T00:00:00Z")).isZero();
        assertThat(times("?from=2020-01-01T00:00:00Z")).isEqualTo(4);
        String next = owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger?limit=3")
                .then()
                .body("items.host", contains("other.test", "c.test", "b.test"))
                .extract()
                .path("next");
        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger?limit=3&cursor=" + next)
                .then()
                .body("items.host", contains("a.test"))
                .body("next", equalTo(null));
        for (var wrong : List.of("verdict=maybe", "session=x", "from=yesterday", "cursor=x")) {
            owner.request()
                    .get("/api/v1/projects/" + project + "/egress/ledger?" + wrong)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("egress.filter"));
        }
    }

    @Test
    void writesCsvThatNoSpreadsheetRuns() throws Exception {
        note("other.test", "=cmd, \"quoted\"", null);
        Eventually.isTrue(() -> times("") == 1);

        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger/connections.csv")
                .then()
                .statusCode(200)
                .header("Content-Type", containsString("text/csv"))
                .body(containsString(",other.test,443,refused,\"'=cmd, \"\"quoted\"\"\",1,0,0\r\n"));
    }

    @Test
    void showsAdministratorsAllAndOthersOnlyWhatIsTheirs() throws Exception {
        note("a.test", EgressLedger.ALLOWED, null).end();
        Eventually.isTrue(() -> times("") == 1);
        var other = TestPeople.member("Otto");

        TestPeople.administrator()
                .request()
                .get("/api/v1/egress/ledger?project=" + project)
                .then()
                .statusCode(200)
                .body("items.host", contains("a.test"));
        other.request().get("/api/v1/egress/ledger").then().statusCode(403);
        var elsewhere = TestProject.empty(other);
        other.request()
                .get("/api/v1/projects/" + elsewhere + "/egress/ledger")
                .then()
                .body("items.size()", equalTo(0));
    }

    @Test
    void forgetsByAgeAndOfRefusalsTheOldestBeyondTheMost() throws Exception {
        try (var connection = database.getConnection();
                var insert = connection.createStatement()) {
            insert.executeUpdate("insert into egress (session_id, project_id, at, host, port, verdict, bytes_up,"
                    + " bytes_down) select '" + session + "', '" + project + "', now(), 'loop.test', 443, 'no', 0, 0"
                    + " from generate_series(1, 20100)");
            insert.executeUpdate("insert into egress (session_id, project_id, at, host, port, verdict, bytes_up,"
                    + " bytes_down) values ('" + session + "', '" + project
                    + "', now() - interval '91 days', 'old.test',"
                    + " 443, 'allowed', 0, 0), ('" + session + "', '" + project + "', now() - interval '89 days',"
                    + " 'kept.test', 443, 'allowed', 7, 0)");
        }

        store.prune(List.of(project));

        owner.request()
                .get("/api/v1/projects/" + project + "/egress/ledger/hosts")
                .then()
                .body("items.host", contains("kept.test", "loop.test"))
                .body("items.refused", contains(0, 20_000));
    }
}
