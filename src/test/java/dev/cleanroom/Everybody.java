package dev.cleanroom;

import static io.restassured.RestAssured.given;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One project, one session of it, and one of each kind of people and credentials around them. */
final class Everybody {
    enum Who {
        NOBODY,
        /** A member of another project. */
        OTHER,
        /** Was an editor of this one. */
        REVOKED,
        /** A guest of the session. */
        WATCH,
        DRIVE,
        VIEWER,
        EDITOR,
        OWNER,
        /** The server's administrator, in no project. */
        ADMINISTRATOR,
        /** The owner, by a token for git only. */
        GIT,
        /** The owner, by a token for sessions. */
        SESSIONS,
        /** The owner, by a token for everything in another project. */
        ELSEWHERE,
        /** A guest with a link to drive, whom nobody has let in. */
        WAITING(WATCH),
        /** A guest who was sent away. */
        ENDED(NOBODY),
        /** The owner, by a cookie of before he signed out. */
        SIGNED_OUT(NOBODY);

        private final Who as;

        Who() {
            as = this;
        }

        Who(Who as) {
            this.as = as;
        }

        /** Whose rights he has: his who is named in the table. */
        Who rights() {
            return as;
        }

        /** Has no part in the project: it is as if it did not exist. */
        boolean isOutside() {
            return switch (this) {
                case OTHER, REVOKED, ADMINISTRATOR, ELSEWHERE -> true;
                default -> false;
            };
        }

        boolean isGuest() {
            return rights() == WATCH || this == DRIVE;
        }
    }

    final Somebody owner;
    final UUID project;
    final UUID session;
    private final Map<Who, Map<String, String>> headers = new EnumMap<>(Who.class);

    Everybody() {
        owner = TestPeople.member("Olga");
        project = TestProject.begun(owner);
        session = TestProject.session(owner, project);
        headers.put(Who.NOBODY, Map.of());
        var other = TestPeople.member("Otto");
        TestProject.empty(other);
        headers.put(Who.OTHER, bearer(other.token()));
        headers.put(Who.REVOKED, revoked());
        headers.put(Who.WATCH, guest("watch", "watch"));
        headers.put(Who.DRIVE, guest("drive", "drive"));
        headers.put(Who.WAITING, guest("drive", "watch"));
        headers.put(Who.ENDED, guest("drive", ""));
        headers.put(Who.VIEWER, member("viewer"));
        headers.put(Who.EDITOR, member("editor"));
        headers.put(Who.OWNER, bearer(owner.token()));
        headers.put(Who.ADMINISTRATOR, bearer(TestPeople.administrator().token()));
        headers.put(Who.GIT, limited(Map.of("name", "git", "scopes", List.of("git"))));
        headers.put(Who.SESSIONS, limited(Map.of("name", "sessions", "scopes", List.of("sessions"))));
        headers.put(
                Who.ELSEWHERE,
                limited(Map.of(
                        "name", "elsewhere", "scopes", List.of("all"), "projects", List.of(TestProject.empty(owner)))));
        headers.put(Who.SIGNED_OUT, signedOut());
    }

    /** What proves who he is, and beside a cookie our Origin. */
    Map<String, String> headers(Who who) {
        return headers.get(who);
    }

    RequestSpecification request(Who who) {
        return given().headers(headers.get(who)).contentType(ContentType.JSON);
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static Map<String, String> cookie(String name, String value) {
        return Map.of("Cookie", name + "=" + value, "Origin", TestPeople.origin());
    }

    private Map<String, String> member(String role) {
        var somebody = TestPeople.member(role);
        TestProject.addMember(owner, project, somebody, role);
        return bearer(somebody.token());
    }

    private Map<String, String> revoked() {
        var somebody = TestPeople.member("Rita");
        TestProject.addMember(owner, project, somebody, "editor");
        owner.request()
                .delete("/api/v1/projects/" + project + "/members/" + somebody.id())
                .then()
                .statusCode(204);
        return bearer(somebody.token());
    }

    private Map<String, String> limited(Map<String, ?> token) {
        return bearer(owner.request()
                .body(token)
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token"));
    }

    private Map<String, String> signedOut() {
        var headers = cookie("cleanroom", TestPeople.cookie(owner.email()));
        given().headers(headers).post("/api/v1/logout").then().statusCode(204);
        return headers;
    }

    /** @param granted what a member gives him; empty: nothing any more */
    private Map<String, String> guest(String wanted, String granted) {
        String url = owner.request()
                .body(Map.of("role", wanted))
                .post("/api/v1/sessions/" + session + "/links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        var cookie = "cleanroom-guest-" + session;
        var name = "Guest " + headers.size();
        var value = given().redirects()
                .follow(false)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.URLENC)
                .formParam("name", name)
                .post(URI.create(url).getPath())
                .then()
                .statusCode(303)
                .extract()
                .cookie(cookie);
        var guests = "/api/v1/sessions/" + session + "/guests";
        String id = owner.request().get(guests).jsonPath().getString("items.find { it.name == '" + name + "' }.id");
        if (granted.isEmpty()) {
            owner.request().delete(guests + "/" + id).then().statusCode(204);
        } else {
            owner.request()
                    .body(Map.of("role", granted))
                    .post(guests + "/" + id)
                    .then()
                    .statusCode(204);
        }
        return cookie(cookie, value);
    }
}
