package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.git.Refs;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that goes on from inside of another one. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class ForkTest {
    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    @Inject
    AgroalDataSource database;

    @Inject
    Refs refs;

    private Room room;
    private Somebody other;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n"));
        other = TestPeople.member("Eve");
        TestProject.addMember(room.owner(), room.project(), other, "editor");
        mode(room);
    }

    @Test
    void hasTheSameHistoryAndFilesUpToThereAndBothGoOnByThemselves() throws Exception {
        turn(room, 1, "write a.txt: one");
        turn(room, 2, "run echo two > a.txt; echo said");
        turn(room, 3, "run echo three > a.txt");
        long second = ends(room).get(1);

        var fork = fork(other, second, Map.of("title", "Another way"));

        assertThat(fork.project()).isEqualTo(room.project());
        assertThat(events(fork).subList(0, (int) second)).isEqualTo(events(room).subList(0, (int) second));
        assertThat(events(fork)).hasSize((int) second + 1);
        assertThat(events(fork).getLast().path("type").asText()).isEqualTo("forked");
        assertThat(log.read(fork.session()).subList(0, (int) second))
                .isEqualTo(log.read(room.session()).subList(0, (int) second)); // replay data as well
        other.request()
                .get(fork.address(""))
                .then()
                .body("title", equalTo("Another way"))
                .body("status", equalTo("idle"))
                .body("mode", equalTo("default"))
                .body("baseCommit", equalTo(room.base()))
                .body("forkedFrom.session", equalTo(room.session().toString()))
                .body("forkedFrom.sequence", equalTo((int) second));
        other.request().get(room.address("")).then().body("forkedFrom", nullValue());
        assertThat(new String(fork.get("a.txt"))).isEqualTo("two\n"); // no sandbox runs yet
        var command = room.events(ToolCalled.class).get(1).callId();
        assertThat(other.request()
                        .get(fork.address("/calls/" + command + "/output"))
                        .asString())
                .isEqualTo("said\n");

        mode(fork);
        turn(fork, 3, "run cat a.txt");
        turn(room, 4, "write b.txt: here");
        assertThat(Files.readString(sandboxes.of(fork.session()).workspace().resolve("a.txt")))
                .isEqualTo("two\n");
        assertThat(Files.exists(sandboxes.of(fork.session()).workspace().resolve("b.txt")))
                .isFalse();
        assertThat(Files.readString(sandboxes.of(room.session()).workspace().resolve("a.txt")))
                .isEqualTo("three\n");
        assertThat(fork.events(SandboxLost.class)).isEmpty();
    }

    @Test
    void endsWhatRanThereAndWithdrawsWhatWaitedWhileTheParentRunsOn() throws Exception {
        turn(room, 1, "write a.txt: one");
        prompt(room, "run echo begun > begun.txt; while [ ! -e go ]; do sleep 0.05; done");
        workspaces.open(room.session());
        var files = sandboxes.of(room.session()).workspace();
        Room.await("the command", () -> Files.exists(files.resolve("begun.txt")));
        prompt(room, "write c.txt: waited");
        long now = events(room).size();

        var fork = fork(other, now, Map.of());

        assertThat(events(fork).subList((int) now, events(fork).size()))
                .extracting(event -> event.path("type").asText())
                .containsExactly("tool-returned", "turn-ended", "prompt-changed", "forked");
        assertThat(fork.events(TurnEnded.class).getLast().reason().name()).isEqualTo("INTERRUPTED");
        mode(fork);
        turn(fork, 3, "run ls");
        assertThat(fork.events(TurnStarted.class)).hasSize(3);
        assertThat(Files.exists(sandboxes.of(fork.session()).workspace().resolve("c.txt")))
                .isFalse();
        Files.writeString(files.resolve("go"), "");
        Room.await("the parent's turns", () -> room.events(TurnEnded.class).size() == 3);
        assertThat(files.resolve("c.txt")).exists();
    }

    @Test
    void refusesWhoMayNotMakeASessionAndWhatIsNoPlace() throws Exception {
        var watcher = TestPeople.member("Eve");
        TestProject.addMember(room.owner(), room.project(), watcher, "viewer");

        asked(watcher, Map.of("sequence", 0)).statusCode(403);
        asked(other, Map.of("sequence", 1_000)).statusCode(400).body("type", equalTo("session.fork-place"));
        asked(other, Map.of()).statusCode(400).body("type", equalTo("session.fork-place"));
        String fork =
                asked(other, Map.of("sequence", 0)).statusCode(201).extract().path("id");
        String title =
                room.owner().request().get(room.address("")).then().extract().path("title");
        other.request().get("/api/v1/sessions/" + fork).then().body("title", equalTo((title + " (fork)").strip()));
    }

    private ValidatableResponse asked(Somebody who, Map<String, ?> body) {
        return who.request().body(body).post(room.address("/fork")).then();
    }

    private Room fork(Somebody who, long sequence, Map<String, ?> more) {
        var body = new java.util.HashMap<String, Object>(more);
        body.put("sequence", sequence);
        String id = asked(who, body).statusCode(201).extract().path("id");
        return new Room(who, room.project(), UUID.fromString(id), room.source(), room.base());
    }

    @Test
    void leavesNothingBehindWhereItCannotBeMade() throws Exception {
        turn(room, 1, "write a.txt: one");
        execute(
                "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;"
                        + " create trigger refuse before insert on session_event for each row when (new.type = 'forked')"
                        + " execute function refuse();"
                        + " create trigger refuse before insert on session for each row when (new.title = 'refused')"
                        + " execute function refuse()");
        var before = branches();
        try {
            asked(other, Map.of("sequence", 3)).statusCode(500);
            other.request()
                    .body(Map.of("title", "refused", "base", "work"))
                    .post("/api/v1/projects/" + room.project() + "/sessions")
                    .then()
                    .statusCode(500);
        } finally {
            execute("drop trigger refuse on session_event; drop trigger refuse on session; drop function refuse");
        }

        assertThat(branches()).isEqualTo(before);
    }

    private List<String> branches() {
        return refs.list(room.project(), Refs.HEADS).stream().map(Refs.At::name).toList();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void mode(Room room) {
        room.owner()
                .request()
                .body(Map.of("mode", "bypassPermissions"))
                .patch(room.address(""))
                .then()
                .statusCode(200);
    }

    private void turn(Room room, int number, String text) throws Exception {
        prompt(room, text);
        Room.await("the end of " + text, () -> room.events(TurnEnded.class).size() == number);
    }

    private void prompt(Room room, String text) {
        room.owner()
                .request()
                .body(Map.of("text", text))
                .post(room.address("/prompts"))
                .then()
                .statusCode(202);
    }

    /** Sequences of the turns' ends. */
    private List<Long> ends(Room room) {
        return log.read(room.session()).stream()
                .filter(logged -> logged.event() instanceof TurnEnded)
                .map(logged -> logged.sequence())
                .toList();
    }

    private static List<JsonNode> events(Room room) throws Exception {
        var events = new ArrayList<JsonNode>();
        new ObjectMapper()
                .readTree(room.owner()
                        .request()
                        .get(room.address("/events?limit=5000"))
                        .asString())
                .forEach(events::add);
        return events;
    }
}
