package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.git.History;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.LeftOut;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.workspace.Checkpoints.Label;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a checkpoint is taken, what it says, and who may take it. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class CheckpointsTest {
    private static final Label SOME = new Label(Optional.empty(), "some");

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    @Inject
    SessionStore sessions;

    @Inject
    History history;

    @Inject
    AgroalDataSource database;

    private Room room;
    private OpenWorkspace workspace;

    @BeforeEach
    void openOne() throws Exception {
        room = Room.with(
                TestPeople.administrator(), Map.of("README.md", "hello\n", "src/a", "a\n", ".gitignore", "build/\n"));
        workspace = workspaces.open(room.session());
        workspace.checkpointQuietly(); // the first look is over
    }

    @Test
    void areTakenAlsoWhileEditsGoOnWithoutAPause() throws Exception {
        var file = files().resolve("endless");
        var writer = new ProcessBuilder("sh", "-c", "while :; do echo x >> \"$0\"; sleep 0.1; done", file.toString())
                .start();
        try {
            var commits = new HashSet<String>();

            Room.await("three checkpoints among the edits", () -> {
                room.newest().ifPresent(commits::add);
                return commits.size() >= 3 && writer.isAlive();
            });
        } finally {
            writer.destroyForcibly();
        }
    }

    @Test
    void takeWhatOneThatFailedSawAlsoIfNothingChangesAgain() throws Exception {
        execute("create sequence refused; create function refuse() returns trigger language plpgsql as"
                + " $$ begin perform nextval('refused'); raise exception 'no room'; end $$;"
                + " create trigger refuse before insert or update on git_ref for each row"
                + " when (new.name like '%" + room.session() + "%') execute function refuse()");
        try {
            Files.writeString(files().resolve("seen"), "s");
            Eventually.isTrue(() -> rows("select is_called::int from refused") == 1);
        } finally {
            execute("drop trigger refuse on git_ref; drop function refuse; drop sequence refused");
        }

        Room.await("the next one", () -> room.isKept("seen"));
    }

    @Test
    void ofPeopleAreInTheLogBeforeTheAgentsAndPartedFromIt() throws Exception {
        room.put("hers.txt", "h").statusCode(201);
        workspace.checkpointPeople();
        Files.writeString(files().resolve("its.txt"), "i");
        Files.move(files().resolve("src"), files().resolve("lib"));
        var agents = workspace.checkpoint("Bash: make its.txt").orElseThrow();

        assertThat(paths(agents)).containsExactlyInAnyOrder("its.txt", "src/a", "lib/a");
        var taken = log.read(room.session()).stream()
                .filter(logged -> logged.event() instanceof CheckpointTaken)
                .toList();
        assertThat(taken).hasSize(2);
        assertThat(taken.getLast().actor()).isEqualTo(Actor.AGENT);
        assertThat(taken.getFirst().actor())
                .isEqualTo(new Actor(
                        Actor.Kind.person, room.owner().id(), room.owner().name()));
        assertThat(paths((CheckpointTaken) taken.getFirst().event())).containsExactly("hers.txt");
    }

    @Test
    void nameWhoSavedAlsoWhereSomebodyElseEditsNextAndNobodyWhereNobodyIsKnown() throws Exception {
        var eve = person("Eve");
        var ida = person("Ida");
        write("by-eve");
        workspace.savedBy(eve);
        workspace.edit(ida, "Made by Ida", () -> write("by-ida"));
        write("by-both");
        workspace.savedBy(eve);
        workspace.savedBy(ida);
        workspace.checkpointAndLog();
        write("by-a-command");
        workspace.checkpointAndLog();

        assertThat(log.read(room.session()).stream()
                        .filter(logged -> logged.event() instanceof CheckpointTaken)
                        .map(logged -> Map.entry(paths((CheckpointTaken) logged.event()), logged.actor())))
                .containsExactly(
                        Map.entry(List.of("by-eve"), eve),
                        Map.entry(List.of("by-ida"), ida),
                        Map.entry(List.of("by-both"), new Actor(Actor.Kind.system, null, "Eve, Ida")),
                        Map.entry(List.of("by-a-command"), Actor.SYSTEM));
    }

    private void write(String name) {
        try {
            Files.writeString(files().resolve(name), name);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Actor person(String name) {
        return new Actor(Actor.Kind.person, UUID.randomUUID(), name);
    }

    @Test
    void ofTheAgentTellAllThatWasTakenQuietlyWhileItsCallRan() throws Exception {
        workspace.checkpointPeople();
        Files.writeString(files().resolve("early"), "e");
        Room.await("a quiet checkpoint", () -> room.isKept("early"));
        Files.writeString(files().resolve("late"), "l");

        assertThat(paths(workspace.checkpoint("Bash: a long one").orElseThrow()))
                .containsExactlyInAnyOrder("early", "late");
        assertThat(workspace.checkpoint("nothing new")).isEmpty();
    }

    @Test
    void ofACleanTreeRunNothingInTheSandbox() throws Exception {
        var shadow = files().resolve(".git/cleanroom"); // whoever misses it makes it again

        Room.await("a checkpoint that does not look there", () -> {
            try {
                workspace.checkpointPeople();
                Files.move(shadow, Files.createTempDirectory("away").resolve("shadow"));
                workspace.checkpointPeople();
                return !Files.exists(shadow);
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    @Test
    void sayWhichFilesTheyLeaveOut() throws Exception {
        try (var large = new RandomAccessFile(files().resolve("large\nfile").toFile(), "rw")) {
            large.setLength(100_000_000);
        }

        var first = workspace.checkpoint("make it").orElseThrow();
        Files.writeString(files().resolve("small"), "s");
        var second = workspace.checkpoint("another").orElseThrow();
        Files.delete(files().resolve("large\nfile"));
        var third = workspace.checkpoint("delete it").orElseThrow();

        var left = List.of(new LeftOut("large\nfile", 100_000_000));
        assertThat(first).isEqualTo(new CheckpointTaken(first.commit(), List.of(), left));
        assertThat(paths(second)).containsExactly("small");
        assertThat(second.leftOut()).isEqualTo(left);
        assertThat(third).isEqualTo(new CheckpointTaken(third.commit(), List.of()));
        assertThat(history.note(room.project(), second.commit()).message())
                .startsWith("another\n\nCleanroom-Sequence: ")
                .endsWith("Cleanroom-Left-Out: 100000000 large?file\n");
    }

    @Test
    void keepSubmodulesAndRepositoriesWithinRepositoriesFileByFile() throws Exception {
        var inner = LocalGit.init(files().resolve("one/two"));
        inner.write("in", "in\n").commit("inner");
        LocalGit.init(files().resolve("one/two/three")).write("deep", "deep\n").commit("deeper");
        var git = LocalGit.in(files());
        git.run("update-index", "--add", "--cacheinfo", "160000," + room.base() + ",module");
        git.run("commit", "-qm", "a submodule");
        LocalGit.init(files().resolve("module")).write("used", "used\n").commit("its own");

        workspace.checkpoint("test");

        assertThat(room.isKept("one/two/in", "in\n")).isTrue();
        assertThat(room.isKept("one/two/three/deep", "deep\n")).isTrue();
        assertThat(room.isKept("module/used", "used\n")).isTrue();
    }

    /** Git names no ignored file from the first path inside a submodule on: it fails there. */
    @Test
    void leaveOutWhatIsIgnoredBesideASubmodule() throws Exception {
        var git = LocalGit.in(files());
        git.run("update-index", "--add", "--cacheinfo", "160000," + room.base() + ",module");
        git.run("commit", "-qm", "a submodule");
        LocalGit.init(files().resolve("module")).write("used", "used\n").commit("its own");
        Files.writeString(files().resolve(".gitignore"), ".env\n");
        workspace.checkpoint("a submodule");
        for (int round = 0; round < 3; round++) {
            Files.writeString(files().resolve("module/used"), "changed " + round);
            Files.writeString(files().resolve(".env"), "KEY=" + round);
            Files.writeString(files().resolve("seen"), "s" + round);

            assertThat(paths(workspace.checkpoint("round " + round).orElseThrow()))
                    .containsExactlyInAnyOrder("module/used", "seen");
        }
        assertThat(room.isKept(".env")).isFalse();
    }

    @Test
    void leaveOutWhatASaveIsAboutToRename() throws Exception {
        Files.writeString(files().resolve(".cleanroom-c2e64c67bf48ee0b.tmp"), "half of it");
        Files.writeString(files().resolve("whole"), "all of it");
        workspace.lookAgain();

        assertThat(paths(workspace.checkpoint("a save is under way").orElseThrow()))
                .containsExactly("whole");
    }

    @Test
    void thatTheLogRefusesAreToldItTheNextTime() throws Exception {
        workspace.checkpointQuietly();
        workspace.close(); // two at once disturb each other, and try again
        Files.writeString(files().resolve("first"), "1");
        var checkpoints = room.checkpoints(sandboxes.of(room.session()).sandbox());
        checkpoints.changes().changedAnywhere();
        assertThatThrownBy(() -> checkpoints.takeForLog(people -> SOME, taken -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");
        Files.writeString(files().resolve("second"), "2");
        checkpoints.changes().changedAnywhere();

        assertThat(paths(checkpoints.takeForLog(people -> SOME, taken -> {}).orElseThrow()))
                .containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void afterARewindThatChangedNothingAreNotUndoneByTheNextOpening() throws Exception {
        Files.writeString(files().resolve("early"), "e");
        var commit = workspace.checkpoint("early").orElseThrow().commit();
        workspace.restore(
                new Actor(Actor.Kind.person, room.owner().id(), room.owner().name()),
                previous -> new Rewound(null, commit, previous, null, null),
                commit);
        workspace.close();
        Files.writeString(files().resolve("late"), "written while no server was there");

        workspaces.open(room.session());

        assertThat(files().resolve("late")).exists();
    }

    @Test
    void areOneServersAtATime() throws Exception {
        var other = room.checkpoints(sandboxes.of(room.session()).sandbox());
        Files.writeString(files().resolve("contested"), "c");

        assertThatThrownBy(() -> workspace.checkpoint("of the first server"))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("Another server");
        assertThat(workspace.isClosed()).isTrue();
        assertThat(room.newest()).isEmpty();

        other.take(people -> SOME);
        assertThat(room.isKept("contested")).isTrue();
    }

    @Test
    void bringALostSandboxBackByThemselvesWhileATurnRuns() throws Exception {
        var prompt = UUID.randomUUID();
        Files.writeString(files().resolve("kept"), "k");
        workspace.checkpointQuietly();
        log.append(
                room.session(),
                Actor.AGENT,
                List.of(
                        Entry.of(new PromptSubmitted(prompt, "go on", null, null)),
                        Entry.once(new TurnStarted(UUID.randomUUID(), prompt, "tour/tour", "default"), prompt)));
        long before = sessions.find(room.session()).orElseThrow().sequence();
        var newest = room.newest();

        sandboxes.lose(room.session());

        Room.await("the sandbox", () -> !room.events(SandboxRestored.class).isEmpty());
        assertThat(Files.readString(files().resolve("kept"))).isEqualTo("k");
        assertThat(room.events(SandboxLost.class)).hasSize(1);
        assertThat(room.events(SandboxRestored.class)).singleElement().satisfies(restored -> {
            assertThat(restored.checkpoint()).isEqualTo(newest.orElseThrow());
            assertThat(restored.sequence()).isLessThan(before); // it was taken before the turn began
        });
    }

    @Test
    void keepIgnoredFilesSealedWhereTheProjectWantsIt() throws Exception {
        Files.writeString(files().resolve(".gitignore"), ".env\n*.db\nbuild/\n");
        workspace.checkpoint("ignore them");
        keep(List.of(".env", "data/*.db")).statusCode(200).body("patterns", contains(".env", "data/*.db"));
        Files.createDirectory(files().resolve("data"));
        Files.writeString(files().resolve("data/one.db"), "rows");
        Files.writeString(files().resolve("data/other.txt"), "t");
        Files.writeString(files().resolve(".env"), "KEY=first-secret");
        Files.setPosixFilePermissions(files().resolve(".env"), PosixFilePermissions.fromString("rw-------"));
        var first = workspace.checkpoint("first").orElseThrow();
        Files.writeString(files().resolve(".env"), "KEY=second-secret");
        var second = workspace.checkpoint("only what git ignores").orElseThrow();

        assertThat(second.files()).isEmpty();
        assertThat(room.isKept(".env")).isFalse();
        assertThat(rows("select count(*) from kept_file where sealed like '%secret%'"))
                .isEqualTo(0);
        assertThat(rows("select count(*) from kept_file where session = '" + room.session() + "'"))
                .isEqualTo(3);

        workspace.restore(
                new Actor(Actor.Kind.person, room.owner().id(), room.owner().name()),
                previous -> new Rewound(null, first.commit(), previous, null, null),
                first.commit());
        assertThat(Files.readString(files().resolve(".env"))).isEqualTo("KEY=first-secret");

        sandboxes.lose(room.session());
        workspace = workspaces.open(room.session());
        assertThat(Files.readString(files().resolve(".env"))).isEqualTo("KEY=first-secret");
        assertThat(Files.getPosixFilePermissions(files().resolve(".env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(files().resolve("data/one.db"))).isEqualTo("rows");
        assertThat(workspace.checkpoint("nothing new")).isEmpty();
    }

    /** Git gives up at the first path behind a symbolic link or in a submodule. */
    @Test
    void keepIgnoredFilesAlsoWhereOthersAreBehindALinkOrInASubmodule() throws Exception {
        LocalGit.in(files()).run("update-index", "--add", "--cacheinfo", "160000," + room.base() + ",a-module");
        for (var folder : List.of("a-folder", "a-module", "z-folder")) {
            Files.createDirectory(files().resolve(folder));
            Files.writeString(files().resolve(folder + "/.env"), folder);
        }
        Files.createSymbolicLink(files().resolve("a-link"), Path.of("a-folder"));
        Files.createDirectory(files().resolve("tracked"));
        Files.writeString(files().resolve("tracked/.env"), "known to git");
        LocalGit.in(files()).run("add", "tracked/.env");
        Files.writeString(files().resolve(".gitignore"), ".env\n");
        workspace.checkpoint("ignore them");
        keep(List.of("*/.env")).statusCode(200);

        Files.writeString(files().resolve("seen"), "s");
        workspace.checkpoint("keep them");

        assertThat(rows("select count(*) from kept_file where session = '" + room.session() + "'"))
                .isEqualTo(3);
        sandboxes.lose(room.session());
        workspaces.open(room.session());
        for (var folder : List.of("a-folder", "a-module", "z-folder")) {
            assertThat(Files.readString(files().resolve(folder + "/.env"))).isEqualTo(folder);
        }
    }

    @Test
    void takeIgnoredFilesWithoutBeingTold() throws Exception {
        keep(List.of("build/cache.db")).statusCode(200);
        Room.await("a first checkpoint", () -> room.newest().isPresent()); // that there is nothing to keep yet
        var before = room.newest();
        Files.createDirectory(files().resolve("build"));
        Files.writeString(files().resolve("build/cache.db"), "rows");

        Room.await("a checkpoint of it", () -> !room.newest().equals(before));

        sandboxes.lose(room.session());
        workspaces.open(room.session());
        assertThat(Files.readString(files().resolve("build/cache.db"))).isEqualTo("rows");
    }

    @Test
    void refusePatternsThatLeadOutOfTheProject() {
        for (var pattern :
                List.of("/etc/passwd", "../x", "a/../b", ".git/config", "**/.env", "a\nb", "x".repeat(201))) {
            keep(List.of(pattern)).statusCode(400).body("type", equalTo("project.kept-files"));
        }
        keep(Collections.nCopies(21, "x").stream()
                        .map(each -> each + UUID.randomUUID())
                        .toList())
                .statusCode(400)
                .body("detail", containsString("At most 20"));
        TestPeople.member("Mallory")
                .request()
                .body(Map.of("patterns", List.of(".env")))
                .put("/api/v1/projects/" + room.project() + "/kept-files")
                .then()
                .statusCode(404);
    }

    private ValidatableResponse keep(List<String> patterns) {
        return room.owner()
                .request()
                .body(Map.of("patterns", patterns))
                .put("/api/v1/projects/" + room.project() + "/kept-files")
                .then();
    }

    private void execute(String sql) throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long rows(String sql) throws Exception {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }

    private static List<String> paths(CheckpointTaken taken) {
        return taken.files().stream().map(ChangedFile::path).toList();
    }
}
