package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Trees;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class RestoreTest {
    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    @Inject
    Trees trees;

    @Inject
    Refs refs;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(
                TestPeople.administrator(),
                Map.of("README.md", "hello\n", "old/deep.txt", "deep\n", ".gitignore", "build/\n"));
    }

    @Test
    void goesBackToWhereAPromptsTurnBeganAndIsUndoneByRestoringWhatWasThere() throws Exception {
        workspaces.open(room.session());
        var git = LocalGit.in(files());
        git.write("before.txt", "kept\n");
        var kept = take();
        var prompt = UUID.randomUUID();
        var turn = beginTurn(prompt);
        git.write("README.md", "changed\n").write("before.txt", "changed\n").write("new/file", "n");
        git.write("build/out", "ignored");
        Files.createSymbolicLink(files().resolve("link"), Path.of("README.md"));
        Files.writeString(files().resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(files().resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.delete(files().resolve("old/deep.txt"));
        take();
        endTurn(turn);
        git.write("late.txt", "not in a checkpoint yet\n").run("add", "README.md");

        String previous = restore(Map.of("promptId", prompt))
                .statusCode(200)
                .body(
                        "files.path",
                        containsInAnyOrder(
                                "README.md", "before.txt", "new/file", "link", "run.sh", "old/deep.txt", "late.txt"))
                .body("files.find { it.path == 'old/deep.txt' }.kind", equalTo("added"))
                .extract()
                .path("previous");

        assertThat(Files.readString(files().resolve("README.md"))).isEqualTo("hello\n");
        assertThat(Files.readString(files().resolve("before.txt"))).isEqualTo("kept\n");
        assertThat(Files.readString(files().resolve("old/deep.txt"))).isEqualTo("deep\n");
        assertThat(files().resolve("new")).doesNotExist();
        assertThat(files().resolve("late.txt")).doesNotExist();
        assertThat(files().resolve("link")).doesNotExist();
        assertThat(Files.readString(files().resolve("build/out"))).isEqualTo("ignored");
        assertThat(git.run("diff", "--cached", "--name-only")).isEqualTo("README.md");
        assertThat(room.events(Rewound.class)).containsExactly(new Rewound(prompt, kept, previous, null, null));
        assertThat(trees.read(room.project(), branch(), "README.md")).contains("hello\n".getBytes());
        assertThat(trees.read(room.project(), previous, "late.txt")).isPresent();

        restore(Map.of("commit", previous)).statusCode(200);

        assertThat(Files.readString(files().resolve("late.txt"))).isEqualTo("not in a checkpoint yet\n");
        assertThat(Files.readSymbolicLink(files().resolve("link"))).isEqualTo(Path.of("README.md"));
        assertThat(files().resolve("run.sh")).isExecutable();
        assertThat(files().resolve("old")).doesNotExist();
        assertThat(refs.resolve(room.project(), "refs/heads/session/" + room.session() + "^{tree}"))
                .isEqualTo(refs.resolve(room.project(), previous + "^{tree}"));
    }

    @Test
    void goesBackToTheBaseWhereNoCheckpointWasTakenAndStartsTheSandboxForIt() throws Exception {
        var prompt = UUID.randomUUID();
        endTurn(beginTurn(prompt));
        workspaces.open(room.session());
        LocalGit.in(files()).write("README.md", "changed\n");
        take();
        sandboxes.destroy(room.session());

        restore(Map.of("promptId", prompt)).statusCode(200).body("files.path", equalTo(List.of("README.md")));

        assertThat(Files.readString(files().resolve("README.md"))).isEqualTo("hello\n");
        assertThat(room.events(Rewound.class).getFirst().commit()).isEqualTo(room.base());
    }

    @Test
    void survivesThatTheShadowRepositoryIsGone() throws Exception {
        workspaces.open(room.session());
        LocalGit.in(files()).write("one.txt", "1\n");
        var one = take();
        LocalGit.in(files()).write("one.txt", "2\n");
        take();
        new ProcessBuilder("rm", "-rf", files().resolve(".git/cleanroom").toString())
                .start()
                .waitFor();

        restore(Map.of("commit", one)).statusCode(200);

        assertThat(Files.readString(files().resolve("one.txt"))).isEqualTo("1\n");
    }

    @Test
    void refusesWhileATurnRunsAndWhatIsNotOfThisSession() throws Exception {
        var other = Room.with(TestPeople.administrator(), Map.of("secret", "s"));
        var turn = beginTurn(UUID.randomUUID());

        restore(Map.of("commit", room.base())).statusCode(409).body("type", equalTo("session.turn-running"));
        endTurn(turn);
        restore(Map.of("commit", other.base())).statusCode(404).body("type", equalTo("session.checkpoint-not-found"));
        restore(Map.of("promptId", UUID.randomUUID()))
                .statusCode(404)
                .body("type", equalTo("session.prompt-not-found"));
        restore(Map.of()).statusCode(400).body("type", equalTo("session.restore"));
        assertThat(room.events(Rewound.class)).isEmpty();
    }

    @Test
    void aPromptThatComesMeanwhileWaitsInTheQueue() throws Exception {
        workspaces.open(room.session());
        LocalGit.in(files()).write("README.md", "changed\n");
        take();
        var hold = Files.createTempFile("hold", "");
        var held = hold.resolveSibling(hold.getFileName() + ".held");
        var hook = files().resolve(".git/cleanroom/hooks/post-index-change");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, """
                #!/bin/sh
                [ -e "$GIT_DIR/restored" ] || exit 0
                : > '%s'
                while [ -e '%s' ]; do sleep 0.02; done
                """.formatted(held, hold));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (var threads = Executors.newSingleThreadExecutor()) {
            var restored = threads.submit(() -> restore(Map.of("commit", room.base())));
            Room.await("the restore", () -> Files.exists(held));
            room.owner()
                    .request()
                    .body(Map.of("text", "read README.md"))
                    .post(room.address("/prompts"))
                    .then()
                    .statusCode(202);
            Thread.sleep(500); // a turn that does not wait starts within some ms
            Files.delete(hold);
            restored.get().statusCode(200);
        }

        Room.await("the turn's end", () -> !room.events(TurnEnded.class).isEmpty());
        assertThat(log.read(room.session()).stream()
                        .map(logged -> logged.event())
                        .map(Object::getClass))
                .containsSubsequence(Rewound.class, PromptSubmitted.class, CheckpointTaken.class, TurnStarted.class);
    }

    private ValidatableResponse restore(Map<String, ?> where) {
        return room.owner().request().body(where).post(room.address("/restore")).then();
    }

    /** @return the commit */
    private String take() throws Exception {
        workspaces.open(room.session()).checkpointAndLog();
        return room.events(CheckpointTaken.class).getLast().commit();
    }

    private UUID beginTurn(UUID prompt) {
        var turn = UUID.randomUUID();
        append(new PromptSubmitted(prompt, "change it", null, null));
        append(new TurnStarted(turn, prompt, "tour/guide", "default"));
        return turn;
    }

    private void endTurn(UUID turn) {
        append(new TurnEnded(turn, Reason.ANSWERED, null));
    }

    private void append(SessionEvent event) {
        log.append(room.session(), Actor.AGENT, List.of(Entry.of(event)));
    }

    private String branch() {
        return refs.resolve(room.project(), "refs/heads/session/" + room.session())
                .orElseThrow();
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }
}
