package dev.cleanroom.project;

import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DeskTest {
    private static Somebody ada; // signing up is slow on purpose
    private static Somebody eve;

    private UUID project;

    @BeforeEach
    void makeProject() {
        ada = ada == null ? TestPeople.member("Ada") : ada;
        eve = eve == null ? TestPeople.member("Eve") : eve;
        project = TestProject.empty(ada);
    }

    @Test
    void keepsEachPersonsOwnForEachProject() {
        TestProject.addMember(ada, project, eve, "viewer");
        ada.request().get(desk()).then().statusCode(200).body("$", anEmptyMap());

        ada.request()
                .body(Map.of("tabs", List.of("a\0b", "ü😀")))
                .put(desk())
                .then()
                .statusCode(204);
        eve.request().body(Map.of("tabs", List.of())).put(desk()).then().statusCode(204);
        ada.request()
                .body(Map.of("tabs", List.of("a\0b", "ü😀")))
                .put(desk())
                .then()
                .statusCode(204);

        ada.request().get(desk()).then().body("tabs", equalTo(List.of("a\0b", "ü😀")));
        eve.request().get(desk()).then().body("tabs", equalTo(List.of()));
        var other = TestProject.empty(ada);
        ada.request().get("/api/v1/projects/" + other + "/desk").then().body("$", anEmptyMap());
    }

    @Test
    void keepsPreferencesOfAPerson() {
        var fresh = TestPeople.member("Fresh");
        fresh.request().get("/api/v1/me/preferences").then().statusCode(200).body("$", anEmptyMap());

        fresh.request()
                .body(Map.of("theme", "dark"))
                .put("/api/v1/me/preferences")
                .then()
                .statusCode(204);

        fresh.request().get("/api/v1/me/preferences").then().body("theme", equalTo("dark"));
        ada.request().get("/api/v1/me/preferences").then().body("$", anEmptyMap());
    }

    @Test
    void takesObjectsUpToALimitOnly() {
        for (var address : List.of(desk(), "/api/v1/me/preferences")) {
            for (var body : List.of("[]", "1", "\"x\"", "null", "{", "")) {
                ada.request().body(body).put(address).then().statusCode(400);
            }
            ada.request()
                    .body(Map.of("x", "x".repeat(64 << 10)))
                    .put(address)
                    .then()
                    .statusCode(413);
            ada.request().get(address).then().body("$", anEmptyMap());
        }
    }

    @Test
    void isForMembersOnly() {
        eve.request().get(desk()).then().statusCode(404);
        eve.request().body(Map.of()).put(desk()).then().statusCode(404);
        io.restassured.RestAssured.given().get(desk()).then().statusCode(401);
        io.restassured.RestAssured.given().get("/api/v1/me/preferences").then().statusCode(401);
    }

    private String desk() {
        return "/api/v1/projects/" + project + "/desk";
    }
}
