package dev.cleanroom.model;

import static dev.cleanroom.testing.Answer.text;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.cleanroom.testing.ScriptedModel;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ModelResourceTest.LocalServers.class)
class ModelResourceTest {
    /** Lets the settings reach servers on this machine, but for one port. */
    public static final class LocalServers implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "cleanroom.outbound.private-hosts", "127.0.0.1:*",
                    "cleanroom.model.ollama-url", "http://127.0.0.1:9");
        }
    }

    @Inject
    ModelClient models;

    @Inject
    EntityManager database;

    private final ScriptedModel server = ScriptedModel.start();
    private final List<String> set = new ArrayList<>();

    @AfterEach
    void reset() {
        set.forEach(id -> TestPeople.administrator().request().delete("/api/v1/models/providers/" + id));
        System.clearProperty("ANTHROPIC_BASE_URL");
        System.clearProperty("ANTHROPIC_API_KEY");
        System.clearProperty("CLEANROOM_MODEL");
        server.close();
    }

    private ValidatableResponse put(String id, String wire, String baseUrl, String key) {
        set.add(id);
        var body = new HashMap<String, String>();
        body.put("wire", wire);
        body.put("baseUrl", baseUrl);
        body.put("key", key);
        return TestPeople.administrator()
                .request()
                .body(body)
                .put("/api/v1/models/providers/" + id)
                .then();
    }

    private static ValidatableResponse list() {
        return TestPeople.administrator().request().get("/api/v1/models").then().statusCode(200);
    }

    @Test
    void offersTheTourWhereNothingIsSetUp() {
        list().body("id", equalTo(List.of("tour/guide"))).body("[0].default", is(true));
    }

    @Test
    void listsWhatTheEnvironmentsProviderHas() {
        System.setProperty("ANTHROPIC_BASE_URL", server.anthropicBase().toString());
        System.setProperty("ANTHROPIC_API_KEY", "key-of-the-environment");
        server.models("claude-new", "claude-opus-5-5");

        list().body("id", equalTo(List.of("anthropic/claude-new", "anthropic/claude-opus-5-5", "tour/guide")))
                .body("find { it.default }.id", equalTo("anthropic/claude-opus-5-5"));
        TestPeople.administrator()
                .request()
                .get("/api/v1/models/providers")
                .then()
                .body("[0].from", equalTo("environment"))
                .body("[0].hasKey", is(true))
                .body("[0].wire", equalTo("anthropic"));
        TestPeople.administrator()
                .request()
                .delete("/api/v1/models/providers/anthropic")
                .then()
                .statusCode(409);
    }

    @Test
    void anUnknownNameIsPassedOnAsItIs() throws Exception {
        System.setProperty("ANTHROPIC_BASE_URL", server.anthropicBase().toString());
        System.setProperty("ANTHROPIC_API_KEY", "key-1");
        System.setProperty("CLEANROOM_MODEL", "somebody/else's-model");
        server.reply(text("hello"));

        list().body("find { it.default }.id", equalTo("somebody/else's-model"));
        models.reply(asking("somebody/else's-model"), new Silent());

        assertThat(server.lastRequest().model()).isEqualTo("somebody/else's-model");
    }

    @Test
    void keepsAKeyThatWorksSealedAndUsesIt() throws Exception {
        put("local", "openai-chat", server.openAiBase().toString(), "key-of-mine")
                .statusCode(200)
                .body("hasKey", is(true))
                .body("from", equalTo("settings"))
                .body("key", equalTo(null));
        server.reply(text("hello"));

        var reply = models.reply(asking("local/" + ScriptedModel.MODEL), new Silent());

        assertThat(reply.blocks()).hasSize(1);
        assertThat(server.lastRequest().headers()).containsEntry("authorization", "Bearer key-of-mine");
        list().body("id", hasItem("local/" + ScriptedModel.MODEL));
        assertThat((String) database.createNativeQuery("select sealed_key from model_provider where id = 'local'")
                        .getSingleResult())
                .startsWith("v1.")
                .doesNotContain("key-of-mine");
    }

    @Test
    void refusesAKeyThatTheProviderRefuses() {
        for (var wire : List.of("anthropic", "openai-chat", "openai-responses")) {
            var base = wire.equals("anthropic") ? server.anthropicBase() : server.openAiBase();
            put("wrong", wire, base.toString(), "bad-key")
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("model.key-refused"));
        }
        TestPeople.administrator()
                .request()
                .get("/api/v1/models/providers")
                .then()
                .body("id", not(hasItem("wrong")));
    }

    @Test
    void aStoredKeyStaysWithItsAddress() {
        put("local", "openai-chat", server.openAiBase().toString(), "key-of-mine")
                .statusCode(200);

        put("local", "openai-chat", server.openAiBase().toString(), null)
                .statusCode(200)
                .body("hasKey", is(true));
        put("local", "openai-responses", server.openAiBase() + "/", null)
                .statusCode(200)
                .body("hasKey", is(true));
        try (var other = ScriptedModel.start()) {
            put("local", "openai-chat", other.openAiBase().toString(), null)
                    .statusCode(200)
                    .body("hasKey", is(false));
        }
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        put("x", "openai-chat", server.anthropicBase().toString(), "k")
                .statusCode(400)
                .body("type", equalTo("model.address-wrong"));
        put("x", "openai-chat", "http://127.0.0.1:9/v1", "k")
                .statusCode(400)
                .body("type", equalTo("model.unreachable"));
        put("x", "openai-chat", "http://169.254.169.254/v1", "k")
                .statusCode(403)
                .body("type", equalTo("model.address-refused"));
        put("x", "openai-chat", "ftp://example.org", "k")
                .statusCode(400)
                .body("type", equalTo("model.address-invalid"));
        put("x", "smoke-signals", null, "k").statusCode(400).body("type", equalTo("model.wire-unknown"));
        put("tour", "anthropic", null, "k").statusCode(400).body("type", equalTo("model.provider-id"));
    }

    @Test
    void isForAdministratorsOnly() {
        var member = TestPeople.member("Mo");

        member.request().get("/api/v1/models/providers").then().statusCode(403);
        member.request()
                .body(Map.of("wire", "anthropic", "key", "k"))
                .put("/api/v1/models/providers/anthropic")
                .then()
                .statusCode(403);
        member.request().delete("/api/v1/models/providers/anthropic").then().statusCode(403);
        member.request().get("/api/v1/models").then().statusCode(200);
        given().get("/api/v1/models").then().statusCode(401);
    }

    private static ModelClient.Request asking(String model) {
        return new ModelClient.Request(
                model,
                "Be brief.",
                List.of(),
                List.of(ModelClient.Message.User.text("hi")),
                "session-1",
                Optional.empty());
    }

    private static final class Silent implements ModelClient.Listener {
        @Override
        public void delta(int attempt, int block, Kind kind, int offset, String text) {}

        @Override
        public void retried(int attempt, long afterMillis, String reason) {}
    }
}
