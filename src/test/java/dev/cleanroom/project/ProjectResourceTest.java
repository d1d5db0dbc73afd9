package dev.cleanroom.project;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ProjectResourceTest {
    @Singleton
    static class Changes {
        final List<AccessChanged> seen = new CopyOnWriteArrayList<>();

        void see(@Observes AccessChanged change) {
            seen.add(change);
        }
    }

    @Inject
    ProjectStore projects;

    @Inject
    ProjectSettings settings;

    @Inject
    Changes changes;

    @Test
    void makesAnEmptyProjectAndListsItForItsOwnerOnly() {
        var ana = TestPeople.member("Ana");

        var id = created(ana, "atlas");

        ana.request()
                .get("/api/v1/projects/" + id)
                .then()
                .statusCode(200)
                .body("name", equalTo("atlas"))
                .body("status", oneOf("importing", "ready"))
                .body("role", equalTo("owner"))
                .body("archived", equalTo(false));
        ana.request().get("/api/v1/projects").then().body("items.id", hasItem(id.toString()));
        TestPeople.member("Mira").request().get("/api/v1/projects").then().body("items", hasSize(0));
    }

    @Test
    void refusesASecondProjectOfTheSameNameInAnySpelling() {
        var ana = TestPeople.member("Ana");
        created(ana, "atlas");

        create(ana, Map.of("name", " ａｔｌａｓ "))
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("project.name-taken"));
        create(TestPeople.member("Mira"), Map.of("name", "atlas")).statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u202eb"})
    void refusesANameThatCannotBeRead(String name) {
        create(TestPeople.member("Ana"), Map.of("name", name)).statusCode(400).body("type", equalTo("project.name"));
    }

    @Test
    void refusesALongNameAndAMissingOne() {
        var ana = TestPeople.member("Ana");

        create(ana, Map.of("name", "x".repeat(81))).statusCode(400).body("type", equalTo("project.name"));
        create(ana, Map.of("name", "x".repeat(80))).statusCode(201);
        create(ana, Map.of())
                .statusCode(400)
                .body("type", equalTo("request.invalid"))
                .body("detail", containsString("name "));
    }

    @Test
    void refusesSourcesThatAreNone() {
        var ana = TestPeople.member("Ana");

        source(ana, Map.of("kind", "template", "name", "java")).body("type", equalTo("project.template-unknown"));
        source(ana, Map.of("kind", "svn")).body("type", equalTo("project.source-unknown"));
        for (var url : List.of("file:///etc", "ssh://git@x/y", "/tmp", "not a url", "https://user:pw@x/y.git")) {
            source(ana, Map.of("kind", "git", "url", url)).body("type", equalTo("project.source-url"));
        }
        ana.request().get("/api/v1/projects").then().body("items", hasSize(0));
    }

    @Test
    void saysWhatIsWrongWithTheBody() {
        var ana = TestPeople.member("Ana");

        ana.request()
                .body("{\"name\":")
                .post("/api/v1/projects")
                .then()
                .statusCode(400)
                .body("type", equalTo("request.json"))
                .body("detail", containsString("line 1"));
        ana.request()
                .body("{\"name\":{}}")
                .post("/api/v1/projects")
                .then()
                .statusCode(400)
                .body("type", equalTo("request.json"))
                .body("detail", containsString("name"));
        given().header("Authorization", "Bearer " + ana.token())
                .contentType("text/plain")
                .body("x")
                .post("/api/v1/projects")
                .then()
                .statusCode(415)
                .body("type", equalTo("request.media-type"));
        ana.request().put("/api/v1/projects").then().statusCode(405).body("type", equalTo("request.method"));
        ana.request().get("/api/v1/projects/nonsense").then().statusCode(404);
        ana.request()
                .body("{\"name\":\"y\",\"colour\":1}")
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
    }

    @Test
    void showsProgressAndWhyAnImportFailed() {
        var ana = TestPeople.member("Ana");
        var id = projects.create(ana.id(), "clone").id();

        projects.progress(id, "Receiving objects", 12, null);
        ana.request()
                .get("/api/v1/projects/" + id)
                .then()
                .body("status", equalTo("importing"))
                .body("progress.phase", equalTo("Receiving objects"))
                .body("progress.done", equalTo(12))
                .body("progress.total", nullValue());
        projects.failed(id, new Problem("project.import-refused", 400, "It wants a password."));
        projects.progress(id, "late", 1, 2L);

        ana.request()
                .get("/api/v1/projects/" + id)
                .then()
                .body("status", equalTo("failed"))
                .body("problem.detail", equalTo("It wants a password."))
                .body("progress", nullValue());
        projects.ready(id, "main");
        ana.request()
                .get("/api/v1/projects/" + id)
                .then()
                .body("status", equalTo("ready"))
                .body("defaultBranch", equalTo("main"))
                .body("problem", nullValue());
    }

    @Test
    void renamesAndArchives() {
        var ana = TestPeople.member("Ana");
        var id = created(ana, "atlas");
        created(ana, "other");

        ana.request()
                .body(Map.of("name", "globe"))
                .patch("/api/v1/projects/" + id)
                .then()
                .body("name", equalTo("globe"));
        ana.request()
                .body(Map.of("archived", true))
                .patch("/api/v1/projects/" + id)
                .then()
                .body("archived", equalTo(true));
        ana.request()
                .body(Map.of("name", "other"))
                .patch("/api/v1/projects/" + id)
                .then()
                .statusCode(409)
                .body("type", equalTo("project.name-taken"));
    }

    @Test
    void deletesOnlyWithTheTypedName() {
        var ana = TestPeople.member("Ana");
        var id = created(ana, "atlas & co");

        ana.request()
                .delete("/api/v1/projects/" + id)
                .then()
                .statusCode(400)
                .body("type", equalTo("project.name-mismatch"));
        ana.request()
                .queryParam("name", "atlas")
                .delete("/api/v1/projects/" + id)
                .then()
                .statusCode(400);
        ana.request()
                .queryParam("name", "atlas & co")
                .delete("/api/v1/projects/" + id)
                .then()
                .statusCode(204);

        ana.request().get("/api/v1/projects/" + id).then().statusCode(404);
        var second = created(ana, "atlas & co");
        given().header("Authorization", "Bearer " + ana.token()) // no body, so no media type either
                .queryParam("name", "atlas & co")
                .delete("/api/v1/projects/" + second)
                .then()
                .statusCode(204);
    }

    @Test
    void pagesTheList() {
        var ana = TestPeople.member("Ana");
        for (int i = 0; i < 5; i++) {
            created(ana, "project " + i);
        }

        String next = ana.request()
                .get("/api/v1/projects?limit=3")
                .then()
                .body("items", hasSize(3))
                .extract()
                .path("next");

        ana.request()
                .get("/api/v1/projects?limit=3&cursor=" + next)
                .then()
                .body("items", hasSize(2))
                .body("next", nullValue());
    }

    @Test
    void anOutsiderIsToldThatThereIsNothing() {
        var id = created(TestPeople.member("Ana"), "secret");
        var mira = TestPeople.member("Mira");

        for (var path : List.of("", "/members", "/egress", "/authority")) {
            mira.request()
                    .get("/api/v1/projects/" + id + path)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("project.not-found"));
        }
        mira.request()
                .queryParam("name", "secret")
                .delete("/api/v1/projects/" + id)
                .then()
                .statusCode(404);
        TestPeople.administrator()
                .request()
                .get("/api/v1/projects/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void aViewerReadsAndChangesNothing() {
        var ana = TestPeople.member("Ana");
        var jonas = TestPeople.member("Jonas");
        var id = created(ana, "atlas");
        addMember(ana, id, jonas, "viewer").statusCode(201).body("role", equalTo("viewer"));
        var project = "/api/v1/projects/" + id;

        jonas.request().get(project).then().statusCode(200).body("role", equalTo("viewer"));
        jonas.request()
                .get(project + "/members")
                .then()
                .statusCode(200)
                .body("items.name", equalTo(List.of("Ana", "Jonas")));
        refusedByRole(
                jonas.request().body(Map.of("name", "mine")).patch(project).then());
        refusedByRole(
                jonas.request().queryParam("name", "atlas").delete(project).then());
        refusedByRole(jonas.request()
                .body(Map.of("allow", List.of("a:1")))
                .put(project + "/egress")
                .then());
        refusedByRole(jonas.request()
                .body(Map.of("path", "x", "hash", "y"))
                .post(project + "/authority")
                .then());
        refusedByRole(addMember(jonas, id, TestPeople.member("Mira"), "owner"));
        refusedByRole(jonas.request()
                .body(Map.of("role", "owner"))
                .patch(project + "/members/" + jonas.id())
                .then());
        refusedByRole(jonas.request()
                .body(Map.of("projectId", id))
                .post("/api/v1/invitations")
                .then());
    }

    @Test
    void aRoleChangeAndARemovalAreAnnouncedToOpenConnections() {
        var ana = TestPeople.member("Ana");
        var jonas = TestPeople.member("Jonas");
        var id = created(ana, "atlas");
        addMember(ana, id, jonas, "editor");
        var member = "/api/v1/projects/" + id + "/members/" + jonas.id();

        ana.request().body(Map.of("role", "viewer")).patch(member).then().body("role", equalTo("viewer"));
        assertThat(changes.seen)
                .filteredOn(change -> change.who().equals(jonas.id()))
                .hasSize(1);
        ana.request().delete(member).then().statusCode(204);

        assertThat(changes.seen)
                .filteredOn(change -> change.who().equals(jonas.id()))
                .hasSize(2);
        jonas.request().get("/api/v1/projects/" + id).then().statusCode(404);
        ana.request().delete(member).then().statusCode(404).body("type", equalTo("project.member-unknown"));
    }

    @Test
    void aProjectKeepsAnOwner() {
        var ana = TestPeople.member("Ana");
        var jonas = TestPeople.member("Jonas");
        var id = created(ana, "atlas");
        var members = "/api/v1/projects/" + id + "/members/";

        ana.request().delete(members + ana.id()).then().statusCode(409).body("type", equalTo("project.last-owner"));
        ana.request()
                .body(Map.of("role", "viewer"))
                .patch(members + ana.id())
                .then()
                .statusCode(409);
        addMember(ana, id, jonas, "owner").statusCode(201);
        addMember(ana, id, jonas, "viewer").statusCode(409).body("type", equalTo("project.member-exists"));

        ana.request().delete(members + ana.id()).then().statusCode(204);
    }

    @Test
    void somebodyWithoutAnAccountGetsALinkIntoTheProject() {
        var ana = TestPeople.member("Ana");
        var id = created(ana, "atlas");
        var email = "mira-" + UUID.randomUUID() + "@example.org";
        String url = ana.request()
                .body(Map.of("email", email, "role", "editor"))
                .post("/api/v1/projects/" + id + "/members")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        given().get(url)
                .then()
                .statusCode(200)
                .body(containsString("Join atlas"))
                .body(containsString("Ana invites you as editor."));

        var cookie = given().redirects()
                .follow(false)
                .formParam("name", "Mira")
                .formParam("password", TestPeople.PASSWORD)
                .post(url)
                .then()
                .statusCode(303)
                .header("Location", "/p/" + id)
                .extract()
                .cookie("cleanroom");

        given().cookie("cleanroom", cookie)
                .get("/api/v1/projects/" + id)
                .then()
                .statusCode(200)
                .body("role", equalTo("editor"));
    }

    @Test
    void whoIsSignedInJoinsByOneButton() {
        var ana = TestPeople.member("Ana");
        var jonas = TestPeople.member("Jonas");
        var id = created(ana, "atlas");
        String url = ana.request()
                .body(Map.of("projectId", id))
                .post("/api/v1/invitations")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        var cookie = TestPeople.cookie(jonas.email());
        given().cookie("cleanroom", cookie).get(url).then().body(containsString("Join as Jonas"));

        given().redirects()
                .follow(false)
                .cookie("cleanroom", cookie)
                .header("Origin", TestPeople.origin())
                .formParam("as", "me")
                .post(url)
                .then()
                .statusCode(303);

        jonas.request().get("/api/v1/projects/" + id).then().body("role", equalTo("editor"));
        given().cookie("cleanroom", cookie).get(url).then().statusCode(410);
    }

    @Test
    void anInvitationEndsWithItsSendersOwnership() {
        var ana = TestPeople.member("Ana");
        var mia = TestPeople.member("Mia");
        var id = created(ana, "atlas");
        var members = "/api/v1/projects/" + id + "/members";
        ana.request().body(Map.of("email", mia.email(), "role", "owner")).post(members);
        String url = mia.request()
                .body(Map.of("email", "new-" + UUID.randomUUID() + "@example.org", "role", "owner"))
                .post(members)
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        ana.request().delete(members + "/" + mia.id()).then().statusCode(204);

        given().redirects()
                .follow(false)
                .formParam("name", "Mia again")
                .formParam("password", TestPeople.PASSWORD)
                .post(url)
                .then()
                .statusCode(410)
                .body(containsString("does not own the project any more"));
        ana.request().get(members).then().body("items.name", equalTo(List.of("Ana")));
    }

    @Test
    void aTokenForSomeProjectsSeesNoOthers() {
        var ana = TestPeople.member("Ana");
        var one = created(ana, "one");
        var other = created(ana, "other");
        var limited = new Somebody(
                ana.id(),
                ana.name(),
                ana.email(),
                ana.request()
                        .body(Map.of("name", "ci", "projects", List.of(one), "scopes", List.of("all")))
                        .post("/api/v1/tokens")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("token"));

        limited.request().get("/api/v1/projects").then().body("items.id", equalTo(List.of(one.toString())));
        limited.request().get("/api/v1/projects/" + other).then().statusCode(404);
        create(limited, Map.of("name", "third")).statusCode(403).body("type", equalTo("account.token-projects"));
        limited.request()
                .body(Map.of("name", "more", "projects", List.of(other)))
                .post("/api/v1/tokens")
                .then()
                .statusCode(403);
    }

    @Test
    void keepsTheEgressListAsHostAndPort() {
        var ana = TestPeople.member("Ana");
        var egress = "/api/v1/projects/" + created(ana, "atlas") + "/egress";

        ana.request()
                .body(Map.of("allow", List.of("API.example.org:443", "192.0.32.10:80", "api.example.org:443")))
                .put(egress)
                .then()
                .statusCode(200);
        ana.request().get(egress).then().body("allow", equalTo(List.of("192.0.32.10:80", "api.example.org:443")));

        for (var wrong : List.of("example.org", "example.org:0", "example.org:65536", "*.org:443", "http://x:1", "")) {
            ana.request()
                    .body(Map.of("allow", List.of(wrong)))
                    .put(egress)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("project.egress-host"));
        }
        ana.request().get(egress).then().body("allow", hasSize(2));
    }

    @Test
    void refusesToOpenWhatIsNeverReached() {
        var ana = TestPeople.member("Ana");
        var egress = "/api/v1/projects/" + created(ana, "atlas") + "/egress";
        var reasons = Map.of(
                "169.254.169.254:80", "169.254.169.254 is a link-local address and is never reached.",
                "10.0.0.1:80", "10.0.0.1 is a private address.",
                "[::1]:80", "is a private address.",
                "localhost:3000", "is a private address.",
                "300.1.1.1:80", "300.1.1.1 is no address.");

        reasons.forEach((host, why) -> ana.request()
                .body(Map.of("allow", List.of("api.example.org:443", host)))
                .put(egress)
                .then()
                .statusCode(400)
                .body("type", equalTo("project.egress-host"))
                .body("detail", containsString(why)));

        ana.request().get(egress).then().body("allow", hasSize(0));
    }

    @Test
    void opensThePackageRegistriesUntilAnEditorClosesThem() {
        var ana = TestPeople.member("Ana");
        var egress = "/api/v1/projects/" + created(ana, "atlas") + "/egress";
        var hosts = Arc.container().instance(OpenRegistries.class).get().hosts();

        ana.request().get(egress).then().body("registries", equalTo(true)).body("registryHosts", equalTo(hosts));

        ana.request().body(Map.of("allow", List.of(), "registries", false)).put(egress);
        ana.request().body(Map.of("allow", List.of("api.example.org:443"))).put(egress);

        ana.request()
                .get(egress)
                .then()
                .body("registries", equalTo(false))
                .body("allow", equalTo(List.of("api.example.org:443")));
    }

    @Test
    void remembersWhichVersionOfAFileWasAccepted() throws Exception {
        var ana = TestPeople.member("Ana");
        var id = created(ana, "atlas");

        Eventually.isTrue(() -> ana.request()
                .body(Map.of("path", ".claude/settings.json", "hash", "1"))
                .post("/api/v1/projects/" + id + "/authority")
                .then()
                .statusCode(404)
                .extract()
                .path("type")
                .equals("project.authority-unknown")); // its repository is made meanwhile
        settings.accept(id, ".claude/settings.json", "1", ana.id());
        settings.accept(id, ".claude/settings.json", "2", ana.id());

        assertThat(projects.acceptedAuthority(id)).containsExactly(new AcceptedAuthority(".claude/settings.json", "2"));
    }

    @Test
    void aSourceWithATokenNeverShowsItAgain() {
        var ana = TestPeople.member("Ana");

        create(
                        ana,
                        Map.of(
                                "name",
                                "private",
                                "source",
                                Map.of("kind", "git", "url", "https://127.0.0.1/x.git", "token", "hunter2")))
                .statusCode(201)
                .body(not(containsString("hunter2")));
    }

    private static UUID created(Somebody who, String name) {
        return UUID.fromString(create(who, Map.of("name", name, "source", Map.of("kind", "empty")))
                .statusCode(201)
                .extract()
                .path("id"));
    }

    private static ValidatableResponse create(Somebody who, Map<String, Object> request) {
        return who.request()
                .contentType(ContentType.JSON)
                .body(request)
                .post("/api/v1/projects")
                .then();
    }

    private static ValidatableResponse source(Somebody who, Map<String, Object> source) {
        return create(who, Map.of("name", "x", "source", source)).statusCode(400);
    }

    private static ValidatableResponse addMember(Somebody owner, UUID project, Somebody member, String role) {
        return owner.request()
                .body(Map.of("email", member.email(), "role", role))
                .post("/api/v1/projects/" + project + "/members")
                .then();
    }

    private static void refusedByRole(ValidatableResponse answer) {
        answer.statusCode(403).contentType("application/problem+json").body("type", equalTo("project.role"));
    }
}
