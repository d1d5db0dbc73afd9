package dev.cleanroom.account;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class RequestGuardTest {
    private static final String POLICY = "default-src 'none'; script-src 'self';";

    @TestHTTPResource
    URI server;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sign-in",
                "/pages/page.css",
                "/api/v1/me",
                "/api/v1/nothing",
                "/nothing",
                "/nothing.js",
                "/welcome/x",
                "/join/x",
                "/api/v1/openapi.json",
                "/q/health/ready",
                "/git/x.git/info/refs"
            })
    void everyAnswerKeepsPagesToThemselves(String path) {
        given().redirects()
                .follow(false)
                .get(path)
                .then()
                .header("Content-Security-Policy", startsWith(POLICY))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin");
    }

    @ParameterizedTest
    @CsvSource({
        "/assets/pdf.worker.min-FHbmGBN0.mjs, true",
        "/assets/pdf.worker.min-FHbmGBN0.js, true",
        "/assets/index-FHbmGBN0.js, false",
        "/assets/pdf.worker/../index.js, false",
        "/pdf.worker.min.mjs, false",
        "/api/v1/sessions/pdf.worker.js, false",
    })
    void onlyThePdfWorkerMayCompileWebAssemblyAndItMayNothingElse(String path, boolean mayCompile) {
        var policy = given().urlEncodingEnabled(false).get(path).header("Content-Security-Policy");

        assertThat(policy.contains("wasm-unsafe-eval")).isEqualTo(mayCompile);
        assertThat(policy).startsWith("default-src 'none';").doesNotContain("'unsafe-eval'");
    }

    @Test
    void refusesAnotherHostButTellsAnybodyThatItIsReady() {
        given().header("Host", "evil.example")
                .get("/sign-in")
                .then()
                .statusCode(421)
                .contentType("application/problem+json")
                .body("type", equalTo("request.host"))
                .header("Content-Security-Policy", startsWith(POLICY));
        given().header("Host", "evil.example").get("/q/health/ready").then().statusCode(200);
        given().header("Host", "evil.example").post("/api/v1/login").then().statusCode(421);
    }

    @Test
    void theLoopbackAddressIsTheSameAsLocalhost() {
        given().header("Host", "127.0.0.1:" + server.getPort())
                .get("/sign-in")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, 403",
        "null, 403",
        "http://localhost:1, 403",
        "'', 403",
        ", 403",
        "ours, 201",
        "loopback, 201"
    })
    void aCookieChangesSomethingFromOurOriginOnly(String origin, int status) {
        var jonas = TestPeople.member("Jonas");
        var request = given().cookie("cleanroom", TestPeople.cookie(jonas.email()))
                .contentType(ContentType.JSON)
                .body(Map.of("name", "x"));
        if (origin != null) {
            request.header(
                    "Origin",
                    switch (origin) {
                        case "ours" -> TestPeople.origin();
                        case "loopback" -> TestPeople.origin().replace("localhost", "127.0.0.1");
                        default -> origin;
                    });
        }

        var answer = request.post("/api/v1/tokens").then().statusCode(status);

        if (status == 403) {
            answer.contentType("application/problem+json").body("type", equalTo("request.origin"));
        }
    }

    @Test
    void anotherSiteCannotSignSomebodyIn() {
        given().header("Origin", "https://evil.example")
                .contentType(ContentType.JSON)
                .body(Map.of("email", "a@b", "password", "c"))
                .post("/api/v1/login")
                .then()
                .statusCode(403)
                .body("type", equalTo("request.origin"));
        given().header("Origin", "https://evil.example")
                .formParam("email", "a@b")
                .post("/sign-in")
                .then()
                .statusCode(403);
    }

    @Test
    void aTokenNeedsNoOriginAndNoCookieHelpsAWrongOne() {
        var jonas = TestPeople.member("Jonas");
        jonas.request().body(Map.of("name", "x")).post("/api/v1/tokens").then().statusCode(201);

        given().header("Authorization", "Bearer wrong")
                .cookie("cleanroom", TestPeople.cookie(jonas.email()))
                .contentType(ContentType.JSON)
                .body(Map.of("name", "x"))
                .post("/api/v1/tokens")
                .then()
                .statusCode(401);
    }

    @Test
    void withoutAnyCredentialTheAnswerIsToSignIn() {
        given().contentType(ContentType.JSON)
                .body(Map.of("name", "x"))
                .post("/api/v1/projects")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("type", equalTo("account.unauthenticated"));
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example, 403", ", 403"})
    void aSocketOpensForOurOriginOnly(String origin, int status) {
        var jonas = TestPeople.member("Jonas");
        var request = given().cookie("cleanroom", TestPeople.cookie(jonas.email()))
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        if (origin != null) {
            request.header("Origin", origin);
        }

        request.get("/ws/sessions/" + UUID.randomUUID()).then().statusCode(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign-in", "/api/v1/login", "/api/v1/projects", "/join/x"})
    void refusesTwoMebibytes(String path) {
        refusedAsTooLarge(
                given().contentType(path.startsWith("/api") ? "application/json" : "application/x-www-form-urlencoded")
                        .body("x".repeat(2 << 20))
                        .post(path)
                        .then());
    }

    @Test
    void refusesTwoMebibytesThatComeInChunks() throws IOException {
        for (var type : new String[] {"application/json", "application/x-www-form-urlencoded"}) {
            var path = type.endsWith("json") ? "/api/v1/login" : "/sign-in";
            assertThat(statusOfChunked(path, type, 2 << 20)).as(path).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompts", "prompts/x", "approvals/x"})
    void takesEightMebibytesOfWordsForTheLog(String route) {
        var path = "/api/v1/sessions/" + UUID.randomUUID() + "/" + route;

        given().contentType(ContentType.JSON)
                .body("x".repeat(8 << 20))
                .post(path)
                .then()
                .statusCode(not(413));
        refusedAsTooLarge(given().contentType(ContentType.JSON)
                .body("x".repeat((8 << 20) + 1))
                .post(path)
                .then());
    }

    private static void refusedAsTooLarge(ValidatableResponse answer) {
        answer.statusCode(413).contentType("application/problem+json").body("type", equalTo("request.too-large"));
    }

    private int statusOfChunked(String path, String type, int bytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.getPort())) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost:" + server.getPort() + "\r\nContent-Type: " + type
                            + "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            try {
                var beginning = type.endsWith("json") ? "{\"email\":\"" : "email=";
                out.write(
                        "%x\r\n%s\r\n".formatted(beginning.length(), beginning).getBytes(StandardCharsets.US_ASCII));
                var chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                for (int sent = 0; sent < bytes; sent += 0x10000) {
                    out.write(chunk);
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException cutOff) {
                // refused before everything was sent
            }
            return status(socket.getInputStream());
        }
    }

    private static int status(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != -1 && next != '\r'; next = in.read()) {
            line.append((char) next);
        }
        return line.isEmpty() ? -1 : Integer.parseInt(line.toString().split(" ")[1]);
    }
}
