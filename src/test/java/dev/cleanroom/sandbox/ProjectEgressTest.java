package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProjectEgressTest {
    @Inject
    ProjectEgress egress;

    @Test
    void leavesOnlyWhatTheEditorsNamedWhereTheRegistriesAreClosed() {
        var ana = TestPeople.member("Ana");
        var project = TestProject.empty(ana);
        assertThat(egress.allowed(project)).containsAll(egress.hosts());

        ana.request()
                .body(Map.of("allow", List.of("api.example.org:443"), "registries", false))
                .put("/api/v1/projects/" + project + "/egress")
                .then()
                .statusCode(200);

        assertThat(egress.allowed(project)).contains("api.example.org:443").doesNotContainAnyElementsOf(egress.hosts());
    }
}
