package dev.cleanroom.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class MyAccountTest {
    private static final String NEXT = "battery staple horse";

    private Somebody me;

    @BeforeEach
    void makeMe() {
        me = TestPeople.member("Mia");
    }

    @Test
    void changesTheNameAndNothingElse() {
        change(Map.of("name", "  Mia   Möller ")).statusCode(200).body("name", equalTo("Mia Möller"));

        me.request()
                .get("/api/v1/me")
                .then()
                .body("name", equalTo("Mia Möller"))
                .body("email", equalTo(me.email()));
        change(Map.of("name", "a\u202Eb")).statusCode(400).body("type", equalTo("account.name"));
        change(Map.of()).statusCode(200).body("name", equalTo("Mia Möller"));
        TestPeople.cookie(me.email());
    }

    @Test
    void changesThePasswordAndEndsEveryOtherSignIn() {
        var here = TestPeople.cookie(me.email());
        var elsewhere = TestPeople.cookie(me.email());

        given().cookie("cleanroom", here)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("password", Map.of("old", TestPeople.PASSWORD, "new", NEXT)))
                .patch("/api/v1/me")
                .then()
                .statusCode(200);

        given().cookie("cleanroom", here).get("/api/v1/me").then().statusCode(200);
        given().cookie("cleanroom", elsewhere).get("/api/v1/me").then().statusCode(401);
        signIn(TestPeople.PASSWORD).statusCode(401);
        signIn(NEXT).statusCode(204);
    }

    @Test
    void asksForTheOldPasswordAndCountsTries() {
        change(Map.of("name", "Eve", "password", Map.of("old", "wrong one", "new", NEXT)))
                .statusCode(403)
                .body("type", equalTo("account.wrong-password"));
        me.request().get("/api/v1/me").then().body("name", equalTo("Mia"));
        change(Map.of("password", Map.of("old", TestPeople.PASSWORD, "new", "short")))
                .statusCode(400)
                .body("type", equalTo("account.password"));
        change(Map.of("password", Map.of("new", NEXT))).statusCode(403);
        for (int i = 0; i < 3; i++) {
            change(Map.of("password", Map.of("old", "wrong one", "new", NEXT))).statusCode(403);
        }
        change(Map.of("password", Map.of("old", TestPeople.PASSWORD, "new", NEXT)))
                .statusCode(429)
                .body("type", equalTo("account.too-many-tries"));
        signIn(TestPeople.PASSWORD).statusCode(204);
    }

    private ValidatableResponse signIn(String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", me.email(), "password", password))
                .post("/api/v1/login")
                .then();
    }

    private ValidatableResponse change(Map<String, ?> what) {
        return me.request().body(what).patch("/api/v1/me").then();
    }
}
