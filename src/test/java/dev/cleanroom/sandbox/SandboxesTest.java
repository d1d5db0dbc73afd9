package dev.cleanroom.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@Tag("engine")
class SandboxesTest extends SandboxesContract {
    @Override
    String engine() {
        return "bubblewrap";
    }

    @Override
    List<String> ofTheWall() {
        return List.of();
    }

    @Override
    long firstProcess(UUID session) throws Exception {
        return HostProcess.parse(Files.readString(rooms.engine().folder(session).state()))
                .pid();
    }

    /** Its programs live on, in a worktree that is nowhere. */
    @Override
    void takeAway(UUID session) throws Exception {
        var folder = rooms.engine().folder(session).path();
        new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }

    @Override
    boolean partsPeopleByUid() {
        return true;
    }

    @Override
    boolean hasCaches(Sandboxes.Spec spec) {
        return Files.exists(rooms.home().resolve("caches").resolve(spec.owner() + "-" + spec.project()));
    }
}
