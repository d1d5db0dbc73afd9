package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.testing.DockerDaemon;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server with Docker as the engine of new sandboxes, and bubblewrap beside it. */
@QuarkusTest
@TestProfile(DockerActionsTest.ByDocker.class)
@Tag("docker")
class DockerActionsTest extends SandboxActionsContract {
    public static final class ByDocker extends Real {
        @Override
        public Map<String, String> getConfigOverrides() {
            var overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("cleanroom.sandbox.engine", "docker");
            overrides.put("cleanroom.sandbox.docker.image", DockerDaemon.IMAGE);
            overrides.put("cleanroom.sandbox.docker.socket", socket());
            return overrides;
        }

        private static String socket() {
            try {
                return DockerDaemon.missing().isPresent()
                        ? "/nowhere"
                        : DockerDaemon.socket().toString();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    @BeforeAll
    static void startDocker() throws Exception {
        DockerDaemon.socket();
    }

    @Override
    String engine() {
        return "docker";
    }

    @Test
    void runsAWholeTurn() throws Exception {
        room.owner()
                .request()
                .body(Map.of("mode", "acceptEdits"))
                .patch(room.address(""))
                .then()
                .statusCode(200);
        room.owner()
                .request()
                .body(Map.of("text", "write note.txt: by Docker\nrun cat note.txt"))
                .post(room.address("/prompts"))
                .then()
                .statusCode(202);

        Room.await("the turn's end", () -> !room.events(TurnEnded.class).isEmpty());

        assertThat(room.events(ToolReturned.class))
                .extracting(ToolReturned::failed)
                .containsExactly(false, false);
        assertThat(room.isKept("note.txt", "by Docker\n")).isTrue();
    }

    @Test
    void movesASessionWithItsFilesToAnotherEngineAndBack() throws Exception {
        run("echo changed >README.md; echo new >new.txt; mkdir -p build; echo ignored >build/out");

        act("move", Map.of("engine", "bubblewrap"))
                .statusCode(200)
                .body("state", equalTo("ready"))
                .body("engine", equalTo("bubblewrap"));

        assertThat(run("cat README.md new.txt; ls build 2>&1; git status --short"))
                .startsWith("changed\nnew\n")
                .contains("No such file", " M README.md", "?? new.txt");
        run("echo later >new.txt");
        act("move", Map.of("engine", "docker")).statusCode(200).body("engine", equalTo("docker"));
        assertThat(run("cat README.md new.txt")).isEqualTo("changed\nlater\n");
    }
}
