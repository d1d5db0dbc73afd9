package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.testing.HostPreparation;
import dev.cleanroom.testing.RunnerRuntime;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do to a session's real sandbox. */
abstract class SandboxActionsContract {
    /** The server as it is outside tests. */
    public static class Real implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "cleanroom.runner.runtime",
                    Path.of("target/runner").toAbsolutePath().toString());
        }
    }

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    Sandboxes sandboxes;

    Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        HostPreparation.run();
        RunnerRuntime.path();
        room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n", ".gitignore", "build/\n"));
    }

    @AfterEach
    void destroy() throws Exception {
        if (room != null) {
            sandboxes.destroy(room.session());
        }
    }

    /** Of new sandboxes. */
    abstract String engine();

    @Test
    void stopsItAndStartsItWithAllItsFilesWhenItIsUsed() throws Exception {
        state("absent");
        room.put("README.md", "changed\n").statusCode(200);
        room.put("build/out", "ignored\n").statusCode(201);
        var epoch = epoch();

        act("stop", Map.of()).statusCode(200).body("state", equalTo("stopped"));

        state("stopped");
        assertThat(room.isKept("README.md", "changed\n")).isTrue();
        assertThat(run("cat README.md build/out")).isEqualTo("changed\nignored\n");
        assertThat(epoch()).isNotEqualTo(epoch);
    }

    @Test
    void restartsItWithNewProcessesAndTheSameFiles() throws Exception {
        run("mkdir -p build; echo ignored >build/out; (sleep 1000 &) >/dev/null 2>&1");
        var epoch = epoch();

        act("restart", Map.of()).statusCode(200).body("state", equalTo("ready"));

        assertThat(epoch()).isNotEqualTo(epoch);
        assertThat(run("cat build/out; for each in /proc/[0-9]*; do tr '\\0' ' ' <$each/cmdline; done"))
                .startsWith("ignored\n")
                .doesNotContain("sleep 1000");
        assertThat(room.events(SandboxRestored.class)).isEmpty(); // nothing was lost
    }

    @Test
    void rebuildsItFromWhatCheckpointsHold() throws Exception {
        run("mkdir -p build; echo ignored >build/out; echo changed >README.md; echo new >new.txt");

        act("rebuild", Map.of()).statusCode(200).body("state", equalTo("ready")).body("engine", equalTo(engine()));

        assertThat(run("cat README.md new.txt; ls build 2>&1"))
                .startsWith("changed\nnew\n")
                .contains("No such file");
    }

    @Test
    void refusesAMoveToAnEngineThatIsNotThere() {
        act("move", Map.of("engine", "cloud"))
                .statusCode(400)
                .body("type", equalTo("sandbox.engine"))
                .body("detail", containsString(engine()));
        act("move", Map.of()).statusCode(400).body("type", equalTo("sandbox.engine"));
        state("absent");
    }

    @Test
    void tellsWhatSandboxesStandOn() {
        room.owner()
                .request()
                .get("/api/v1/sandbox-engines")
                .then()
                .statusCode(200)
                .body("[0].name", equalTo(engine()))
                .body("[0].preferred", equalTo(true))
                .body("[0].problem", nullValue())
                .body("[0].limitations.flatten().join(' ')", containsString("disk space of a sandbox is not limited"));
    }

    ValidatableResponse act(String what, Map<String, String> body) {
        return room.owner()
                .request()
                .body(body)
                .post(room.address("/sandbox/" + what))
                .then();
    }

    void state(String expected) {
        room.owner()
                .request()
                .get(room.address("/sandbox"))
                .then()
                .statusCode(200)
                .body("state", equalTo(expected));
    }

    private String epoch() throws InterruptedException {
        return workspaces.open(room.session()).sandbox().epoch();
    }

    String run(String script) throws InterruptedException {
        var ran = SandboxCommand.run(
                workspaces.open(room.session()).sandbox(),
                Duration.ofSeconds(60),
                Map.of(),
                List.of("sh", "-c", script),
                Optional.empty());
        return new String(ran.output());
    }
}
