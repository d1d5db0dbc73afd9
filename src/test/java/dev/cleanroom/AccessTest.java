package dev.cleanroom;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who may ask for what. Each row of {@code access.txt} is a route and those who are let through; all others are refused. A
 * new route needs a row. Let through is whoever gets another answer than 401, 403 or the 404 that hides a project or session.
 */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class AccessTest {
    private enum Who {
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
        SESSIONS
    }

    private static final Set<String> HIDDEN = Set.of("project.not-found", "session.not-found", "request.not-found");
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final String COMMIT = "0".repeat(40);

    private record Route(String method, String path) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** @param more what the request needs to get as far as the judgement: a query, or a body */
    private record Row(Route route, Set<Who> allowed, String more) {}

    private final Map<Who, RequestSpecification> requests = new EnumMap<>(Who.class);
    private UUID project;
    private UUID session;

    @BeforeEach
    void everybody() {
        var owner = TestPeople.member("Olga");
        project = TestProject.begun(owner);
        session = TestProject.session(owner, project);
        requests.put(Who.NOBODY, given().contentType(ContentType.JSON));
        var other = TestPeople.member("Otto");
        TestProject.empty(other);
        requests.put(Who.OTHER, other.request());
        requests.put(Who.REVOKED, revoked(owner));
        requests.put(Who.WATCH, guest(owner, "watch"));
        requests.put(Who.DRIVE, guest(owner, "drive"));
        requests.put(Who.VIEWER, member(owner, "viewer"));
        requests.put(Who.EDITOR, member(owner, "editor"));
        requests.put(Who.OWNER, owner.request());
        requests.put(Who.ADMINISTRATOR, TestPeople.administrator().request());
        requests.put(Who.GIT, limited(owner, "git"));
        requests.put(Who.SESSIONS, limited(owner, "sessions"));
    }

    private RequestSpecification member(Somebody owner, String role) {
        var somebody = TestPeople.member(role);
        TestProject.addMember(owner, project, somebody, role);
        return somebody.request();
    }

    private RequestSpecification revoked(Somebody owner) {
        var somebody = TestPeople.member("Rita");
        TestProject.addMember(owner, project, somebody, "editor");
        owner.request()
                .delete("/api/v1/projects/" + project + "/members/" + somebody.id())
                .then()
                .statusCode(204);
        return somebody.request();
    }

    private static RequestSpecification limited(Somebody owner, String scope) {
        String token = given().cookie("cleanroom", TestPeople.cookie(owner.email()))
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON)
                .body(Map.of("name", scope, "scopes", List.of(scope)))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private RequestSpecification guest(Somebody owner, String role) {
        String url = owner.request()
                .body(Map.of("role", role))
                .post("/api/v1/sessions/" + session + "/links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        var cookie = given().redirects()
                .follow(false)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.URLENC)
                .formParam("name", role)
                .post(URI.create(url).getPath())
                .then()
                .statusCode(303)
                .extract()
                .cookie("cleanroom-guest-" + session);
        List<Map<String, Object>> events = owner.request()
                .get("/api/v1/sessions/" + session + "/events")
                .then()
                .extract()
                .path("");
        events.stream()
                .filter(event -> event.get("type").equals("guest-waiting"))
                .forEach(waiting -> owner.request()
                        .body(Map.of("role", role))
                        .post("/api/v1/sessions/" + session + "/guests/" + waiting.get("guestId"))
                        .then()
                        .statusCode(204));
        return given().cookie("cleanroom-guest-" + session, cookie)
                .header("Origin", TestPeople.origin())
                .contentType(ContentType.JSON);
    }

    @Test
    void everyRouteLetsThroughWhomItsRowNamesAndNobodyElse() throws IOException {
        var rows = rows();
        var routes = routes();
        assertThat(rows.stream().map(Row::route).distinct())
                .as("rows of access.txt")
                .containsExactlyInAnyOrderElementsOf(routes);
        var wrong = new ArrayList<String>();
        for (var row : rows) {
            for (var who : Who.values()) {
                var answer = ask(who, row.route(), row.more());
                if (isLetThrough(answer) != row.allowed().contains(who)) {
                    wrong.add(row.route() + " " + row.more() + " for " + who + ": " + answer.statusCode() + " "
                            + answer.asString());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private Response ask(Who who, Route route, String more) {
        var request = given().spec(requests.get(who)).redirects().follow(false);
        var path = filled(route.path());
        if (more.startsWith("?")) {
            path += more;
        } else if (!more.isEmpty()) {
            request.body(more);
        } else if (!route.method().equals("GET") && !route.method().equals("DELETE")) {
            request.body("{}");
        }
        return request.urlEncodingEnabled(false).request(route.method(), path);
    }

    private String filled(String path) {
        var parts = path.startsWith("/api/v1/projects/{")
                ? path.replaceFirst("\\{\\w+}", project.toString())
                : path.startsWith("/api/v1/sessions/{") ? path.replaceFirst("\\{\\w+}", session.toString()) : path;
        return PARAMETER.matcher(parts).replaceAll(name -> switch (name.group(1)) {
            case "commit" -> COMMIT;
            case "name", "token", "file" -> "nothing";
            case "entry", "step" -> "1";
            case "repository" -> project + ".git";
            default -> UUID.randomUUID().toString();
        });
    }

    private static boolean isLetThrough(Response answer) {
        return switch (answer.statusCode()) {
            case 401, 403 -> false;
            case 404 ->
                !HIDDEN.contains(Optional.ofNullable(answer.contentType().contains("json") ? answer.path("type") : null)
                        .orElse(""));
            default -> true;
        };
    }

    private static List<Row> rows() throws IOException {
        var rows = new ArrayList<Row>();
        try (var text = AccessTest.class.getResourceAsStream("/access.txt")) {
            new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s*\\|\\s*", 3))
                    .forEach(cells -> {
                        var route = cells[0].split(" ", 2);
                        rows.add(new Row(
                                new Route(route[0], route[1].strip()),
                                allowed(cells[1]),
                                cells.length > 2 ? cells[2].strip() : ""));
                    });
        }
        return rows;
    }

    private static Set<Who> allowed(String words) {
        return Arrays.stream(words.strip().split(" +"))
                .filter(word -> !word.isEmpty())
                .map(word -> Who.valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Who.class)));
    }

    private static List<Route> routes() {
        Map<String, Map<String, Object>> paths = given().get("/api/v1/openapi.json")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        var methods = Set.of("get", "put", "post", "delete", "patch");
        return new TreeSet<>(paths.keySet())
                .stream()
                        .filter(path -> path.startsWith("/api/") || path.startsWith("/git/")) // the others are pages
                        .flatMap(path -> paths.get(path).keySet().stream()
                                .filter(methods::contains)
                                .sorted()
                                .map(method -> new Route(method.toUpperCase(Locale.ROOT), path)))
                        .toList();
    }
}
