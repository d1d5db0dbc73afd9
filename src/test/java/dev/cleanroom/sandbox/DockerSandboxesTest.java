package dev.cleanroom.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.DockerDaemon;
import dev.cleanroom.testing.RunnerRuntime;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same by Docker, and moves from one engine to the other. */
@QuarkusTest
@Tag("docker")
class DockerSandboxesTest extends SandboxesContract {
    @BeforeEach
    void chooseDocker() throws Exception {
        var docker = Engines.docker(
                rooms.home(), RunnerRuntime.path(), DockerDaemon.IMAGE, Rooms.LIMITS, DockerDaemon.socket());
        rooms.use(docker, rooms.engine());
    }

    @Override
    String engine() {
        return "docker";
    }

    @Override
    List<String> ofTheWall() {
        return List.of("image");
    }

    @Override
    long firstProcess(UUID session) throws Exception {
        return Long.parseLong(DockerDaemon.docker("inspect", "--format={{.State.Pid}}", container(session)));
    }

    @Override
    void takeAway(UUID session) throws Exception {
        DockerDaemon.docker("rm", "--force", container(session));
    }

    private static String container(UUID session) throws Exception {
        return DockerDaemon.docker("ps", "--quiet", "--filter=label=cleanroom.sandbox=" + session);
    }

    @Override
    boolean partsPeopleByUid() {
        return false;
    }

    @Override
    boolean hasCaches(Sandboxes.Spec spec) throws Exception {
        return DockerDaemon.docker("volume", "ls", "--quiet").contains("caches-" + spec.owner() + "-" + spec.project());
    }

    @Test
    void movesToAnotherEngineAndBackWithoutItsOldFiles() throws Exception {
        var spec = rooms.spec();
        rooms.server().start(spec).write("old", new byte[1], new Sandbox.WriteCondition.IsNew());

        rooms.server().move(spec, "bubblewrap");

        assertThat(rooms.server().status(spec.session()))
                .isEqualTo(new Sandboxes.Status(Sandboxes.State.STOPPED, "bubblewrap", java.util.Optional.empty()));
        assertThat(DockerDaemon.docker("volume", "ls", "--quiet")).doesNotContain("" + spec.session());
        var moved = rooms.server().start(spec);
        assertThat(moved.stat("old")).isEmpty();
        moved.write("new", "text".getBytes(UTF_8), new Sandbox.WriteCondition.IsNew());
        rooms.restart().compare();
        assertThat(rooms.server().status(spec.session()))
                .isEqualTo(new Sandboxes.Status(Sandboxes.State.READY, "bubblewrap", java.util.Optional.empty()));
        rooms.server().move(spec, "docker");
        assertThat(rooms.server().start(spec).list("", 10)).isEmpty();
    }

    @Test
    void leavesVolumesOfSandboxesThatTheDatabaseDoesNotKnow() throws Exception {
        var spec = rooms.spec();
        rooms.server().start(spec);
        var volumes =
                DockerDaemon.docker("volume", "ls", "--quiet", "--filter=label=cleanroom.sandbox=" + spec.session());

        rooms.engine().stop(spec.session());
        rooms.restart().compare();

        assertThat(volumes).contains("worktree");
        assertThat(DockerDaemon.docker("volume", "ls", "--quiet", "--filter=label=cleanroom.sandbox=" + spec.session()))
                .isEqualTo(volumes);
    }
}
