package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Trees;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each template is a project that passes its own tests in a real sandbox. */
@QuarkusTest
@Tag("engine")
class TemplateBuildTest {
    private static final Duration LIMIT = Duration.ofMinutes(5); // Maven's first build fetches its plugins

    private static Somebody owner;

    @Inject
    Rooms rooms;

    @Inject
    Trees trees;

    @Inject
    Refs refs;

    @BeforeEach
    void signUp() {
        owner = owner == null ? TestPeople.administrator() : owner;
    }

    @AfterEach
    void destroyAll() throws Exception {
        rooms.destroyAll();
    }

    @Test
    void listsTemplatesThatThisMachineCanUse() {
        owner.request()
                .get("/api/v1/templates")
                .then()
                .statusCode(200)
                .body("name", equalTo(List.of("java-maven", "node", "python")))
                .body("find { it.name == 'python' }.title", equalTo("Python"))
                .body("find { it.name == 'python' }.missing", empty());
    }

    @Test
    void refusesATemplateThatIsNotThere() {
        owner.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", Map.of("kind", "template", "name", "cobol")))
                .post("/api/v1/projects")
                .then()
                .statusCode(400)
                .body("type", equalTo("project.template-unknown"));
    }

    @ParameterizedTest
    @CsvSource({"node, npm test, pass 2", "python, python3 -m unittest, Ran 2 tests"})
    void passesItsOwnTests(String template, String command, String said) throws Exception {
        assertThat(ran(template, command)).contains(said);
    }

    @Test
    @Tag("slow")
    void passesItsOwnTestsByMaven() throws Exception {
        assertThat(ran("java-maven", "mvn -B test")).contains("Tests run: 2, Failures: 0, Errors: 0");
        assertThat(ran("java-maven", "mvn -B -q package && java -cp target/classes demo.Main Ada"))
                .contains("Hello, Ada!");
    }

    private String ran(String template, String command) throws Exception {
        String id = owner.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", Map.of("kind", "template", "name", template)))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .body("status", equalTo("ready"))
                .extract()
                .path("id");
        rooms.project = UUID.fromString(id);
        var sandbox = rooms.start();
        var commit = refs.resolve(rooms.project, "main").orElseThrow();
        for (var file : trees.list(rooms.project, commit, "")) {
            sandbox.write(
                    file.path(),
                    trees.read(rooms.project, commit, file.path()).orElseThrow(),
                    new Sandbox.WriteCondition.IsNew());
        }
        var ran = Rooms.run(sandbox, LIMIT, "sh", "-c", command);
        assertThat(ran.code()).as(ran.output()).isZero();
        return ran.output();
    }
}
