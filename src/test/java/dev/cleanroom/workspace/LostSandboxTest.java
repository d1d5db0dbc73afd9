package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.testing.HostPreparation;
import dev.cleanroom.testing.RunnerRuntime;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of a session when its real sandbox dies. */
@QuarkusTest
@Tag("engine")
@TestProfile(LostSandboxTest.RealSandboxes.class)
class LostSandboxTest {
    public static final class RealSandboxes implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                HostPreparation.run();
                return Map.of("cleanroom.runner.runtime", RunnerRuntime.path().toString());
            } catch (Exception unprepared) {
                throw new IllegalStateException(unprepared);
            }
        }
    }

    @Inject
    Sandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n", "run.sh", "#!/bin/sh\n"));
    }

    @AfterEach
    void destroy() throws Exception {
        sandboxes.destroy(room.session());
    }

    @Test
    void keepsItsFilesWhenTheRunnerIsKilled() throws Exception {
        room.put("saved.txt", "saved\r\n").statusCode(201);
        var before = workspaces.open(room.session());
        Room.await("a checkpoint", () -> room.isKept("saved.txt"));
        run(before, "echo newer > newer.txt"); // in no checkpoint yet

        killRunner(before);
        Room.await("the loss in the log", () -> room.events(SandboxLost.class).size() == 1);

        assertThat(room.get("newer.txt")).asString().isEqualTo("newer\n"); // who looks has it again
        var after = workspaces.open(room.session());
        assertThat(after.sandbox().epoch()).isNotEqualTo(before.sandbox().epoch());
        assertThat(room.get("saved.txt")).asString().isEqualTo("saved\r\n");
        assertThat(room.events(SandboxRestored.class)).hasSize(1);
        room.bytes().get(room.address("/sandbox")).then().body("state", equalTo("ready"));
    }

    @Test
    void isRebuiltFromTheNewestCheckpointWhenItsFilesAreGoneToo() throws Exception {
        var workspace = workspaces.open(room.session());
        run(
                workspace,
                "printf 'made\\n' > made.txt; chmod +x made.txt; ln -s made.txt link; git add -A; git commit -qm mine");
        Room.await("a checkpoint", () -> room.isKept("made.txt"));
        var checkpoint = workspace.checkpointAndLog().orElseThrow();

        sandboxes.destroy(room.session());
        var rebuilt = workspaces.open(room.session());

        assertThat(run(rebuilt, "cat link; test -x made.txt && git log --format=%s -1 && git status --porcelain"))
                .isEqualTo("made\nmine");
        assertThat(room.events(SandboxRestored.class))
                .extracting(SandboxRestored::checkpoint)
                .containsExactly(checkpoint);
    }

    private static String run(Workspace workspace, String script) throws InterruptedException {
        return new String(SandboxCommand.run(
                                workspace.sandbox(),
                                Duration.ofSeconds(30),
                                Map.of(),
                                java.util.List.of("sh", "-c", script),
                                java.util.Optional.empty())
                        .output())
                .strip();
    }

    /** The runner is the first process of its namespace, which only an ancestor can kill. */
    private static void killRunner(Workspace workspace) throws Exception {
        var namespace = run(workspace, "readlink /proc/self/ns/pid");
        try (var processes = Files.list(Path.of("/proc"))) {
            for (var process : processes.toList()) {
                if (isRunnerIn(namespace, process)) {
                    new ProcessBuilder("kill", "-9", process.getFileName().toString())
                            .start()
                            .waitFor();
                }
            }
        }
    }

    private static boolean isRunnerIn(String namespace, Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/pid")).toString().equals(namespace)
                    && Files.readString(process.resolve("cmdline")).contains("\0dial\0");
        } catch (IOException gone) {
            return false; // no process, or one that has ended
        }
    }
}
