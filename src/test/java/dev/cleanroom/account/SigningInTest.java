package dev.cleanroom.account;

import static dev.cleanroom.testing.TestPeople.PASSWORD;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class SigningInTest {
    @Test
    void aPasswordGivesACookieThatOpensTheServerUntilSignOut() {
        var jonas = TestPeople.member("Jonas");
        var cookie = TestPeople.cookie(jonas.email());

        given().cookie("cleanroom", cookie)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("Jonas"))
                .body("email", equalTo(jonas.email()))
                .body("kind", equalTo("person"))
                .body("administrator", equalTo(false));
        given().cookie("cleanroom", cookie)
                .header("Origin", TestPeople.origin())
                .post("/api/v1/logout")
                .then()
                .statusCode(204);

        given().cookie("cleanroom", cookie).get("/api/v1/me").then().statusCode(401);
    }

    @Test
    void theCookieIsOutOfReachForScriptsAndOtherSites() {
        var jonas = TestPeople.member("Jonas");

        login(jonas.email(), PASSWORD)
                .statusCode(204)
                .header(
                        "Set-Cookie",
                        matchesPattern("(?i)cleanroom=[\\w-]{43};(?=.*HttpOnly)(?=.*SameSite=Lax)(?=.*Path=/).*"));
    }

    @Test
    void refusesAWrongPasswordAndAnUnknownAddressInTheSameWords() {
        var jonas = TestPeople.member("Jonas");

        for (var email : List.of(jonas.email(), "nobody-" + UUID.randomUUID() + "@example.org")) {
            login(email, "not " + PASSWORD)
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .body("type", equalTo("account.wrong-password"))
                    .body("detail", equalTo("E-mail or password is not right."));
        }
    }

    @Test
    void stopsGuessingAfterFiveWrongPasswords() {
        var jonas = TestPeople.member("Jonas");
        for (int i = 0; i < 5; i++) {
            login(jonas.email(), "guess number " + i).statusCode(401);
        }

        login(jonas.email(), PASSWORD)
                .statusCode(429)
                .body("type", equalTo("account.too-many-tries"))
                .body("detail", matchesPattern("Too many tries\\. Again in \\d+ s\\."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\\u0000@b", "\\ud800@b", "no address", "'; drop table person; --"})
    void anAddressThatIsNobodysIsAWrongPasswordAndNoFault(String email) {
        given().contentType(ContentType.JSON)
                .body("{\"email\":\"" + email + "\",\"password\":\"x\"}")
                .post("/api/v1/login")
                .then()
                .statusCode(oneOf(401, 429));
    }

    @Test
    void aTokensNameHasNoInvisibleCharacters() {
        TestPeople.member("Jonas")
                .request()
                .body("{\"name\":\"a\\u0000\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(400)
                .body("detail", equalTo("name has invisible characters"));
    }

    @Test
    void aForwardedAddressCountsOnlyFromATrustedProxy() {
        var jonas = TestPeople.member("Jonas");

        String cookie = given().header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Host", "evil.example")
                .contentType(ContentType.JSON)
                .body(Map.of("email", jonas.email(), "password", PASSWORD))
                .post("/api/v1/login")
                .then()
                .statusCode(204)
                .extract()
                .cookie("cleanroom");

        given().cookie("cleanroom", cookie)
                .get("/api/v1/me/sign-ins")
                .then()
                .body("items.address", not(hasItem("203.0.113.9")));
    }

    @Test
    void listsSignInsAndEndsOne() {
        var jonas = TestPeople.member("Jonas");
        var laptop = TestPeople.cookie(jonas.email());
        var phone = TestPeople.cookie(jonas.email());
        String phonesId = given().cookie("cleanroom", phone)
                .get("/api/v1/me/sign-ins")
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.current }.id");

        given().cookie("cleanroom", laptop)
                .header("Origin", TestPeople.origin())
                .delete("/api/v1/me/sign-ins/" + phonesId)
                .then()
                .statusCode(204);

        given().cookie("cleanroom", phone).get("/api/v1/me").then().statusCode(401);
        given().cookie("cleanroom", laptop).get("/api/v1/me/sign-ins").then().body("items.id", not(hasItem(phonesId)));
    }

    @Test
    void oneCannotEndAnothersSignIn() {
        var jonas = TestPeople.member("Jonas");
        var mira = TestPeople.member("Mira");
        String id = given().cookie("cleanroom", TestPeople.cookie(jonas.email()))
                .get("/api/v1/me/sign-ins")
                .then()
                .extract()
                .path("items.find { it.current }.id");

        mira.request()
                .delete("/api/v1/me/sign-ins/" + id)
                .then()
                .statusCode(404)
                .body("type", equalTo("account.sign-in-unknown"));
    }

    @Test
    void anAccessTokenIsShownOnceListedWithoutItsSecretAndRevoked() {
        var jonas = TestPeople.member("Jonas");
        var created = jonas.request()
                .body(Map.of("name", "ci"))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .body("token", startsWith("clr_"))
                .extract()
                .jsonPath();

        jonas.request()
                .get("/api/v1/tokens")
                .then()
                .body("items.find { it.name == 'ci' }.scopes.sort()", equalTo(List.of("git", "sessions")))
                .body("items.find { it.name == 'ci' }.expiresAt", notNullValue())
                .body("items.find { it.name == 'ci' }.token", equalTo(null));
        bearer(created.getString("token"), "/api/v1/me").statusCode(200);
        jonas.request()
                .delete("/api/v1/tokens/" + created.getString("id"))
                .then()
                .statusCode(204);

        bearer(created.getString("token"), "/api/v1/me").statusCode(401);
    }

    @Test
    void aTokenWithoutAllGivesAccessToNobody() {
        var jonas = TestPeople.member("Jonas");
        var limited = token(jonas, Map.of("name", "ci", "scopes", List.of("sessions")));

        for (var path : List.of("/api/v1/tokens", "/api/v1/invitations")) {
            given().header("Authorization", "Bearer " + limited)
                    .contentType(ContentType.JSON)
                    .body(Map.of("name", "more"))
                    .post(path)
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("account.token-scope"));
        }
    }

    @Test
    void aTokenForGitOpensNothingElse() {
        var jonas = TestPeople.member("Jonas");
        var git = token(jonas, Map.of("name", "git", "scopes", List.of("git")));

        bearer(git, "/api/v1/projects").statusCode(403).body("type", equalTo("account.token-scope"));
    }

    @Test
    void refusesAScopeThatIsNone() {
        var jonas = TestPeople.member("Jonas");

        jonas.request()
                .body(Map.of("name", "x", "scopes", List.of("everything")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(400)
                .body("type", equalTo("account.scope-unknown"));
    }

    @Test
    void refusesATokenThatHasExpiredAlready() {
        var jonas = TestPeople.member("Jonas");

        jonas.request()
                .body(Map.of("name", "x", "expiresAt", "2020-01-01T00:00:00Z"))
                .post("/api/v1/tokens")
                .then()
                .statusCode(400)
                .body("type", equalTo("request.invalid"))
                .body("detail", startsWith("expiresAt "));
    }

    private static ValidatableResponse login(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/login")
                .then();
    }

    private static String token(TestPeople.Somebody somebody, Map<String, Object> request) {
        return somebody.request()
                .body(request)
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    private static ValidatableResponse bearer(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path).then();
    }
}
