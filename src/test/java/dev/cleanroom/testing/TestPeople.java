package dev.cleanroom.testing;

import static io.restassured.RestAssured.given;

import dev.cleanroom.account.FirstAdministrator;
import io.quarkus.arc.Arc;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/** People with accounts and access tokens, made through the public API. */
public final class TestPeople {
    public static final String PASSWORD = "correct horse battery";

    private TestPeople() {}

    /** @param token with scope {@code all} */
    public record Somebody(UUID id, String name, String email, String token) {
        /** A request of this person, JSON in and out. */
        public RequestSpecification request() {
            return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
        }
    }

    /** The first administrator; made when there is none. */
    public static Somebody administrator() {
        var link = Arc.container().instance(FirstAdministrator.class).get().link();
        link.ifPresent(url -> accept(url, "Ana", "ana-" + UUID.randomUUID() + "@example.org"));
        return whoHas(read(Path.of(ConfigProvider.getConfig().getValue("cleanroom.home", String.class), "cli-token")));
    }

    /** Somebody new, without administrator's rights. */
    public static Somebody member(String name) {
        var email = name.toLowerCase() + "-" + UUID.randomUUID() + "@example.org";
        String url = administrator()
                .request()
                .body(Map.of("email", email))
                .post("/api/v1/invitations")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        accept(url, name, email);
        String token = given().cookie("cleanroom", cookie(email))
                .header("Origin", origin())
                .contentType(ContentType.JSON)
                .body(Map.of("name", "test", "scopes", new String[] {"all"}))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        return whoHas(token);
    }

    /** Signs in. @return the cookie's value */
    public static String cookie(String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", PASSWORD))
                .post("/api/v1/login")
                .then()
                .statusCode(204)
                .extract()
                .cookie("cleanroom");
    }

    /** What a page of ours sends as Origin. */
    public static String origin() {
        return "http://localhost:" + ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    }

    private static void accept(String url, String name, String email) {
        given().contentType(ContentType.JSON)
                .body(Map.of("name", name, "email", email, "password", PASSWORD))
                .post("/api/v1/invitations/" + url.substring(url.lastIndexOf('/') + 1) + "/accept")
                .then()
                .statusCode(201);
    }

    private static Somebody whoHas(String token) {
        var me = given().header("Authorization", "Bearer " + token)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return new Somebody(me.getUUID("id"), me.getString("name"), me.getString("email"), token);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }
}
