package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files and conversation set back through REST, between turns of the tour model. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class RewindTest {
    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n"));
        room.owner()
                .request()
                .body(Map.of("mode", "bypassPermissions"))
                .patch(room.address(""))
                .then()
                .statusCode(200);
    }

    @Test
    void saysWhatChangesThenSetsBothBackAndIsUndoneByItself() throws Exception {
        turn(1, "write a.txt: one");
        turn(2, "write a.txt: two");
        workspaces.open(room.session());
        room.put("b.txt", "Ana's\n").statusCode(201);
        long second = started(2) - 1;

        preview(second)
                .statusCode(200)
                .body("files.path", contains("a.txt", "b.txt"))
                .body("files.find { it.path == 'b.txt' }.kind", equalTo("deleted"))
                .body(
                        "files.find { it.path == 'b.txt' }.editedBy",
                        contains(room.owner().name()))
                .body("files.find { it.path == 'a.txt' }.editedBy", empty())
                .body("cut.prompts.text", contains("write a.txt: two"))
                .body("cut.steps", greaterThan(0))
                .body("back", nullValue())
                .body("running", equalTo(false));
        int sequence = rewind(second, true, true)
                .statusCode(200)
                .body("toSequence", equalTo((int) second))
                .body("files.path", contains("a.txt", "b.txt"))
                .extract()
                .path("sequence");

        assertThat(read("a.txt")).isEqualTo("one\n");
        assertThat(files().resolve("b.txt")).doesNotExist();
        assertThat(tokens()).isPositive();
        long shorter = tokens();
        preview(sequence - 1)
                .body("back.prompts.text", contains("write a.txt: two"))
                .body("cut.prompts", empty());
        rewind(sequence - 1, true, true).statusCode(200);
        assertThat(read("a.txt")).isEqualTo("two\n");
        assertThat(read("b.txt")).isEqualTo("Ana's\n");
        assertThat(tokens()).isGreaterThan(shorter);
    }

    @Test
    void setsBackTheConversationAloneWithoutASandboxAndFilesAloneWithTheConversationKept() throws Exception {
        turn(1, "write a.txt: one");
        long whole = tokens();
        sandboxes.destroy(room.session());

        rewind(0, false, true).statusCode(200).body("files", empty()).body("previous", nullValue());

        assertThat(sandboxes.running(room.session())).isEmpty();
        assertThat(tokens()).isLessThan(whole);
        rewind(newest(Rewound.class).sequence() - 1, false, true).statusCode(200);
        assertThat(tokens()).isEqualTo(whole);
        rewind(0, true, false).statusCode(200);
        assertThat(files().resolve("a.txt")).doesNotExist();
        assertThat(tokens()).isGreaterThanOrEqualTo(whole);
    }

    @Test
    void stopsARunningTurnFirstAndAPromptThatWaitsGoesOnAfterwards() throws Exception {
        turn(1, "write a.txt: one");
        prompt("run echo begun > begun.txt; sleep 300");
        workspaces.open(room.session());
        Room.await("the command", () -> Files.exists(files().resolve("begun.txt")));
        prompt("say still here");

        rewind(started(2) - 1, true, true).statusCode(200).body("waiting", equalTo(1));

        Room.await("the turn of what waited", () -> room.events(TurnEnded.class).size() == 3);
        assertThat(room.events(TurnEnded.class))
                .extracting(TurnEnded::reason)
                .containsExactly(Reason.ANSWERED, Reason.INTERRUPTED, Reason.ANSWERED);
        assertThat(room.events(TextFinished.class).getLast().text()).contains("still here");
        assertThat(files().resolve("begun.txt")).doesNotExist();
        assertThat(log.read(room.session()))
                .extracting(logged -> logged.event().getClass().getSimpleName())
                .containsSubsequence("InterruptRequested", "TurnEnded", "Rewound", "TurnStarted", "TurnEnded");
    }

    @Test
    void ofTwoPeopleAtOnceOneComesAfterTheOther() throws Exception {
        turn(1, "write a.txt: one");
        turn(2, "write a.txt: two");
        long first = started(1) - 1;
        long second = started(2) - 1;
        var other = TestPeople.member("Eve");
        TestProject.addMember(room.owner(), room.project(), other, "editor");

        try (var threads = Executors.newFixedThreadPool(2)) {
            var both = threads.invokeAll(List.<Callable<Integer>>of(
                    () -> rewind(room.owner(), first, true, true).extract().statusCode(),
                    () -> rewind(other, second, true, true).extract().statusCode()));
            for (var each : both) {
                assertThat(each.get()).isEqualTo(200);
            }
        }

        var rewound = room.events(Rewound.class);
        assertThat(rewound).hasSize(2);
        if (rewound.getLast().toSequence() == second) {
            assertThat(read("a.txt")).isEqualTo("one\n");
        } else {
            assertThat(files().resolve("a.txt")).doesNotExist();
        }
    }

    @Test
    void isFinishedByWhoOpensTheWorkspaceWhereTheServerDiedBetweenTheEventAndTheFiles() throws Exception {
        turn(1, "write a.txt: one");
        turn(2, "write a.txt: two");
        var checkpoints = room.events(CheckpointTaken.class);
        var one = checkpoints.get(0).commit();
        var two = checkpoints.get(1).commit();
        var rewound = new Rewound(null, one, two, started(2) - 1, true);
        log.append(room.session(), new Actor(Actor.Kind.person, room.owner().id(), "Ana"), List.of(Entry.of(rewound)));
        sandboxes.destroy(room.session());

        workspaces.open(room.session());

        assertThat(read("a.txt")).isEqualTo("one\n");
        sandboxes.destroy(room.session());
        workspaces.open(room.session());
        LocalGit.in(files()).write("a.txt", "three");
        workspaces.open(room.session()).checkpointAndLog();
        sandboxes.destroy(room.session());
        workspaces.open(room.session());
        assertThat(read("a.txt")).isEqualTo("three");
    }

    @Test
    void goesOnFromAStepInsideOfATurn() throws Exception {
        turn(1, "write a.txt: one then write b.txt: two");
        long called = log.read(room.session()).stream()
                .filter(logged -> logged.event() instanceof ToolCalled)
                .toList()
                .getFirst()
                .sequence();
        long checkpoint = log.read(room.session()).stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken)
                .toList()
                .getFirst()
                .sequence();
        rewind(called, false, true).statusCode(200).body("toSequence", equalTo((int) called + 1));

        rewind(checkpoint, true, true).statusCode(200);

        assertThat(read("a.txt")).isEqualTo("one\n");
        assertThat(files().resolve("b.txt")).doesNotExist();
        var turn = room.events(TurnStarted.class).getFirst().turnId();
        room.owner()
                .request()
                .post(room.address("/turns/" + turn + "/continue"))
                .then()
                .statusCode(202);
        Room.await("its end", () -> room.events(TurnEnded.class).size() == 2);
    }

    @Test
    void refusesWhoOnlyWatchesAndWhatIsNoPlace() throws Exception {
        turn(1, "say hello");
        int size = log.read(room.session()).size();
        var watcher = TestPeople.member("Eve");
        TestProject.addMember(room.owner(), room.project(), watcher, "viewer");

        rewind(watcher, 0, true, true).statusCode(403).body("type", equalTo("session.role"));
        rewind(size + 1, true, true).statusCode(400).body("type", equalTo("session.rewind-place"));
        rewind(0, false, false).statusCode(400).body("type", equalTo("session.rewind"));
        preview(-1).statusCode(400).body("type", equalTo("session.rewind-place"));
        assertThat(room.events(Rewound.class)).isEmpty();
    }

    private void turn(int number, String text) throws Exception {
        prompt(text);
        Room.await("the end of " + text, () -> room.events(TurnEnded.class).size() == number);
    }

    private void prompt(String text) {
        room.owner()
                .request()
                .body(Map.of("text", text))
                .post(room.address("/prompts"))
                .then()
                .statusCode(202);
    }

    /** Sequence of the n-th turn's start, from 1. */
    private long started(int turn) {
        return log.read(room.session()).stream()
                .filter(logged -> logged.event() instanceof TurnStarted)
                .toList()
                .get(turn - 1)
                .sequence();
    }

    private Logged newest(Class<?> type) {
        return log.read(room.session()).reversed().stream()
                .filter(logged -> type.isInstance(logged.event()))
                .findFirst()
                .orElseThrow();
    }

    /** Of the next request, by the server's own count. */
    private long tokens() {
        return room.owner().request().get(room.address("/context")).jsonPath().getLong("used");
    }

    private ValidatableResponse preview(long to) {
        return room.owner().request().get(room.address("/rewind?to=" + to)).then();
    }

    private ValidatableResponse rewind(long to, boolean files, boolean conversation) {
        return rewind(room.owner(), to, files, conversation);
    }

    private ValidatableResponse rewind(Somebody who, long to, boolean files, boolean conversation) {
        return who.request()
                .body(Map.of("toSequence", to, "files", files, "conversation", conversation))
                .post(room.address("/rewind"))
                .then();
    }

    private String read(String path) throws IOException {
        return Files.readString(files().resolve(path));
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }
}
