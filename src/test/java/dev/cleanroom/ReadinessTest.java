package dev.cleanroom;

import static io.restassured.RestAssured.given;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ReadinessTest {
    @Test
    void isReadyOnceTheDatabaseAnswers() {
        given().when().get("/q/health/ready").then().statusCode(200);
    }
}
