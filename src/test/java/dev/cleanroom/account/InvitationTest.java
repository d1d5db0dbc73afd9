package dev.cleanroom.account;

import static dev.cleanroom.testing.TestPeople.PASSWORD;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.testing.TestPeople;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
class InvitationTest {
    @Inject
    AgroalDataSource database;

    @Inject
    FirstAdministrator administrators;

    @Inject
    PersonStore people;

    @Inject
    InvitationStore invitations;

    @Inject
    Passwords passwords;

    @Inject
    CliToken cliToken;

    @Inject
    PublicUrl url;

    @Inject
    AuditLog audit;

    @Test
    void theFirstAdministratorComesByAOneTimeLinkAndTheTerminalGetsAToken() throws Exception {
        demoteAdministrators();
        var old = administrators.link().orElseThrow();
        var link = administrators.link().orElseThrow();

        open(old).statusCode(410);
        open(link).statusCode(200).body(containsString("You are the first here"));
        var cookie = form(link, "First", newEmail())
                .statusCode(303)
                .header("Location", "/projects")
                .extract()
                .cookie("cleanroom");

        given().cookie("cleanroom", cookie).get("/api/v1/me").then().body("administrator", equalTo(true));
        form(link, "Second", newEmail()).statusCode(410).body(containsString("admin-link"));
        assertThat(administrators.link()).isEmpty();
        var cliToken = home().resolve("cli-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cliToken)))
                .isEqualTo("rw-------");
        given().header("Authorization", "Bearer " + Files.readString(cliToken).strip())
                .get("/api/v1/me")
                .then()
                .body("administrator", equalTo(true));
    }

    @Test
    void theEnvironmentNamesTheFirstAdministrator() throws Exception {
        demoteAdministrators();
        var email = newEmail();

        new FirstAdministrator(
                        people, invitations, passwords, cliToken, url, audit, Optional.of(email), Optional.of("short"))
                .start(new StartupEvent());

        assertThat(administrators.link()).isEmpty();
        login(email, "short").statusCode(204);
    }

    @Test
    void theOperatorsLinkRenewsAPasswordAndSignsOutEverywhere() throws Exception {
        var jonas = TestPeople.member("Jonas");
        var cookie = TestPeople.cookie(jonas.email());
        var link = adminLink(jonas.email(), secret());
        assertThat(link.statusCode()).isEqualTo(200);

        open(link.body().strip()).statusCode(200).body(containsString("New password"));
        given().redirects()
                .follow(false)
                .formParam("password", "another long one")
                .post(path(link.body().strip()))
                .then()
                .statusCode(303);

        given().cookie("cleanroom", cookie).get("/api/v1/me").then().statusCode(401);
        login(jonas.email(), PASSWORD).statusCode(401);
        login(jonas.email(), "another long one").statusCode(204);
    }

    @Test
    void theManagementPortAnswersToTheDataFoldersSecretOnly() throws Exception {
        assertThat(adminLink("", "guess").statusCode()).isEqualTo(401);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home().resolve("management-secret"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anInvitationMakesAnAccountOnce() {
        var email = newEmail();
        var url = invite(Map.of("email", email));

        open(url).statusCode(200).body(containsString(email)).body(containsString("readonly"));
        accept(url, Map.of("name", "Jonas", "email", email, "password", PASSWORD))
                .statusCode(201);

        accept(url, Map.of("name", "Jonas", "email", newEmail(), "password", PASSWORD))
                .statusCode(410)
                .body("type", equalTo("account.link-ended"))
                .body("detail", containsString("This link was used or is older than 24 h. Ask "));
        open(url).statusCode(410).body(containsString("This link was used"));
        login(email, PASSWORD).statusCode(204);
    }

    @Test
    void anInvitationIsForItsAddressOnly() {
        var url = invite(Map.of("email", newEmail()));

        accept(url, Map.of("name", "Eve", "email", newEmail(), "password", PASSWORD))
                .statusCode(400)
                .body("type", equalTo("account.email-other"));
    }

    @Test
    void refusesAShortPasswordAnUnreadableNameAndATakenAddressAndStaysUsable() {
        var jonas = TestPeople.member("Jonas");
        var url = invite(Map.of());

        accept(url, Map.of("name", "Mira", "email", newEmail(), "password", "short"))
                .statusCode(400)
                .body("type", equalTo("account.password"));
        accept(url, Map.of("name", "\u202eariM", "email", newEmail(), "password", PASSWORD))
                .statusCode(400)
                .body("type", equalTo("account.name"));
        accept(url, Map.of("name", "Mira", "email", "nowhere", "password", PASSWORD))
                .statusCode(400)
                .body("type", equalTo("account.email"));
        accept(url, Map.of("name", "Mira", "email", jonas.email().toUpperCase(), "password", PASSWORD))
                .statusCode(409)
                .body("type", equalTo("account.email-taken"));
        accept(url, Map.of("name", "Mira", "email", newEmail(), "password", PASSWORD))
                .statusCode(201);
    }

    @Test
    void aFormThatIsRefusedSaysWhyAndKeepsWhatWasTyped() {
        var url = invite(Map.of());

        given().formParam("name", "Mira <b>")
                .formParam("email", "mira@example.org")
                .formParam("password", "short")
                .post(path(url))
                .then()
                .statusCode(400)
                .body(containsString("A password has 8 to 1024 characters."))
                .body(containsString("mira@example.org"))
                .body(containsString("Mira &lt;b&gt;"))
                .body(not(containsString("<b>")));
    }

    @Test
    void anExpiredInvitationIsRefused() throws SQLException {
        var url = invite(Map.of());
        execute("update invitation set expires_at = now() - interval '1 minute' where used_at is null");

        accept(url, Map.of("name", "Mira", "email", newEmail(), "password", PASSWORD))
                .statusCode(410);
        open(url).statusCode(410);
        open(url + "x").statusCode(410);
    }

    @Test
    void anInvitationIsListedAndWithdrawn() {
        var created = TestPeople.administrator()
                .request()
                .body(Map.of("email", newEmail()))
                .post("/api/v1/invitations")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        var id = created.getString("id");

        TestPeople.administrator()
                .request()
                .get("/api/v1/invitations")
                .then()
                .body("items.id", hasItem(id))
                .body("items.url", not(hasItem(created.getString("url"))));
        TestPeople.administrator()
                .request()
                .delete("/api/v1/invitations/" + id)
                .then()
                .statusCode(204);

        open(created.getString("url")).statusCode(410);
        TestPeople.administrator()
                .request()
                .delete("/api/v1/invitations/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void onlyAdministratorsInviteIntoTheServer() {
        TestPeople.member("Jonas")
                .request()
                .body(Map.of("email", newEmail()))
                .post("/api/v1/invitations")
                .then()
                .statusCode(403)
                .body("type", equalTo("account.not-administrator"));
    }

    @Test
    void theSignInPageSignsInAndLeadsOnlyToPlacesOfOurs() {
        var jonas = TestPeople.member("Jonas");

        for (var next : Map.of(
                        "/p/1?x=y", "/p/1?x=y",
                        "//evil.example", "/projects",
                        "https://evil.example", "/projects",
                        "/\\evil.example", "/projects")
                .entrySet()) {
            given().redirects()
                    .follow(false)
                    .header("Origin", TestPeople.origin())
                    .formParam("email", jonas.email())
                    .formParam("password", PASSWORD)
                    .formParam("next", next.getKey())
                    .post("/sign-in")
                    .then()
                    .statusCode(303)
                    .header("Location", next.getValue());
        }
        given().formParam("email", jonas.email())
                .formParam("password", "wrong")
                .post("/sign-in")
                .then()
                .statusCode(401)
                .contentType("text/html")
                .body(containsString("E-mail or password is not right."))
                .body(containsString(jonas.email()));
    }

    private static String invite(Map<String, Object> request) {
        return TestPeople.administrator()
                .request()
                .body(request)
                .post("/api/v1/invitations")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
    }

    private static ValidatableResponse accept(String url, Map<String, String> body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/invitations/" + url.substring(url.lastIndexOf('/') + 1) + "/accept")
                .then();
    }

    private static ValidatableResponse form(String url, String name, String email) {
        return given().redirects()
                .follow(false)
                .formParam("name", name)
                .formParam("email", email)
                .formParam("password", PASSWORD)
                .post(path(url))
                .then();
    }

    private static ValidatableResponse open(String url) {
        return given().accept("text/html").get(path(url)).then();
    }

    private static ValidatableResponse login(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/login")
                .then();
    }

    private static String path(String url) {
        return URI.create(url).getPath();
    }

    private static String newEmail() {
        return "new-" + UUID.randomUUID() + "@example.org";
    }

    private static HttpResponse<String> adminLink(String email, String secret)
            throws IOException, InterruptedException {
        var port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", Integer.class);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin-link?email=" + email))
                            .header("Authorization", "Bearer " + secret)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String secret() throws IOException {
        return Files.readString(home().resolve("management-secret")).strip();
    }

    private static Path home() {
        return Path.of(ConfigProvider.getConfig().getValue("cleanroom.home", String.class));
    }

    private void demoteAdministrators() throws SQLException {
        execute("update person set administrator = false");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
