package dev.cleanroom.about;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LicencesTest {
    /** The build's own list of dependencies, written before tests are run. */
    private static final Path BUILD = Path.of("target/quarkus/bootstrap/test-app-model.dat");

    private static final int AT_RUN_TIME =
            4; // bit of a dependency's flags: io.quarkus.maven.dependency.DependencyFlags

    @Test
    void areOfWhatIsShippedAndOfNothingElse() throws IOException {
        var shipped = new TreeSet<String>();
        for (var dependency : new ObjectMapper().readTree(BUILD.toFile()).path("dependencies")) {
            if (!dependency.path("scope").asText().equals("test")
                    && (dependency.path("flags").asInt() & AT_RUN_TIME) != 0) {
                var names = dependency.path("maven-artifact").asText().split(":");
                shipped.add(names[0] + ":" + names[1] + " " + names[names.length - 1]);
            }
        }

        assertThat(Licences.ALL)
                .as("lines of src/main/resources/dev/cleanroom/about/licences.tsv; a pom says the licence")
                .extracting(licence -> licence.name() + " " + licence.version())
                .containsExactlyElementsOf(shipped);
        assertThat(Licences.ALL)
                .allSatisfy(licence -> assertThat(licence.licence()).isNotBlank());
    }

    @Test
    void standOnTheAboutPageForWhoIsSignedIn() {
        TestPeople.administrator()
                .request()
                .get("/api/v1/about")
                .then()
                .statusCode(200)
                .body("version", startsWith("0."))
                .body("java", startsWith("25"))
                .body("engine", equalTo("bubblewrap"))
                .body("licences.size()", greaterThan(100))
                .body("licences.find { it.name == 'org.eclipse.jgit:org.eclipse.jgit' }.licence", startsWith("BSD"));
        io.restassured.RestAssured.given().get("/api/v1/about").then().statusCode(401);
    }
}
