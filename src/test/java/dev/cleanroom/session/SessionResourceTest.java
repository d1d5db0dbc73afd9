package dev.cleanroom.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionBroadcast.FileChange;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class SessionResourceTest {
    private static Somebody ana;
    private static Somebody viewer;
    private static UUID project;

    @Inject
    SessionLog log;

    @Inject
    SessionStore store;

    @Inject
    SessionBroadcast broadcast;

    @Inject
    SessionHub hub;

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

    @Test
    void answersARepeatedPromptWithTheFirstAnswerAlsoWhereTheQueueIsFull() {
        var mei = new Actor(Actor.Kind.person, ana.id(), ana.name());
        var first = new SessionEvent.PromptSubmitted(UUID.randomUUID(), "say hello", null, null);
        var prompts = new ArrayList<Entry>(); // in the log only: no turn takes them meanwhile
        prompts.add(new Entry(first, null, ana.id() + ":key-1", null));
        for (int i = 1; i < 100; i++) {
            prompts.add(Entry.of(new SessionEvent.PromptSubmitted(UUID.randomUUID(), "and again", null, null)));
        }
        log.append(session, mei, prompts);

        assertThat(submit("say hello", "key-1"))
                .containsEntry("promptId", first.promptId().toString())
                .containsEntry("sequence", 1);
        ana.request()
                .header("Idempotency-Key", "key-2")
                .body(Map.of("text", "one more"))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(429)
                .body("type", equalTo("session.queue-full"));
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        ana.request()
                .header("Idempotency-Key", "k".repeat(256))
                .body(Map.of("text", "hello"))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(400)
                .body("type", equalTo("session.idempotency-key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[null]",
                "[{\"name\":\"\\ud800.png\"}]",
                "[{\"name\":\"a\",\"path\":\"b\\u0000\"}]",
                "[{\"name\":\"%s\"}]",
                "[{}%s]"
            })
    void refusesAttachmentsThatTheLogDoesNotTake(String attachments) {
        String filled = attachments.replace("%s", attachments.startsWith("[{}") ? ",{}".repeat(20) : "x".repeat(256));

        ana.request()
                .body("{\"text\":\"look\",\"attachments\":" + filled + "}")
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(400)
                .body("type", equalTo("session.attachment"));
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 1048576, 202, ",
        "1048577, 0, 413, session.prompt-too-long",
        "4, 1048577, 413, session.attachments-too-large"
    })
    void takesAsMuchTextAndAsManyImagesAsItSays(int units, int base64, int status, String type) {
        var half = Map.of("name", "a.png", "mediaType", "image/png", "data", "A".repeat(base64 / 2));
        var rest = Map.of("name", "b.png", "mediaType", "image/png", "data", "A".repeat(base64 - base64 / 2));

        ana.request()
                .body(Map.of("text", "\u0001".repeat(units), "attachments", List.of(half, rest))) // 6 bytes a unit
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(status)
                .body("type", equalTo(type));
    }

    @Test
    void logsNoTextThatCannotBeStored() {
        UUID call = ask();

        ana.request()
                .body("{\"title\":\"a\\ud800b\"}")
                .patch("/api/v1/sessions/" + session)
                .then()
                .statusCode(200)
                .body("title", equalTo("a\uFFFDb"));
        answer(call, "{\"decision\":\"allow\",\"remember\":{\"rules\":[\"Bash(\\ud800)\"]}}")
                .statusCode(400)
                .body("type", equalTo("session.rules"));
        answer(call, "{\"decision\":\"allow\",\"comment\":\"c\\u0000\\udc00\",\"input\":{\"command\":\"\\ud800\"}}")
                .statusCode(204);

        var given = (SessionEvent.ApprovalGiven) log.read(session).getLast().event();
        assertThat(given.comment()).isEqualTo("c\uFFFD\uFFFD");
        assertThat(given.input().get("command").asText()).isEqualTo("\uFFFD");
    }

    @Test
    void refusesAModelThatNoNameCanBe() {
        ana.request()
                .body("{\"model\":\"a/b\\u0000\"}")
                .patch("/api/v1/sessions/" + session)
                .then()
                .statusCode(400)
                .body("type", equalTo("session.model"));
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
                .map(i -> Thread.ofPlatform().start(() -> statuses[i].set(answer(call))))
                .toList();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(List.of(statuses[0].get(), statuses[1].get())).containsExactlyInAnyOrder(204, 409);
    }

    private int answer(UUID call) {
        return answer(call, "{\"decision\":\"allow\"}").extract().statusCode();
    }

    private ValidatableResponse answer(UUID call, String body) {
        return ana.request()
                .body(body)
                .post("/api/v1/sessions/" + session + "/approvals/" + call)
                .then();
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
        assertThat(answer(UUID.randomUUID())).isEqualTo(404);
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
    void tellsFilesAndPortsOnTheStream() throws Exception {
        var address = TestPeople.origin() + "/api/v1/sessions/" + session + "/events";
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + ana.token())
                .header("Accept", "text/event-stream")
                .build();

        try (var client = HttpClient.newHttpClient();
                var lines = client.send(request, BodyHandlers.ofLines()).body()) {
            var told = lines.filter(line -> line.matches("(event|data|id):.*"))
                    .map(line -> line.replaceFirst(": ?", ":"))
                    .iterator();
            assertThat(told.next()).isEqualTo("event:ports"); // it is joined
            assertThat(told.next()).isEqualTo("data:{\"type\":\"ports\",\"ports\":[]}");

            broadcast.filesChanged(session, List.of(new FileChange("a.txt", ChangeKind.modified, "e1")), false);
            broadcast.ports(session, List.of(new SessionBroadcast.Port(5173, "node")));

            assertThat(told.next()).isEqualTo("event:files-changed");
            assertThat(told.next())
                    .isEqualTo("data:{\"type\":\"files-changed\",\"changes\":"
                            + "[{\"path\":\"a.txt\",\"kind\":\"modified\",\"etag\":\"e1\"}]}");
            assertThat(told.next()).isEqualTo("event:ports");
            assertThat(told.next())
                    .isEqualTo("data:{\"type\":\"ports\",\"ports\":[{\"port\":5173,\"process\":\"node\"}]}");
            client.shutdownNow();
        }
    }

    @Test
    void endsAPageThatIsLargeEnoughButNeverBeforeItsFirstEvent() {
        for (int sizeMiB : List.of(2, 2, 5, 1)) {
            var text = "x".repeat(sizeMiB << 20);
            log.append(
                    session, Actor.AGENT, List.of(Entry.of(new SessionEvent.TextFinished(UUID.randomUUID(), 0, text))));
        }

        assertThat(page("after=0")).containsExactly(1, 2);
        assertThat(page("after=2")).containsExactly(3);
        assertThat(page("after=3")).containsExactly(4);
        assertThat(page("after=4")).isEmpty();
        assertThat(page("before=5")).containsExactly(3, 4);
        assertThat(page("before=4")).containsExactly(3);
        assertThat(page("before=3")).containsExactly(1, 2);
    }

    private List<Integer> page(String where) {
        return ana.request()
                .get("/api/v1/sessions/" + session + "/events?" + where)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("sequence");
    }

    @Test
    void keepsNothingInMemoryOfSessionsThatAreDeleted() {
        var other = TestProject.empty(ana);
        var ofOther = TestProject.session(ana, other);
        hub.channel(session);
        hub.channel(ofOther);

        assertThat(store.delete(store.find(session).orElseThrow())).isTrue();
        String name = ana.request().get("/api/v1/projects/" + other).path("name");
        ana.request()
                .delete("/api/v1/projects/" + other + "?name=" + name)
                .then()
                .statusCode(204);

        assertThat(hub.existing(session)).isEmpty();
        assertThat(hub.existing(ofOther)).isEmpty();
    }

    @Test
    void asksForACredential() {
        given().get("/api/v1/sessions/" + session).then().statusCode(401);
    }
}
