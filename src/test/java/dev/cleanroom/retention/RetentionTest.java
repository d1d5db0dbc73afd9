package dev.cleanroom.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.git.Refs;
import dev.cleanroom.project.Project;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RetentionTest {
    private static final int DAYS = 20_000; // older than anything that other tests leave

    @Inject
    AgroalDataSource database;

    @Inject
    Expiry expiry;

    @Inject
    Refs refs;

    @Inject
    SessionStore sessions;

    private Somebody administrator;
    private UUID project;
    private UUID old;
    private UUID young;

    @BeforeEach
    void makeSessions() throws SQLException {
        administrator = TestPeople.administrator();
        project = TestProject.empty(administrator);
        old = TestProject.session(administrator, project);
        young = TestProject.session(administrator, project);
        age("session", old, DAYS + 1);
        refs.create(
                project,
                "refs/cleanroom/session/" + old + "/tree",
                refs.resolve(project, "HEAD").orElseThrow());
    }

    @AfterEach
    void keepEverything() throws SQLException {
        execute("update session set status = 'idle', changed_at = now() where id = '" + old + "'");
        administrator.request().body(Map.of()).put("/api/v1/retention").then().statusCode(200);
    }

    @Test
    void deletesNothingUnlessTold() {
        administrator.request().get("/api/v1/retention").then().statusCode(200).body("idleSessionDays", nullValue());

        expiry.apply();

        assertThat(exists(old)).isTrue();
    }

    @Test
    void showsWhatItWouldDeleteThenDeletesThatWithItsRefs() {
        assertThat(preview("idleSessionDays", DAYS)).containsExactly(old.toString());
        assertThat(preview("archivedSessionDays", DAYS)).isEmpty();

        put("idleSessionDays", DAYS);
        expiry.apply();

        assertThat(exists(old)).isFalse();
        assertThat(exists(young)).isTrue();
        assertThat(refs.list(project, "refs/cleanroom/session/" + old)).isEmpty();
        assertThat(refs.resolve(project, "refs/heads/session/" + old)).isEmpty();
        assertThat(refs.resolve(project, "refs/heads/session/" + young)).isPresent();
        assertThat(preview("idleSessionDays", DAYS)).isEmpty();
    }

    @Test
    void countsFromWhenASessionWasArchived() {
        administrator
                .request()
                .body(Map.of("archived", true))
                .patch("/api/v1/sessions/" + old)
                .then()
                .statusCode(200);

        put("archivedSessionDays", DAYS);
        expiry.apply();

        assertThat(exists(old)).isTrue();
    }

    @Test
    void leavesWhatSomebodyCameBackTo() throws SQLException {
        archive(true);
        age("project", project, DAYS + 1);
        var due = expiry.due(new Rules(DAYS, null, DAYS));
        assertThat(due.sessions()).extracting(Session::id).contains(old);
        assertThat(due.projects()).extracting(Project::id).contains(project);

        age("session", old, 1);
        archive(false);
        expiry.expire(due);

        assertThat(exists(old)).isTrue();
    }

    @Test
    void deletesASessionAndItsRefsOrNeither() {
        var tree = "refs/cleanroom/session/" + old + "/tree";

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    assertThat(sessions.delete(sessions.find(old).orElseThrow()))
                            .isTrue();
                    throw new IllegalStateException("cut off");
                }))
                .hasMessage("cut off");

        assertThat(exists(old)).isTrue();
        assertThat(refs.resolve(project, tree)).isPresent();
        assertThat(refs.resolve(project, "refs/heads/session/" + old)).isPresent();
    }

    @Test
    void leavesASessionThatIsAtWork() throws SQLException {
        execute("update session set status = 'waiting' where id = '" + old + "'");

        put("idleSessionDays", DAYS);
        expiry.apply();

        assertThat(exists(old)).isTrue();
    }

    @Test
    void deletesArchivedProjectsOnly() throws SQLException {
        var other = TestProject.empty(administrator);
        archive(true);
        age("project", project, DAYS + 1);
        age("project", other, DAYS + 1);

        put("archivedProjectDays", DAYS);
        expiry.apply();

        administrator.request().get("/api/v1/projects/" + project).then().statusCode(404);
        administrator.request().get("/api/v1/projects/" + other).then().statusCode(200);
    }

    @Test
    void refusesDaysThatAreNoneAndWhoIsNoAdministrator() {
        for (int days : List.of(0, -1, 40_000)) {
            administrator
                    .request()
                    .body(Map.of("idleSessionDays", days))
                    .put("/api/v1/retention")
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("retention.days"));
        }
        var member = TestPeople.member("Rem");
        member.request().get("/api/v1/retention").then().statusCode(403);
        member.request().get("/api/v1/retention/preview").then().statusCode(403);
    }

    private void archive(boolean archived) {
        administrator
                .request()
                .body(Map.of("archived", archived))
                .patch("/api/v1/projects/" + project)
                .then()
                .statusCode(200);
    }

    private void put(String rule, int days) {
        administrator
                .request()
                .body(Map.of(rule, days))
                .put("/api/v1/retention")
                .then()
                .statusCode(200)
                .body(rule, equalTo(days));
    }

    private List<String> preview(String rule, int days) {
        return administrator
                .request()
                .queryParam(rule, days)
                .get("/api/v1/retention/preview")
                .then()
                .statusCode(200)
                .extract()
                .path("sessions.id");
    }

    private boolean exists(UUID session) {
        return administrator.request().get("/api/v1/sessions/" + session).statusCode() == 200;
    }

    private void age(String table, UUID id, int days) throws SQLException {
        execute("update " + table + " set changed_at = now() - interval '" + days + " days' where id = '" + id + "'");
    }

    private void execute(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
