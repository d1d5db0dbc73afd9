package dev.cleanroom.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people lend their sandboxes goes in, is used, and never comes out. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class SecretResourceTest {
    private static final String VALUE = "tok-5f2c9a7b1d";

    @Inject
    ProjectSecrets secrets;

    @Inject
    EntityManager database;

    private Somebody owner;
    private UUID project;

    @BeforeEach
    void project() {
        owner = TestPeople.member("Olga");
        project = TestProject.begun(owner);
    }

    private ValidatableResponse put(String name, Map<String, Object> secret) {
        return owner.request()
                .body(secret)
                .put("/api/v1/projects/" + project + "/secrets/" + name)
                .then();
    }

    private static Map<String, Object> header(String address) {
        return new HashMap<>(Map.of("kind", "header", "value", VALUE, "address", address, "prefix", "Bearer "));
    }

    @Test
    void takesAHeaderAndShowsAllButItsValue() {
        put("api", header("https://API.example.org/v1/")).statusCode(200);

        owner.request()
                .get("/api/v1/projects/" + project + "/secrets")
                .then()
                .body("items[0].name", equalTo("api"))
                .body("items[0].address", equalTo("https://api.example.org/v1"))
                .body("items[0].header", equalTo("Authorization"))
                .body("items[0].methods", equalTo(List.of("GET", "HEAD")))
                .body("items[0].changedBy", equalTo("Olga"))
                .body("items[0].usedAt", nullValue())
                .body(not(containsString(VALUE)));
        assertThat(secrets.header(project, "api")).hasValueSatisfying(found -> {
            assertThat(found.value()).isEqualTo("Bearer " + VALUE);
            assertThat(found).asString().doesNotContain(VALUE);
        });
        assertThat(secrets.environment(project)).isEmpty();
        assertThat(database.createNativeQuery("select sealed from project_secret where project_id = ?1")
                        .setParameter(1, project)
                        .getSingleResult())
                .asString()
                .doesNotContain(VALUE);
        assertThat(database.createNativeQuery("select string_agg(detail, ' ') from audit_entry where subject = ?1")
                        .setParameter(1, project.toString())
                        .getSingleResult())
                .asString()
                .contains("api")
                .doesNotContain(VALUE);

        secrets.used(project, "api");
        owner.request()
                .get("/api/v1/projects/" + project + "/secrets")
                .then()
                .body("items[0].usedAt", not(nullValue()));
    }

    @Test
    void replacesAndDeletesAndUsesTheNewOneAtOnce() {
        put("API_TOKEN", Map.of("kind", "environment", "value", VALUE)).statusCode(200);
        assertThat(secrets.environment(project)).containsExactly(Map.entry("API_TOKEN", VALUE));
        assertThat(secrets.masker(project).mask("is " + VALUE)).isEqualTo("is **************");

        put("API_TOKEN", Map.of("kind", "environment", "value", "another-value"))
                .statusCode(200);
        assertThat(secrets.environment(project)).containsExactly(Map.entry("API_TOKEN", "another-value"));

        var address = "/api/v1/projects/" + project + "/secrets/API_TOKEN";
        owner.request().delete(address).then().statusCode(204);
        owner.request().delete(address).then().statusCode(404).body("type", equalTo("secret.not-found"));
        assertThat(secrets.environment(project)).isEmpty();
        assertThat(secrets.masker(project).isEmpty()).isTrue();
    }

    @Test
    void refusesWhatCouldLeadASecretAstray() {
        for (var address : List.of(
                "http://api.example.org/",
                "https://user:pw@api.example.org/",
                "https://api.example.org/?q=1",
                "https://api.example.org/a/../b",
                "https://api.example.org/%2e%2e",
                "https://127.0.0.1/",
                "https://localhost/",
                "https://other.secret.internal/",
                "https://cleanroom.internal/",
                "nonsense")) {
            put("api", header(address)).statusCode(400).body("type", equalTo("secret.invalid"));
        }
        for (var name : List.of("Api", "a_b", "-a", "a.b")) {
            put(name, header("https://api.example.org/")).statusCode(400);
        }
        for (var name : List.of("PATH", "LD_PRELOAD", "HTTPS_PROXY", "GIT_SSH_COMMAND", "lower", "A-B")) {
            put(name, Map.of("kind", "environment", "value", VALUE)).statusCode(400);
        }
        put("api", Map.of("kind", "header", "address", "https://api.example.org/"))
                .statusCode(400);
        put("TOKEN", Map.of("kind", "environment", "value", "short")).statusCode(400);
        var splitting = header("https://api.example.org/");
        splitting.put("value", "abcdefgh\r\nX: y");
        put("api", splitting).statusCode(400);
        var host = header("https://api.example.org/");
        host.put("header", "Host");
        put("api", host).statusCode(400);
        var trace = header("https://api.example.org/");
        trace.put("methods", List.of("TRACE"));
        put("api", trace).statusCode(400);
    }

    @Test
    void hidesAKnownValueInWhatComesIntoTheLog() {
        put("API_TOKEN", Map.of("kind", "environment", "value", VALUE)).statusCode(200);
        var session = TestProject.session(owner, project);

        owner.request()
                .body(Map.of("text", "run echo " + VALUE))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(202);

        owner.request()
                .get("/api/v1/sessions/" + session + "/events")
                .then()
                .body("text", hasItem("run echo **************"))
                .body(not(containsString(VALUE)));
    }
}
