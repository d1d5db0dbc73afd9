package dev.cleanroom.project;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProjectDefaultsTest {
    private Somebody owner;
    private UUID project;

    @BeforeEach
    void makeProject() {
        owner = TestPeople.administrator();
        project = TestProject.empty(owner);
    }

    @Test
    void giveNewSessionsTheirModelAndMode() {
        change(Map.of("defaultModel", "anthropic/some-model", "defaultMode", "acceptEdits"))
                .statusCode(200)
                .body("defaultModel", equalTo("anthropic/some-model"));

        owner.request().get("/api/v1/projects/" + project).then().body("defaultMode", equalTo("acceptEdits"));
        session().body("model", equalTo("anthropic/some-model")).body("mode", equalTo("acceptEdits"));
        change(Map.of("defaultModel", "")).statusCode(200).body("defaultModel", nullValue());
        session().body("model", equalTo("tour/guide")).body("mode", equalTo("acceptEdits"));
    }

    @Test
    void areJudgedBeforeAnythingChanges() {
        change(Map.of("name", "other-" + project, "defaultMode", "nonsense"))
                .statusCode(400)
                .body("type", equalTo("session.mode-unavailable"));
        change(Map.of("defaultMode", "bypassPermissions"))
                .statusCode(400)
                .body("type", equalTo("project.default-mode"));
        change(Map.of("defaultModel", "no slash")).statusCode(400).body("type", equalTo("session.model"));
        owner.request()
                .get("/api/v1/projects/" + project)
                .then()
                .body("name", org.hamcrest.Matchers.startsWith("p-"))
                .body("defaultMode", nullValue());
        var editor = TestPeople.member("Edi");
        TestProject.addMember(owner, project, editor, "editor");
        editor.request()
                .body(Map.of("defaultMode", "acceptEdits"))
                .patch("/api/v1/projects/" + project)
                .then()
                .statusCode(403);
    }

    private ValidatableResponse session() {
        return owner.request()
                .get("/api/v1/sessions/" + TestProject.session(owner, project))
                .then()
                .statusCode(200);
    }

    private ValidatableResponse change(Map<String, ?> what) {
        return owner.request().body(what).patch("/api/v1/projects/" + project).then();
    }
}
