package dev.cleanroom;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.Everybody.Who;
import dev.cleanroom.testing.LocalSandboxes;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who may ask for what. Each request in {@code access.txt} is a route and those who are let through; all others are refused.
 * A new route needs a row. Let through is whoever gets another answer than 401, 403 or the 404 that hides a project or session.
 */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class AccessTest {
    private static final Set<String> HIDDEN = Set.of("project.not-found", "session.not-found", "request.not-found");
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "PATCH");
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final String COMMIT = "0".repeat(40);

    private enum Verdict {
        LET_THROUGH,
        UNAUTHENTICATED,
        FORBIDDEN,
        HIDDEN
    }

    private record Route(String method, String path) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private Everybody everybody;

    @BeforeEach
    void invite() {
        everybody = new Everybody();
    }

    @Test
    void everyRouteLetsThroughWhomItsRowNamesAndNobodyElse() {
        var rows = AccessTable.rows(METHODS::contains);
        assertThat(rows.stream().map(row -> new Route(row.verb(), row.target())).distinct())
                .as("requests of access.txt")
                .containsExactlyInAnyOrderElementsOf(routes());
        var wrong = new ArrayList<String>();
        for (var row : rows) {
            for (var who : Who.values()) {
                var answer = ask(who, row);
                if (!expected(row, who).contains(verdict(answer))) {
                    wrong.add(row + " for " + who + ": " + answer.statusCode() + " " + answer.asString());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Set<Verdict> expected(AccessTable.Row row, Who who) {
        if (row.lets(who)) {
            return Set.of(Verdict.LET_THROUGH);
        }
        boolean isByCookieToGit = who.isGuest() && row.target().startsWith("/git/");
        if (who.rights() == Who.NOBODY || isByCookieToGit) {
            return Set.of(Verdict.UNAUTHENTICATED);
        }
        boolean isOfProject = row.target().matches("/(api/v1/(projects|sessions)|git)/\\{.*");
        if (isOfProject && who.isOutside()) {
            return Set.of(Verdict.HIDDEN);
        }
        boolean isOfOther = who.isGuest() && !row.target().startsWith("/api/v1/sessions/{");
        return isOfOther ? Set.of(Verdict.HIDDEN, Verdict.FORBIDDEN) : Set.of(Verdict.FORBIDDEN);
    }

    private Response ask(Who who, AccessTable.Row row) {
        var request = everybody.request(who).redirects().follow(false);
        var path = filled(row.target());
        if (row.more().startsWith("?")) {
            path += row.more();
        } else if (!row.more().isEmpty()) {
            request.body(row.more());
        } else if (!row.verb().equals("GET") && !row.verb().equals("DELETE")) {
            request.body("{}");
        }
        return request.urlEncodingEnabled(false).request(row.verb(), path);
    }

    private String filled(String path) {
        var parts = path.startsWith("/api/v1/projects/{")
                ? path.replaceFirst("\\{\\w+}", everybody.project.toString())
                : path.startsWith("/api/v1/sessions/{")
                        ? path.replaceFirst("\\{\\w+}", everybody.session.toString())
                        : path;
        return PARAMETER.matcher(parts).replaceAll(name -> switch (name.group(1)) {
            case "commit" -> COMMIT;
            case "name", "token", "file" -> "nothing";
            case "entry", "step" -> "1";
            case "repository" -> everybody.project + ".git";
            default -> UUID.randomUUID().toString();
        });
    }

    private static Verdict verdict(Response answer) {
        return switch (answer.statusCode()) {
            case 401 -> Verdict.UNAUTHENTICATED;
            case 403 -> Verdict.FORBIDDEN;
            case 404 -> HIDDEN.contains(type(answer)) ? Verdict.HIDDEN : Verdict.LET_THROUGH;
            default -> Verdict.LET_THROUGH;
        };
    }

    private static String type(Response answer) {
        String type = answer.contentType().contains("json") ? answer.path("type") : null;
        return type == null ? "" : type;
    }

    private static List<Route> routes() {
        Map<String, Map<String, Object>> paths = given().get("/api/v1/openapi.json")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        return new TreeSet<>(paths.keySet())
                .stream()
                        .filter(path -> path.startsWith("/api/") || path.startsWith("/git/")) // the others are pages
                        .flatMap(path -> paths.get(path).keySet().stream()
                                .map(method -> method.toUpperCase(Locale.ROOT))
                                .filter(METHODS::contains)
                                .sorted()
                                .map(method -> new Route(method, path)))
                        .toList();
    }
}
