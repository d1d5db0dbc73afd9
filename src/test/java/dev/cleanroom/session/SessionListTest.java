package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SessionListTest {
    private Somebody owner;
    private UUID project;
    private UUID session;

    @Inject
    SessionLog log;

    @Inject
    SessionFactory hibernate;

    @BeforeEach
    void makeSession() {
        owner = TestPeople.administrator();
        project = TestProject.empty(owner);
        session = TestProject.session(owner, project);
    }

    @Test
    void hidesWhatIsArchivedUnlessItIsAskedFor() {
        var viewer = TestPeople.member("Vic");
        TestProject.addMember(owner, project, viewer, "viewer");
        var kept = TestProject.session(owner, project);
        viewer.request()
                .body(Map.of("archived", true))
                .patch("/api/v1/sessions/" + session)
                .then()
                .statusCode(403);

        owner.request()
                .body(Map.of("archived", true))
                .patch("/api/v1/sessions/" + session)
                .then()
                .statusCode(200)
                .body("archived", equalTo(true));

        assertThat(ids("/api/v1/projects/" + project + "/sessions")).containsExactly(kept.toString());
        assertThat(ids("/api/v1/sessions")).contains(kept.toString()).doesNotContain(session.toString());
        assertThat(ids("/api/v1/projects/" + project + "/sessions?archived=true"))
                .containsExactlyInAnyOrder(kept.toString(), session.toString());
        assertThat(ids("/api/v1/sessions?archived=true")).contains(session.toString());

        owner.request().body(Map.of("archived", false)).patch("/api/v1/sessions/" + session);

        assertThat(ids("/api/v1/projects/" + project + "/sessions")).contains(session.toString());
    }

    @Test
    void saysWhatASessionWaitsForAndWhereItBelongs() {
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        say(new TurnStarted(UUID.randomUUID(), UUID.randomUUID(), "tour/guide", "default"), "turn");
        say(asked(first, "npm test\nand more"), first);
        say(asked(second, "rm \0x"), second);

        shown().body("items[0].waitingFor", equalTo("Bash npm test"))
                .body("items[0].status", equalTo("waiting"))
                .body("items[0].projectName", org.hamcrest.Matchers.startsWith("p-"))
                .body("items[0].archived", equalTo(false));
        say(new ApprovalGiven(first, Decision.allow, null, null, null), first);
        shown().body("items[0].waitingFor", equalTo("Bash rm \uFFFDx"));
        say(new ApprovalGiven(second, Decision.allow, null, null, null), second);
        shown().body("items[0].waitingFor", nullValue());
    }

    @Test
    void asksTheDatabaseNoMoreForManySessionsOfManyProjects() {
        long forOne = statements();
        for (int count = 0; count < 3; count++) {
            TestProject.session(owner, project);
            TestProject.session(owner, TestProject.empty(owner));
        }

        assertThat(statements()).isEqualTo(forOne);
    }

    /** That a list of all sessions takes. */
    private long statements() {
        var statistics = hibernate.getStatistics();
        statistics.setStatisticsEnabled(true);
        long before = statistics.getPrepareStatementCount();
        ids("/api/v1/sessions");
        long count = statistics.getPrepareStatementCount() - before;
        statistics.setStatisticsEnabled(false);
        System.out.println("statements of a list " + count);
        return count;
    }

    private static ApprovalRequested asked(UUID call, String command) {
        return new ApprovalRequested(
                call, "Bash", JsonNodeFactory.instance.objectNode().put("command", command), "It asks.", List.of());
    }

    private void say(SessionEvent event, Object key) {
        log.append(session, Actor.AGENT, List.of(Entry.once(event, key)));
    }

    private io.restassured.response.ValidatableResponse shown() {
        return owner.request()
                .get("/api/v1/projects/" + project + "/sessions")
                .then()
                .statusCode(200);
    }

    private List<String> ids(String address) {
        return owner.request().get(address).then().statusCode(200).extract().path("items.id");
    }
}
