package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.sandbox.HostQuestions;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionDeleted;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a sandbox hears of a host that is not on the list, and what people do about it. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
@Timeout(60)
class EgressQuestionsTest {
    @Inject
    HostQuestions questions;

    @Inject
    EgressQuestions asked;

    @Inject
    SessionBroadcast broadcast;

    private Somebody owner;
    private UUID project;
    private UUID session;

    @BeforeEach
    void session() {
        owner = TestPeople.member("Olga");
        project = TestProject.begun(owner);
        session = TestProject.session(owner, project);
    }

    private Optional<String> refusal(String host) throws InterruptedException {
        return questions.refusal(session, host, 443, Optional.empty());
    }

    private List<Map<String, Object>> events(String type) {
        List<Map<String, Object>> all = owner.request()
                .get("/api/v1/sessions/" + session + "/events")
                .then()
                .statusCode(200)
                .extract()
                .path("");
        return all.stream().filter(event -> event.get("type").equals(type)).toList();
    }

    private String question(String host) {
        return events("egress-requested").stream()
                .filter(event -> event.get("host").equals(host))
                .map(event -> (String) event.get("requestId"))
                .toList()
                .getLast();
    }

    private ValidatableResponse answer(Somebody who, String request, String decision) {
        return who.request()
                .body(Map.of("decision", decision))
                .post("/api/v1/sessions/" + session + "/egress-requests/" + request)
                .then();
    }

    private void openProject(String... hosts) {
        owner.request()
                .body(Map.of("allow", List.of(hosts)))
                .put("/api/v1/projects/" + project + "/egress")
                .then()
                .statusCode(200);
    }

    @Test
    void asksOnceAHostAndLetsThroughWhatIsAllowedOnce() throws Exception {
        assertThat(refusal("api.test"))
                .hasValueSatisfying(said -> assertThat(said).contains("can allow it"));
        assertThat(refusal("api.test")).isPresent();
        assertThat(events("egress-requested")).hasSize(1);

        answer(owner, question("api.test"), "once").statusCode(204);

        assertThat(refusal("api.test")).isEmpty();
        assertThat(questions.refusal(session, "api.test", 8443, Optional.empty()))
                .isPresent();
        assertThat(events("egress-answered"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event).containsEntry("decision", "once").containsEntry("port", 443));
        owner.request().get("/api/v1/projects/" + project + "/egress").then().body("allow", empty());
        var other = TestProject.session(owner, project);
        assertThat(questions.refusal(other, "api.test", 443, Optional.empty())).isPresent();
    }

    @Test
    void putsAHostOnTheProjectsListAndAsksAgainOnceItIsTakenOff() throws Exception {
        refusal("api.test");

        answer(owner, question("api.test"), "project").statusCode(204);

        owner.request().get("/api/v1/projects/" + project + "/egress").then().body("allow", contains("api.test:443"));
        assertThat(refusal("api.test")).isEmpty();
        openProject();
        assertThat(refusal("api.test")).isPresent();
        assertThat(events("egress-requested")).hasSize(2);
    }

    @Test
    void staysWithANoAndSaysWhoSaidIt() throws Exception {
        refusal("api.test");
        answer(owner, question("api.test"), "no").statusCode(204);

        assertThat(refusal("api.test"))
                .hasValueSatisfying(said -> assertThat(said).startsWith("Olga said no"));
        assertThat(events("egress-requested")).hasSize(1);
        answer(owner, question("api.test"), "once").statusCode(409).body("type", equalTo("egress.answered"));
    }

    @Test
    void keepsQuestionAndAnswerOverARestart() throws Exception {
        refusal("open.test");
        refusal("answered.test");
        answer(owner, question("answered.test"), "once").statusCode(204);

        asked.forget(new SessionDeleted(session, project)); // nothing of it is in memory then

        assertThat(refusal("answered.test")).isEmpty();
        assertThat(refusal("open.test")).isPresent();
        assertThat(events("egress-requested")).hasSize(2);
        answer(owner, question("open.test"), "once").statusCode(204);
        assertThat(refusal("open.test")).isEmpty();
    }

    @Test
    void letsMembersWhoDriveAnswer() throws Exception {
        refusal("api.test");
        var request = question("api.test");
        var viewer = TestPeople.member("Vera");
        TestProject.addMember(owner, project, viewer, "viewer");
        var editor = TestPeople.member("Edda");
        TestProject.addMember(owner, project, editor, "editor");

        answer(TestPeople.member("Otto"), request, "once").statusCode(404).body("type", equalTo("session.not-found"));
        answer(viewer, request, "once").statusCode(403).body("type", equalTo("session.role"));
        answer(owner, request, "maybe").statusCode(400);
        answer(owner, UUID.randomUUID().toString(), "once")
                .statusCode(404)
                .body("type", equalTo("egress.request-not-found"));
        assertThat(refusal("api.test")).isPresent();
        answer(editor, request, "project").statusCode(204);
    }

    @Test
    void asksOfALoopOfNamesOnlyTheFirst() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(refusal("n" + i + ".test")).isPresent();
        }

        assertThat(events("egress-requested")).hasSize(5);
        assertThat(refusal("n19.test"))
                .hasValueSatisfying(
                        said -> assertThat(said).contains("an editor can add it in the project's settings"));
    }

    @Test
    void holdsAConnectionWhileSomebodyLooksUntilItIsAnswered() throws Exception {
        var client = HttpClient.newHttpClient();
        var address = "http://localhost:" + RestAssured.port + "/api/v1/sessions/" + session + "/events";
        client.sendAsync(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Bearer " + owner.token())
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.discarding());
        Eventually.isTrue(() -> broadcast.isWatched(session));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = CompletableFuture.supplyAsync(() -> refusalOf("api.test"), threads);
            var second = CompletableFuture.supplyAsync(() -> refusalOf("api.test"), threads);
            Eventually.isTrue(() -> !events("egress-requested").isEmpty());

            answer(owner, question("api.test"), "once").statusCode(204);

            assertThat(first.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(second.get(10, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(events("egress-requested")).hasSize(1);
        client.shutdownNow();
    }

    private Optional<String> refusalOf(String host) {
        try {
            return refusal(host);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
