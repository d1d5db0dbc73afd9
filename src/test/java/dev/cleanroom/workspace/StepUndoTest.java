package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One step taken back while later changes stay. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class StepUndoTest {
    private static final String TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    private Room room;
    private LocalGit git;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(
                TestPeople.administrator(),
                Map.of("text.txt", TEXT, "gone.txt", "gone\n", "old name.txt", "moved\n", "run.sh", "echo\n"));
        workspaces.open(room.session());
        git = LocalGit.in(files());
    }

    @Test
    void keepsWhatCameLaterAndIsUndoneByRestoringWhatWasThere() throws Exception {
        git.write("text.txt", TEXT.replace("two", "TWO"))
                .write("new.txt", "new\n")
                .write("crlf.txt", "a\r\nb\r\n");
        Files.write(files().resolve("bytes"), new byte[] {0, 1, (byte) 0xff});
        Files.delete(files().resolve("gone.txt"));
        Files.move(files().resolve("old name.txt"), files().resolve("new name.txt"));
        Files.setPosixFilePermissions(files().resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(files().resolve("link"), Path.of("run.sh"));
        var step = take();
        git.write("text.txt", TEXT.replace("two", "TWO").replace("six", "SIX")).write("later.txt", "later\n");
        take();
        git.write("text.txt", TEXT.replace("two", "TWO").replace("six", "SIX").replace("seven", "SEVEN"));

        diff(step)
                .statusCode(200)
                .body(
                        "files.path",
                        containsInAnyOrder(
                                "bytes",
                                "crlf.txt",
                                "gone.txt",
                                "link",
                                "new name.txt",
                                "new.txt",
                                "old name.txt",
                                "run.sh",
                                "text.txt"));
        String previous = undo(step, Map.of())
                .statusCode(200)
                .body("done", equalTo(true))
                .body("conflicts", empty())
                .extract()
                .path("previous");

        assertThat(Files.readString(files().resolve("text.txt")))
                .isEqualTo(TEXT.replace("six", "SIX").replace("seven", "SEVEN"));
        assertThat(Files.readString(files().resolve("gone.txt"))).isEqualTo("gone\n");
        assertThat(Files.readString(files().resolve("old name.txt"))).isEqualTo("moved\n");
        assertThat(files().resolve("run.sh")).isRegularFile().isNotEmptyFile();
        assertThat(Files.isExecutable(files().resolve("run.sh"))).isFalse();
        for (var gone : List.of("new.txt", "crlf.txt", "bytes", "new name.txt", "link")) {
            assertThat(Files.exists(files().resolve(gone), java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .as(gone)
                    .isFalse();
        }
        assertThat(Files.readString(files().resolve("later.txt"))).isEqualTo("later\n");
        undo(step, Map.of()).statusCode(200).body("done", equalTo(true)).body("files", empty());

        room.owner()
                .request()
                .body(Map.of("commit", previous))
                .post(room.address("/restore"))
                .then()
                .statusCode(200);
        assertThat(Files.readString(files().resolve("text.txt"))).contains("TWO", "SEVEN");
        assertThat(Files.readString(files().resolve("crlf.txt"))).isEqualTo("a\r\nb\r\n");
        assertThat(Files.readAllBytes(files().resolve("bytes"))).containsExactly(0, 1, 0xff);
        assertThat(Files.readSymbolicLink(files().resolve("link"))).isEqualTo(Path.of("run.sh"));
    }

    @Test
    void writesNothingWhereBothChangedTheSameUntilAPersonSaysWhatShallBe() throws Exception {
        git.write("text.txt", TEXT.replace("two", "TWO")).write("other.txt", "made\n");
        Files.delete(files().resolve("gone.txt"));
        var step = take();
        git.write("text.txt", TEXT.replace("two", "2"))
                .write("gone.txt", "back\n")
                .write("other.txt", "changed\n");
        take();

        var told = undo(step, Map.of())
                .statusCode(200)
                .body("done", equalTo(false))
                .body("previous", nullValue())
                .body("conflicts.path", contains("gone.txt", "other.txt", "text.txt"))
                .body("conflicts[2].base", equalTo(TEXT.replace("two", "TWO")))
                .body("conflicts[2].ours", equalTo(TEXT.replace("two", "2")))
                .body("conflicts[2].theirs", equalTo(TEXT))
                .body("conflicts[1].theirs", nullValue())
                .extract()
                .jsonPath();
        assertThat(Files.readString(files().resolve("text.txt"))).isEqualTo(TEXT.replace("two", "2"));

        var answers = List.of(
                Map.of("path", "gone.txt", "now", told.getString("conflicts[0].now"), "take", "ours"),
                Map.of("path", "other.txt", "now", told.getString("conflicts[1].now"), "take", "theirs"),
                Map.of("path", "text.txt", "now", told.getString("conflicts[2].now"), "text", "solved\n"));
        git.write("text.txt", "moved on\n");
        undo(step, Map.of("answers", answers))
                .body("done", equalTo(false))
                .body("conflicts.path", contains("text.txt"));
        git.write("text.txt", TEXT.replace("two", "2"));
        undo(step, Map.of("answers", answers)).statusCode(200).body("done", equalTo(true));

        assertThat(Files.readString(files().resolve("text.txt"))).isEqualTo("solved\n");
        assertThat(Files.readString(files().resolve("gone.txt"))).isEqualTo("back\n");
        assertThat(files().resolve("other.txt")).doesNotExist();
    }

    @Test
    void writesMarkersWhereAPersonWantsThem() throws Exception {
        git.write("text.txt", TEXT.replace("two", "TWO"));
        var step = take();
        git.write("text.txt", TEXT.replace("two", "2"));

        undo(step, Map.of("markers", true)).statusCode(200).body("done", equalTo(true));

        assertThat(Files.readString(files().resolve("text.txt")))
                .isEqualTo(TEXT.replace("two\n", "<<<<<<< now\n2\n=======\ntwo\n>>>>>>> before the step\n"));
    }

    @Test
    void refusesWhileATurnRunsAndWhatIsNoCheckpoint() throws Exception {
        git.write("text.txt", "changed\n");
        var step = take();
        undo(room.base(), Map.of()).statusCode(404).body("type", equalTo("session.checkpoint-not-found"));
        diff(room.base()).statusCode(404).body("type", equalTo("session.checkpoint-not-found"));
        var started = new TurnStarted(UUID.randomUUID(), UUID.randomUUID(), "tour/guide", "default");
        log.append(room.session(), Actor.AGENT, List.of(Entry.of(started)));

        undo(step, Map.of()).statusCode(409).body("type", equalTo("session.turn-running"));
    }

    /** As the agent's. @return its commit */
    private String take() throws Exception {
        workspaces.open(room.session()).checkpoint("a step");
        return room.events(CheckpointTaken.class).getLast().commit();
    }

    private ValidatableResponse diff(String commit) {
        return room.owner()
                .request()
                .get(room.address("/checkpoints/" + commit + "/diff"))
                .then();
    }

    private ValidatableResponse undo(String commit, Map<String, ?> body) {
        return room.owner()
                .request()
                .body(body)
                .post(room.address("/checkpoints/" + commit + "/undo"))
                .then();
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }
}
