package dev.cleanroom.share;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class LinkTest {
    @Singleton
    static class Changes {
        final List<AccessChanged> seen = new CopyOnWriteArrayList<>();

        void see(@Observes AccessChanged change) {
            seen.add(change);
        }
    }

    @Inject
    AgroalDataSource database;

    @Inject
    Changes changes;

    private Somebody ana;
    private UUID project;
    private UUID session;

    @BeforeEach
    void aSession() throws SQLException {
        ana = TestPeople.member("Ana");
        project = UUID.fromString(ana.request()
                .body(Map.of("name", "atlas"))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
        session = newSession();
    }

    @Test
    void aDeletedProjectLeavesItsGuestsNothing() {
        var url = link("watch", null).extract().<String>path("url");
        var cookie = join(url, "Kim").extract().cookie(cookieName());
        asGuest(cookie).get("/api/v1/sessions/" + session + "/events").then().statusCode(200);

        ana.request()
                .delete("/api/v1/projects/" + project + "?name=atlas")
                .then()
                .statusCode(204);

        asGuest(cookie).get("/api/v1/sessions/" + session + "/events").then().statusCode(404);
        given().get(path(url)).then().statusCode(410);
    }

    @Test
    void aWatcherComesInByANameAndSeesThisSessionOnly() throws SQLException {
        var url = link("watch", null).statusCode(201).extract().<String>path("url");
        given().get(path(url))
                .then()
                .statusCode(200)
                .body(containsString("Retry &lt;queue&gt;"))
                .body(containsString("Ana invites you to watch this session live."));

        var joined = join(url, "Kim").statusCode(303).header("Location", "/p/" + project + "/s/" + session);
        var cookie = joined.extract().cookie(cookieName());

        assertThat(cookie).hasSize(43);
        asGuest(cookie).get("/api/v1/sessions/" + session + "/events").then().statusCode(200);
        asGuest(cookie)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("kind", equalTo("guest"))
                .body("name", equalTo("Kim"))
                .body("session", equalTo(session.toString()));
        var other = newSession();
        asGuest(cookie).get("/api/v1/sessions/" + other + "/events").then().statusCode(404);
        given().cookie("cleanroom-guest-" + other, cookie)
                .get("/api/v1/sessions/" + other + "/events")
                .then()
                .statusCode(401);
        asGuest(cookie)
                .get("/api/v1/projects/" + project)
                .then()
                .statusCode(403)
                .body("type", equalTo("account.members-only"));
        asGuest(cookie)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("role", "watch"))
                .post("/api/v1/sessions/" + session + "/links")
                .then()
                .statusCode(403);
        asGuest(cookie)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("text", "hi"))
                .post("/api/v1/sessions/" + session + "/prompts")
                .then()
                .statusCode(403)
                .body("type", equalTo("session.role"));
    }

    @Test
    void aDriverWatchesUntilAMemberLetsHimIn() {
        var url = link("drive", null).extract().<String>path("url");
        var cookie = join(url, "Kim").statusCode(303).extract().cookie(cookieName());

        asGuest(cookie).get("/api/v1/sessions/" + session + "/events").then().statusCode(200);
        asGuest(cookie)
                .header("Origin", TestPeople.origin())
                .post("/api/v1/sessions/" + session + "/interrupt")
                .then()
                .statusCode(403);
        List<Map<String, Object>> events = ana.request()
                .get("/api/v1/sessions/" + session + "/events")
                .then()
                .extract()
                .path("");
        var waiting = events.stream()
                .filter(event -> event.get("type").equals("guest-waiting"))
                .findFirst()
                .orElseThrow();
        assertThat(waiting).containsEntry("name", "Kim").containsEntry("role", "drive");
        ana.request()
                .body(Map.of("role", "drive"))
                .post("/api/v1/sessions/" + session + "/guests/" + waiting.get("guestId"))
                .then()
                .statusCode(204);

        asGuest(cookie)
                .header("Origin", TestPeople.origin())
                .post("/api/v1/sessions/" + session + "/interrupt")
                .then()
                .statusCode(204);
        asGuest(cookie)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("role", "watch"))
                .post("/api/v1/sessions/" + session + "/links")
                .then()
                .statusCode(403)
                .body("type", equalTo("account.members-only"));
    }

    @Test
    void theLinkOfWhoLeftTheProjectLetsNobodyIn() {
        var ed = TestPeople.member("Ed");
        TestProject.addMember(ana, project, ed, "editor");
        String url = ed.request()
                .body(Map.of("role", "watch"))
                .post(links())
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        given().get(path(url)).then().statusCode(200);

        ana.request()
                .delete("/api/v1/projects/" + project + "/members/" + ed.id())
                .then()
                .statusCode(204);

        given().get(path(url)).then().statusCode(410);
        join(url, "Ed again").statusCode(410);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaves", "only watches"})
    void whoLeavesTakesHisGuestsAlongAndNobodyElses(String how) throws Exception {
        var ed = TestPeople.member("Ed");
        TestProject.addMember(ana, project, ed, "editor");
        String url = ed.request()
                .body(Map.of("role", "drive"))
                .post(links())
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        var his = join(url, "Kim").statusCode(303).extract().cookie(cookieName());
        var hers = join(link("watch", null).extract().path("url"), "Lou")
                .statusCode(303)
                .extract()
                .cookie(cookieName());
        var closed = watching(his);

        var member = "/api/v1/projects/" + project + "/members/" + ed.id();
        if (how.equals("leaves")) {
            ana.request().delete(member).then().statusCode(204);
        } else {
            ana.request().body(Map.of("role", "viewer")).patch(member).then().statusCode(200);
        }

        assertThat(closed.get(5, TimeUnit.SECONDS)).isEqualTo(4403);
        asGuest(his).get("/api/v1/sessions/" + session + "/events").then().statusCode(401);
        given().get(path(url)).then().statusCode(410);
        asGuest(hers).get("/api/v1/sessions/" + session + "/events").then().statusCode(200);
        ana.request().get("/api/v1/sessions/" + session + "/guests").then().body("items.name", contains("Lou"));
        ana.request().get(links()).then().body("items.createdBy", contains("Ana"));
    }

    /** A guest's socket. @return the code that it is closed with; it is open when this returns */
    private CompletableFuture<Integer> watching(String cookie) {
        var closed = new CompletableFuture<Integer>();
        var told = new CompletableFuture<Void>();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Cookie", cookieName() + "=" + cookie)
                .header("Origin", TestPeople.origin())
                .buildAsync(
                        URI.create(TestPeople.origin().replaceFirst("http", "ws") + "/ws/sessions/" + session
                                + "?after=0"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                                told.complete(null);
                                return WebSocket.Listener.super.onText(socket, text, last);
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                return CompletableFuture.completedStage(closed.complete(code));
                            }
                        })
                .join();
        told.join();
        return closed;
    }

    @Test
    void aRevokedLinkEndsItsGuestsAndLetsNobodyIn() {
        var created = link("watch", null).extract().jsonPath();
        var url = created.getString("url");
        var cookie = join(url, "Kim").extract().cookie(cookieName());
        var guest =
                asGuest(cookie).get("/api/v1/me").then().extract().jsonPath().getUUID("id");

        ana.request().delete(links() + "/" + created.getString("id")).then().statusCode(204);

        assertThat(changes.seen).anySatisfy(change -> assertThat(change.who()).isEqualTo(guest));
        asGuest(cookie).get("/api/v1/sessions/" + session + "/events").then().statusCode(401);
        given().get(path(url)).then().statusCode(410).body(containsString("It was revoked or has expired."));
        join(url, "Lou").statusCode(410);
        ana.request()
                .delete(links() + "/" + created.getString("id"))
                .then()
                .statusCode(404)
                .body("type", equalTo("share.link-unknown"));
        ana.request().get(links()).then().body("items", hasSize(0));
    }

    @Test
    void aLinkExpires() throws SQLException {
        var url = link("watch", null).extract().<String>path("url");
        execute("update session_link set expires_at = now() - interval '1 second' where session_id = '" + session
                + "'");

        given().get(path(url)).then().statusCode(410);
        join(url, "Kim").statusCode(410);
    }

    @Test
    void theListShowsEverythingButTheSecret() {
        var url =
                link("drive", Instant.now().plus(2, ChronoUnit.DAYS)).extract().<String>path("url");
        join(url, "Kim");

        ana.request()
                .get(links())
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].role", equalTo("drive"))
                .body("items[0].createdBy", equalTo("Ana"))
                .body("items[0].guests", equalTo(1))
                .body(not(containsString(url.substring(url.lastIndexOf('/') + 1))));
    }

    @Test
    void refusesOtherRolesAndTimes() {
        link("own", null).statusCode(400).body("type", equalTo("share.role-unknown"));
        link("watch", Instant.now().minusSeconds(1)).statusCode(400).body("type", equalTo("share.expiry"));
        link("watch", Instant.now().plus(31, ChronoUnit.DAYS)).statusCode(400).body("type", equalTo("share.expiry"));
    }

    @Test
    void refusesAMembersNameInDisguiseAndInvisibleOnes() {
        var url = link("watch", null).extract().<String>path("url");

        join(url, "Ána").statusCode(409).body(containsString("A member has this name."));
        join(url, "Ki\u200bm").statusCode(400).body(containsString("none of them invisible"));
        join(url, "").statusCode(400);
        join(url, "x".repeat(41)).statusCode(400);
        ana.request().get(links()).then().body("items[0].guests", equalTo(0));
    }

    @Test
    void letsNoMoreInThanItsLimitHoweverManyComeAtOnce() throws Exception {
        var link = link("watch", null).extract();
        execute("insert into session_link_guest (link_id, guest_id) select '" + link.path("id")
                + "', gen_random_uuid() from generate_series(1, 98)");
        var statuses = new ConcurrentLinkedQueue<Integer>();

        var comers = IntStream.range(0, 8)
                .mapToObj(i -> Thread.startVirtualThread(() -> statuses.add(
                        join(link.path("url"), "Kim " + i).extract().statusCode())))
                .toList();
        for (var comer : comers) {
            comer.join();
        }

        assertThat(statuses).containsExactlyInAnyOrder(303, 303, 429, 429, 429, 429, 429, 429);
        ana.request().get(links()).then().body("items[0].guests", equalTo(100));
        ana.request()
                .get("/api/v1/sessions/" + session + "/guests")
                .then()
                .statusCode(200)
                .body("items", hasSize(2));
    }

    @Test
    void aMemberGoesStraightIn() {
        var url = link("watch", null).extract().<String>path("url");

        given().redirects()
                .follow(false)
                .cookie("cleanroom", TestPeople.cookie(ana.email()))
                .get(path(url))
                .then()
                .statusCode(303)
                .header("Location", "/p/" + project + "/s/" + session);
    }

    @Test
    void outsidersAndViewersMintNoLinks() {
        TestPeople.member("Mira")
                .request()
                .body(Map.of("role", "watch"))
                .post(links())
                .then()
                .statusCode(404)
                .body("type", equalTo("session.not-found"));
        var jonas = TestPeople.member("Jonas");
        ana.request()
                .body(Map.of("email", jonas.email(), "role", "viewer"))
                .post("/api/v1/projects/" + project + "/members")
                .then()
                .statusCode(201);
        jonas.request()
                .body(Map.of("role", "watch"))
                .post(links())
                .then()
                .statusCode(403)
                .body("type", equalTo("session.role"));
    }

    @Test
    void whoSignsInStopsBeingAGuest() {
        var url = link("watch", null).extract().<String>path("url");
        var cookie = join(url, "Kim").extract().cookie(cookieName());

        given().cookie(cookieName(), cookie)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("email", ana.email(), "password", TestPeople.PASSWORD))
                .post("/api/v1/login")
                .then()
                .statusCode(204)
                .cookie(cookieName(), "");
    }

    private ValidatableResponse link(String role, Instant expiresAt) {
        return ana.request()
                .body(
                        expiresAt == null
                                ? Map.of("role", role)
                                : Map.of("role", role, "expiresAt", expiresAt.toString()))
                .post(links())
                .then();
    }

    private static ValidatableResponse join(String url, String name) {
        return given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded; charset=utf-8")
                .formParam("name", name)
                .post(path(url))
                .then();
    }

    private RequestSpecification asGuest(String cookie) {
        return given().cookie(cookieName(), cookie);
    }

    private String cookieName() {
        return "cleanroom-guest-" + session;
    }

    private String links() {
        return "/api/v1/sessions/" + session + "/links";
    }

    private static String path(String url) {
        return URI.create(url).getPath();
    }

    private UUID newSession() throws SQLException {
        var id = UUID.randomUUID();
        execute("insert into session (id, project, owner, title, model, mode, base_commit) values ('" + id + "', '"
                + project + "', '" + ana.id() + "', 'Retry <queue>', 'tour/guide', 'default', '"
                + "0".repeat(40) + "')");
        return id;
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
