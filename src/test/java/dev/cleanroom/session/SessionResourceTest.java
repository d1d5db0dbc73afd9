package dev.cleanroom.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SessionResourceTest {
    private static Somebody ana;
    private static Somebody viewer;
    private static UUID project;

    @Inject
    SessionLog log;

    @Inject
    SessionStore store;

    private UUID session;

    @BeforeEach
    void makeSession() {
        if (ana == null) {
            ana = TestPeople.member("Mei");
            viewer = TestPeople.member("Vic");
            project = TestProject.empty(ana);
            TestProject.addMember(ana, project, viewer, "viewer");
        }
        session = TestProject.session(ana, project);
    }

    @Test
    void tellsWhatASessionIs() {
        ana.request()
                .get("/api/v1/sessions/" + session)
                .then()
                .statusCode(200)
                .body("status", equalTo("idle"))
                .body("mode", equalTo("default"))
                .body("sequence", equalTo(0))
                .body("branch", equalTo("refs/heads/session/" + session))
                .body("workspace", equalTo("/workspace"));
    }

    @Test
    void listsOnlyOnesOwnSessions() {
        var stranger = TestPeople.member("Sten");

        ana.request().get("/api/v1/sessions").then().statusCode(200).body("items.id", hasItem(session.toString()));
        stranger.request()
                .get("/api/v1/sessions")
                .then()
                .statusCode(200)
                .body("items.id", not(hasItem(session.toString())));
        stranger.request()
                .get("/api/v1/sessions/" + session)
                .then()
                .statusCode(404)
                .body("type", equalTo("session.not-found"));
    }

    @Test
    void refusesViewersPromptsAndModesThatAreNotThere() {
        viewer.request()
                .body(Map.of("text", "hello"))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(403)
                .body("type", equalTo("session.role"));
        ana.request()
                .body(Map.of("mode", "plan"))
                .patch("/api/v1/sessions/" + session)
                .then()
                .statusCode(400)
                .body("type", equalTo("session.mode-unavailable"));
        ana.request()
                .body(Map.of("base", "no-such-branch"))
                .post("/api/v1/projects/" + project + "/sessions")
                .then()
                .statusCode(400)
                .body("type", equalTo("session.base-unknown"));
        ana.request()
                .body(Map.of("text", "  "))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(400)
                .body("type", equalTo("session.prompt-empty"));
    }

    @Test
    void answersARepeatedPromptWithTheFirstAnswer() {
        var first = submit("say hello", "key-1");
        var again = submit("say hello", "key-1");

        assertThat(again).isEqualTo(first);
        assertThat(log.read(session, 0, 100))
                .filteredOn(logged -> logged.event() instanceof SessionEvent.PromptSubmitted)
                .hasSize(1);
    }

    private Map<String, Object> submit(String text, String key) {
        return ana.request()
                .header("Idempotency-Key", key)
                .body(Map.of("text", text))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(202)
                .extract()
                .jsonPath()
                .getMap("$");
    }

    @Test
    void letsOnlyWhoWroteAPromptChangeItsWords() {
        var other = TestPeople.member("Odo");
        ana.request()
                .body(Map.of("email", other.email(), "role", "editor"))
                .post("/api/v1/projects/" + project + "/members")
                .then()
                .statusCode(201);
        var id = UUID.randomUUID(); // in the log only: no turn takes it meanwhile
        log.append(
                session,
                new Actor(Actor.Kind.person, ana.id(), ana.name()),
                List.of(SessionLog.Entry.of(new SessionEvent.PromptSubmitted(id, "say hello", null, null))));
        var prompt = "/api/v1/sessions/" + session + "/prompts/" + id;

        other.request()
                .body(Map.of("text", "delete everything"))
                .patch(prompt)
                .then()
                .statusCode(403)
                .body("type", equalTo("session.prompt-author"));
        ana.request().body(Map.of("text", "say good day")).patch(prompt).then().statusCode(204);
    }

    @Test
    void givesTheSessionItsTitleByTheFirstPrompt() {
        submit("Fix the retry\nand test it", "k");

        ana.request().get("/api/v1/sessions/" + session).then().body("title", equalTo("Fix the retry"));
    }

    @Test
    void letsOnlyOneOfTwoAnswersThrough() throws InterruptedException {
        UUID call = ask();
        var statuses = new AtomicInteger[] {new AtomicInteger(), new AtomicInteger()};
        var threads = List.of(0, 1).stream()
                .map(i -> Thread.ofPlatform().start(() -> statuses[i].set(answer(call, "allow"))))
                .toList();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(List.of(statuses[0].get(), statuses[1].get())).containsExactlyInAnyOrder(204, 409);
    }

    private int answer(UUID call, String decision) {
        return ana.request()
                .body(Map.of("decision", decision))
                .post("/api/v1/sessions/" + session + "/approvals/" + call)
                .statusCode();
    }

    /** A question that no loop waits for. */
    private UUID ask() {
        UUID call = UUID.randomUUID();
        log.append(
                session,
                Actor.AGENT,
                List.of(Entry.of(new SessionEvent.ApprovalRequested(
                        call,
                        "Bash",
                        JsonNodeFactory.instance.objectNode().put("command", "make"),
                        "No rule.",
                        List.of()))));
        return call;
    }

    @Test
    void refusesAnAnswerToNoQuestion() {
        assertThat(answer(UUID.randomUUID(), "allow")).isEqualTo(404);
    }

    @Test
    void acceptsAnInterruptWhereNothingRuns() {
        ana.request().post("/api/v1/sessions/" + session + "/interrupt").then().statusCode(204);
    }

    @Test
    void goesOnOnlyWithTheLastTurnThatHasNoAnswer() {
        UUID turn = UUID.randomUUID();
        log.append(
                session,
                Actor.AGENT,
                List.of(
                        Entry.of(new SessionEvent.TurnStarted(turn, UUID.randomUUID(), "tour/guide", "default")),
                        Entry.of(new SessionEvent.TurnEnded(turn, Reason.ANSWERED, null))));

        ana.request()
                .post("/api/v1/sessions/" + session + "/turns/" + turn + "/continue")
                .then()
                .statusCode(409)
                .body("type", equalTo("session.turn-not-continuable"));
    }

    @Test
    void pagesForwardsAndBackwards() {
        for (int i = 1; i <= 5; i++) {
            log.append(session, Actor.SYSTEM, List.of(Entry.of(new SessionEvent.SessionRenamed("t" + i))));
        }

        ana.request()
                .get("/api/v1/sessions/" + session + "/events?after=2&limit=2")
                .then()
                .contentType(ContentType.JSON)
                .body("sequence", equalTo(List.of(3, 4)))
                .body("type", equalTo(List.of("session-renamed", "session-renamed")));
        ana.request()
                .get("/api/v1/sessions/" + session + "/events?before=4&limit=2")
                .then()
                .body("sequence", equalTo(List.of(2, 3)));
    }

    @Test
    void opensAStreamAtOnceWhereNothingHappens() throws Exception {
        var address = TestPeople.origin() + "/api/v1/sessions/" + session + "/events?after=1000";
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + ana.token())
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(10)) // until the headers
                .build();

        try (var client = HttpClient.newHttpClient();
                var body = client.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat((char) body.read()).isEqualTo(':');
            client.shutdownNow();
        }
    }

    @Test
    void asksForACredential() {
        given().get("/api/v1/sessions/" + session).then().statusCode(401);
    }
}
