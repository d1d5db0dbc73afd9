package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.git.Refs;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class ChangesTest {
    private static final String ODD = "sp ace\tné \"w\".txt";
    private static final String TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n";

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    SessionLog log;

    @Inject
    Refs refs;

    private Room room;
    private LocalGit git;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(
                TestPeople.administrator(),
                Map.of(
                        "README.md",
                        "hello\n",
                        "numbers",
                        TEN,
                        "gone",
                        "g\n",
                        "crlf.txt",
                        "a\nb\n",
                        ".gitattributes",
                        "*.txt text eol=lf\n",
                        ".gitignore",
                        "build/\n"));
        workspaces.open(room.session());
        git = LocalGit.in(files());
    }

    @Test
    void showsWhatIsStagedAndWhatIsNotWithItsPatches() throws Exception {
        git.write("README.md", "staged\n").run("add", "README.md");
        git.write("README.md", "staged\nand more\n").write(ODD, "one\ntwo\n").write("build/x", "ignored");
        git.write("binary", new byte[] {0, 1, 2, 0}).run("rm", "-q", "--cached", "gone");
        Files.delete(files().resolve("numbers"));
        workspaces.open(room.session()).checkpointAndLog(); // changes nothing of it

        var status = status();

        assertThat(names(status, "staged")).containsExactlyInAnyOrder("README.md modified", "gone deleted");
        assertThat(names(status, "unstaged"))
                .containsExactlyInAnyOrder(
                        "README.md modified", ODD + " added", "binary added", "numbers deleted", "gone added");
        assertThat(status.getString("staged.find { it.path == 'README.md' }.patch"))
                .contains("-hello\n+staged\n")
                .doesNotContain("and more");
        assertThat(status.getString("unstaged.find { it.path == 'README.md' }.patch"))
                .contains(" staged\n+and more\n");
        Map<String, Object> odd = status.getMap("unstaged.find { it.path.contains('ace') }");
        assertThat(odd).containsEntry("added", 2).containsEntry("binary", false);
        assertThat((String) odd.get("patch")).endsWith("+one\n+two\n");
        assertThat(status.getBoolean("unstaged.find { it.path == 'binary' }.binary"))
                .isTrue();
        assertThat(status.getString("branch")).isEqualTo("session/" + room.session());
        assertThat(status.getString("head")).isEqualTo(room.base());
        assertThat(status.getString("base")).isEqualTo(room.base());
        assertThat(status.getString("author.email")).isEqualTo(room.owner().email());
        assertThat(status.<Object>get("remote")).isNull();
    }

    @Test
    void stagesAndUnstagesFilesWhateverTheyAreCalled() throws Exception {
        git.write("*.md", "a star\n").write("README.md", "changed\n").write("--all", "a dash\n");
        git.write(":(top)x", "magic\n").write("dir/in", "in a folder\n");

        post("stage", Map.of("paths", List.of("*.md", "--all", ":(top)x", "dir", "gone")))
                .statusCode(204);

        assertThat(names(status(), "staged"))
                .containsExactlyInAnyOrder("*.md added", "--all added", ":(top)x added", "dir/in added");
        post("stage", Map.of("paths", List.of("*.md", "dir"), "unstage", true)).statusCode(204);
        assertThat(names(status(), "staged")).containsExactlyInAnyOrder("--all added", ":(top)x added");
        assertThat(names(status(), "unstaged")).contains("*.md added", "README.md modified", "dir/in added");

        post("stage", Map.of("paths", List.of("nowhere"))).statusCode(404).body("type", equalTo("git.path"));
        post("stage", Map.of("paths", List.of("../out"))).statusCode(400).body("type", equalTo("file.path"));
        post("stage", Map.of()).statusCode(400).body("type", equalTo("git.selection"));
    }

    /** More than the list of changes tells, and more than a request could name. */
    @Test
    void stagesAndUnstagesAllHoweverManyTheyAre() throws Exception {
        for (int i = 0; i < 1_100; i++) {
            git.write("many/" + i, "x\n");
        }
        Files.delete(files().resolve("gone"));

        post("stage", Map.of("all", true)).statusCode(204);

        assertThat(git.run("status", "--porcelain").lines()).hasSize(1_101).allMatch(line -> line.matches("[AD]  .*"));
        post("stage", Map.of("all", true, "unstage", true)).statusCode(204);
        assertThat(git.run("diff", "--cached", "--name-only")).isEmpty();
    }

    @Test
    void stagesOneHunkAndRefusesOneThatDoesNotFit() throws Exception {
        git.write("numbers", TEN.replace("1\n2\n", "1\ntwo\n").replace("19\n", "nineteen\n"));
        var whole = status().getString("unstaged.find { it.path == 'numbers' }.patch");
        var first = whole.substring(0, whole.lastIndexOf("@@ -"));

        post("stage", Map.of("patch", first)).statusCode(204);

        assertThat(git.run("diff", "--cached")).contains("+two").doesNotContain("nineteen");
        post("stage", Map.of("patch", first)).statusCode(409).body("type", equalTo("git.patch-conflict"));
        post("stage", Map.of("patch", first, "unstage", true)).statusCode(204);
        assertThat(git.run("diff", "--cached")).isEmpty();
        post("stage", Map.of("patch", first.replace("numbers", "../../etc/x"))).statusCode(409);
    }

    @Test
    void bringsBackWhatWasDiscardedByteForByte() throws Exception {
        byte[] latin = "caf\u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1);
        git.write("crlf.txt", "a\r\nb\r\nc\r\n").write("new/deep/latin.txt", latin);
        git.write("binary", new byte[] {0, 1, (byte) 0xFF, 0})
                .write("utf8", "näh\n")
                .write("kept", "kept\n");
        Files.createSymbolicLink(files().resolve("link"), Path.of("README.md"));
        Files.writeString(files().resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(files().resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.delete(files().resolve("numbers"));
        git.write("README.md", "staged\n").run("add", "README.md");
        git.write("README.md", "staged\nnot staged\n");

        String undo = post(
                        "discard",
                        Map.of(
                                "paths",
                                List.of("crlf.txt", "new", "binary", "utf8", "link", "run.sh", "numbers", "README.md")))
                .statusCode(200)
                .extract()
                .path("patch");

        assertThat(names(status(), "unstaged")).containsExactly("kept added");
        assertThat(Files.readString(files().resolve("README.md"))).isEqualTo("staged\n");
        assertThat(Files.readString(files().resolve("crlf.txt"))).isEqualTo("a\nb\n");
        assertThat(files().resolve("new")).doesNotExist();
        assertThat(files().resolve("numbers")).exists();

        post("apply", Map.of("patch", undo)).statusCode(204);

        assertThat(Files.readAllBytes(files().resolve("new/deep/latin.txt"))).isEqualTo(latin);
        assertThat(Files.readString(files().resolve("crlf.txt"))).isEqualTo("a\r\nb\r\nc\r\n");
        assertThat(Files.readAllBytes(files().resolve("binary"))).isEqualTo(new byte[] {0, 1, (byte) 0xFF, 0});
        assertThat(Files.readString(files().resolve("utf8"))).isEqualTo("näh\n");
        assertThat(Files.readSymbolicLink(files().resolve("link"))).isEqualTo(Path.of("README.md"));
        assertThat(files().resolve("run.sh")).isExecutable();
        assertThat(files().resolve("numbers")).doesNotExist();
        assertThat(Files.readString(files().resolve("README.md"))).isEqualTo("staged\nnot staged\n");
        post("apply", Map.of("patch", undo)).statusCode(409).body("type", equalTo("git.patch-conflict"));
        post("apply", Map.of("patch", "nonsense")).statusCode(409);
        post("apply", Map.of()).statusCode(400).body("type", equalTo("git.patch"));
    }

    @Test
    void discardsOneHunk() throws Exception {
        git.write("numbers", TEN.replace("1\n2\n", "1\ntwo\n").replace("19\n", "nineteen\n"));
        var whole = status().getString("unstaged.find { it.path == 'numbers' }.patch");
        var first = whole.substring(0, whole.lastIndexOf("@@ -"));

        String undo = post("discard", Map.of("patch", first))
                .statusCode(200)
                .extract()
                .path("patch");

        assertThat(Files.readString(files().resolve("numbers"))).isEqualTo(TEN.replace("19\n", "nineteen\n"));
        post("apply", Map.of("patch", undo)).statusCode(204);
        assertThat(Files.readString(files().resolve("numbers")))
                .contains("two\n")
                .contains("nineteen\n");
    }

    @Test
    void logsWhatWasThereAlsoWhereNothingIsDiscarded() throws Exception {
        git.write("numbers", TEN.replace("1\n2\n", "1\ntwo\n"));
        var patch = status().getString("unstaged.find { it.path == 'numbers' }.patch");
        git.write("numbers", TEN.replace("1\n2\n", "1\n22\n"));

        post("discard", Map.of("patch", patch)).statusCode(409).body("type", equalTo("git.patch-conflict"));

        assertThat(room.events(CheckpointTaken.class).getLast().commit())
                .isEqualTo(refs.resolve(room.project(), "refs/cleanroom/session/" + room.session() + "/tree")
                        .orElseThrow());
    }

    @Test
    void leavesWhatItCouldNotBringBack() throws Exception {
        try (var large = new java.io.RandomAccessFile(files().resolve("large").toFile(), "rw")) {
            large.setLength(100_000_000);
        }
        git.write("small", "s\n");

        post("discard", Map.of("paths", List.of("large", "small")))
                .statusCode(413)
                .body("type", equalTo("git.discard-too-large"));

        assertThat(files().resolve("large")).exists();
        assertThat(files().resolve("small")).exists();
    }

    @Test
    void commitsWhatIsStagedInTheCallersNameAndTheAgentsWhereItHadAPart() throws Exception {
        git.write("agents.txt", "by the agent\n");
        workspaces.open(room.session()).checkpoint("Write agents.txt").orElseThrow();
        git.write("mine.txt", "by me\n");
        post("stage", Map.of("paths", List.of("mine.txt"))).statusCode(204);

        String mine = post("commits", Map.of("message", "Add mine\n\n# not a comment\n"))
                .statusCode(201)
                .body("branch", equalTo("session/" + room.session()))
                .extract()
                .path("commit");
        String agents = post("commits", Map.of("message", "Add the agent's", "all", true, "branch", "feature/one"))
                .statusCode(201)
                .body("branch", equalTo("feature/one"))
                .extract()
                .path("commit");

        var me = room.owner().name() + " <" + room.owner().email() + ">";
        assertThat(git.run("log", "-1", "--format=%an <%ae>|%cn <%ce>|%B", mine))
                .isEqualTo(me + "|" + me + "|Add mine\n\n# not a comment");
        assertThat(git.run("log", "-1", "--format=%B", agents))
                .isEqualTo("Add the agent's\n\nCo-authored-by: Cleanroom agent <agent@cleanroom.invalid>");
        assertThat(git.run("status", "--porcelain")).isEmpty();
        assertThat(refs.resolve(room.project(), "refs/heads/feature/one")).contains(agents);
        assertThat(refs.contains(
                        room.project(),
                        refs.resolve(room.project(), "refs/heads/session/" + room.session())
                                .orElseThrow(),
                        agents))
                .isTrue();
        var status = status();
        assertThat(status.getList("commits.commit")).isEqualTo(List.of(agents, mine));
        assertThat(status.getList("commits.subject")).isEqualTo(List.of("Add the agent's", "Add mine"));
        post("commits", Map.of("message", "Again")).statusCode(409).body("type", equalTo("git.nothing-staged"));
        post("commits", Map.of("message", "Again", "all", true))
                .statusCode(409)
                .body("type", equalTo("git.nothing-staged"));
        post("commits", Map.of("message", " ")).statusCode(400);
    }

    @Test
    void theAgentsPartStaysTheAgentsWhenAnotherFileIsCommittedAfterIt() throws Exception {
        git.write("agents.txt", "by the agent\n").write("again.txt", "by the agent\n");
        workspaces.open(room.session()).checkpoint("Write both").orElseThrow();
        git.run("add", "again.txt");
        git.run(
                "-c",
                "alias.late=!GIT_COMMITTER_DATE=2040-01-01T00:00:00Z git -c user.name=T -c user.email=t@example.org commit -q -m Late",
                "late");
        git.write("again.txt", "by a person, later\n");

        post("stage", Map.of("paths", List.of("again.txt"))).statusCode(204);
        String later = post("commits", Map.of("message", "Change again"))
                .statusCode(201)
                .extract()
                .path("commit");
        String agents = post("commits", Map.of("message", "Add the agent's", "all", true))
                .statusCode(201)
                .extract()
                .path("commit");

        assertThat(git.run("log", "-1", "--format=%B", later)).isEqualTo("Change again");
        assertThat(git.run("log", "-1", "--format=%B", agents)).contains("Co-authored-by: Cleanroom agent");
    }

    @Test
    void listsFilesWithWhatIsNotCommittedOfThem() throws Exception {
        git.write("mine.txt", "by me\n").write("README.md", "changed\n");
        post("stage", Map.of("paths", List.of("mine.txt"))).statusCode(204);
        workspaces.open(room.session()).checkpointAndLog();
        assertThat(gitStatus("mine.txt")).isEqualTo("added");

        post("commits", Map.of("message", "Add mine")).statusCode(201);

        assertThat(gitStatus("mine.txt")).isNull();
        assertThat(gitStatus("README.md")).isEqualTo("modified");
    }

    @Test
    void refusesABranchThatHasMoreAndNamesThatAreNone() throws Exception {
        var elsewhere = room.source().write("elsewhere", "e\n").commit("elsewhere");
        Room.bean(dev.cleanroom.git.Packs.class)
                .receive(
                        room.project(),
                        new java.io.ByteArrayInputStream(room.source().pack("HEAD")),
                        "refs/heads/other",
                        java.util.Optional.empty(),
                        elsewhere);
        git.write("x", "x\n");

        commitTo("other").statusCode(409).body("type", equalTo("git.branch-moved"));
        commitTo("a..b").statusCode(400).body("type", equalTo("git.branch"));
        commitTo("session/mine").statusCode(400).body("type", equalTo("git.branch"));
        assertThat(git.run("rev-parse", "HEAD")).isEqualTo(room.base());
        commitTo("work").statusCode(201);
        assertThat(refs.resolve(room.project(), "refs/heads/work")).contains(git.run("rev-parse", "HEAD"));
    }

    @Test
    void tellsWhatAHookOfTheRepositorySays() throws Exception {
        var hook = files().resolve(".git/hooks/pre-commit");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\necho 'Fix the tests first.' >&2\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        git.write("x", "x\n");

        post("commits", Map.of("message", "Add x", "all", true))
                .statusCode(409)
                .body("type", equalTo("git.commit-refused"))
                .body("detail", containsString("Fix the tests first."));
    }

    @Test
    void showsTheNewestCheckpointWhereNoSandboxRuns() throws Exception {
        git.write("mine", "m\n");
        post("commits", Map.of("message", "Add mine", "all", true)).statusCode(201);
        git.write("README.md", "changed\n");
        workspaces.open(room.session()).checkpointAndLog();
        sandboxes.destroy(room.session());

        var status = status();

        assertThat(names(status, "unstaged")).containsExactly("README.md modified");
        assertThat(status.getList("staged")).isEmpty();
        assertThat(status.getList("commits.subject")).isEqualTo(List.of("Add mine"));
        assertThat(sandboxes.running(room.session())).isEmpty();
    }

    @Test
    void letsWatchersLookAndNothingElse() throws Exception {
        var watcher = TestPeople.member("Wen");
        TestProject.addMember(room.owner(), room.project(), watcher, "viewer");
        git.write("x", "x\n");

        watcher.request()
                .get(room.address("/git"))
                .then()
                .statusCode(200)
                .body("unstaged.path", hasItem("x"))
                .body("staged", empty())
                .body("remote", nullValue());
        for (var what : List.of("/git/stage", "/git/discard", "/git/apply", "/git/commits", "/git/push", "/restore")) {
            watcher.request()
                    .body(Map.of("paths", List.of("x"), "patch", "p", "message", "m"))
                    .post(room.address(what))
                    .then()
                    .statusCode(403)
                    .body("type", equalTo("session.role"));
        }
        post("push", Map.of()).statusCode(409).body("type", equalTo("git.nothing-committed"));
        post("commits", Map.of("message", "Add x", "all", true)).statusCode(201);
        post("push", Map.of()).statusCode(409).body("type", equalTo("git.no-remote"));
        assertThat(room.events(CheckpointTaken.class)).isNotEmpty();
    }

    private ValidatableResponse commitTo(String branch) {
        return post("commits", Map.of("message", "Add x", "all", true, "branch", branch));
    }

    private ValidatableResponse post(String what, Map<String, ?> body) {
        return room.owner()
                .request()
                .body(body)
                .post(room.address("/git/" + what))
                .then();
    }

    private String gitStatus(String name) {
        return room.bytes()
                .get(room.address("/files"))
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.name == '%s' }.gitStatus".formatted(name));
    }

    private JsonPath status() {
        return room.owner()
                .request()
                .get(room.address("/git"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static List<String> names(JsonPath status, String list) {
        return status.<Map<String, ?>>getList(list).stream()
                .map(file -> file.get("path") + " " + file.get("kind"))
                .toList();
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }
}
