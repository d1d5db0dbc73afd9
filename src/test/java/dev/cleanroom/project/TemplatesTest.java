package dev.cleanroom.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** On a machine whose sandboxes have no Maven. */
@QuarkusTest
@TestProfile(TemplatesTest.WithoutMaven.class)
class TemplatesTest {
    public static final class WithoutMaven implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(NoMaven.class);
        }
    }

    @Alternative
    @ApplicationScoped
    static class NoMaven implements SandboxPrograms {
        @Override
        public boolean has(String program) {
            return !program.equals("mvn");
        }
    }

    @Test
    void saysWhatIsMissingBeforeAProjectIsMade() {
        var ada = TestPeople.member("Ada");
        var name = "p-" + UUID.randomUUID();

        ada.request()
                .get("/api/v1/templates")
                .then()
                .statusCode(200)
                .body("find { it.name == 'java-maven' }.missing", equalTo(List.of("mvn")))
                .body("find { it.name == 'node' }.missing", equalTo(List.of()));
        ada.request()
                .body(Map.of("name", name, "source", Map.of("kind", "template", "name", "java-maven")))
                .post("/api/v1/projects")
                .then()
                .statusCode(409)
                .body("type", equalTo("project.template-tools"))
                .body("detail", containsString("mvn"));
        ada.request()
                .body(Map.of("name", name, "source", Map.of("kind", "template", "name", "node")))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .body("status", equalTo("ready"))
                .body("defaultBranch", equalTo("main"));
    }

    @Test
    void hasEveryFileThatTheIndexNames() throws Exception {
        var templates = new Templates(program -> true, new ObjectMapper());
        for (var template : templates.all()) {
            assertThat(templates.content(template).keySet()).containsExactlyInAnyOrderElementsOf(template.files());
        }
    }
}
