package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Repositories;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class MergeTest {
    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    Refs refs;

    @Inject
    Packs packs;

    @Inject
    Repositories repositories;

    private Room room;
    private LocalGit git;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(
                TestPeople.administrator(), Map.of("README.md", "one\ntwo\nthree\n", "old", "o\n", "kept", "k\n"));
        try (var repository = repositories.open(room.project())) {
            repository.updateRef(Constants.HEAD).link("refs/heads/work"); // the default branch
        }
        workspaces.open(room.session());
        git = LocalGit.in(sandboxes.of(room.session()).workspace());
    }

    @Test
    void movesTheBranchForwardsToWhatWasCommitted() throws Exception {
        assertThat(status().getString("state")).isEqualTo("nothing");
        git.write("new", "n\n");
        assertThat(status().getString("state")).isEqualTo("uncommitted");
        assertThat(status().getList("uncommitted")).containsExactly("new");
        var commit = commit("Add new");
        git.write("later", "l\n");

        var status = status();

        assertThat(status.getString("state")).isEqualTo("fast-forward");
        assertThat(status.getString("into")).isEqualTo("work");
        assertThat(status.getString("target")).isEqualTo(room.base());
        assertThat(status.getString("head")).isEqualTo(commit);
        assertThat(status.getInt("ahead")).isOne();
        assertThat(status.getInt("behind")).isZero();
        assertThat(status.getList("uncommitted")).containsExactly("later");
        merge("fast-forward", commit).statusCode(409).body("type", equalTo("git.branch-moved"));
        assertThat(branch("work")).isEqualTo(room.base());
        merge("fast-forward", room.base()).statusCode(200).body("commit", equalTo(commit));
        assertThat(branch("work")).isEqualTo(commit);
        assertThat(branch("session/" + room.session())).isEqualTo(commit); // not the checkpoint with "later"
        merge("merge", commit).statusCode(409).body("type", equalTo("git.nothing-to-merge"));
    }

    @Test
    void joinsBothSidesInACommitOfThePerson() throws Exception {
        git.write("new", "n\n");
        var mine = commit("Add new");
        var theirs = theirs("their", "t\n");

        assertThat(status().getString("state")).isEqualTo("clean");
        assertThat(status().getInt("behind")).isOne();
        merge("fast-forward", theirs).statusCode(409).body("type", equalTo("git.not-fast-forward"));
        String merged = merge("merge", theirs).statusCode(200).extract().path("commit");

        var clone = fetched(merged);
        assertThat(clone.run("log", "-1", "--format=%P|%an|%ae|%cn", merged))
                .isEqualTo(theirs + " " + mine + "|" + room.owner().name() + "|"
                        + room.owner().email() + "|" + room.owner().name());
        assertThat(clone.run("ls-tree", "--name-only", merged)).isEqualTo("README.md\nkept\nnew\nold\ntheir");
        assertThat(status().getString("state")).isEqualTo("nothing");
    }

    @Test
    void squashesIntoOneCommitThatNamesEverybody() throws Exception {
        git.write("a", "a\n").run("add", "a");
        git.run("commit", "-q", "-m", "One\n\nCo-authored-by: Cleanroom agent <agent@cleanroom.invalid>");
        git.write("b", "b\n");
        commit("Two");
        var theirs = theirs("their", "t\n");
        assertThat(status().getString("squashed")).isEqualTo("One\n\n- One\n- Two");

        String merged = room.owner()
                .request()
                .body(Map.of("strategy", "squash", "expected", theirs, "message", "Both"))
                .post(room.address("/merge"))
                .then()
                .statusCode(200)
                .extract()
                .path("commit");

        var clone = fetched(merged);
        assertThat(clone.run("log", "-1", "--format=%P", merged)).isEqualTo(theirs);
        assertThat(clone.run("log", "-1", "--format=%B", merged))
                .isEqualTo("Both\n\nCo-authored-by: Ada <ada@example.org>\n"
                        + "Co-authored-by: Cleanroom agent <agent@cleanroom.invalid>");
        assertThat(status().getString("state")).isEqualTo("nothing"); // though its commits are not in the branch
        assertThat(status().getInt("ahead")).isEqualTo(2);
    }

    @Test
    void squashesUnderTheTitleAndTheSubjectsUnlessAMessageIsSent() throws Exception {
        room.owner()
                .request()
                .body(Map.of("title", "Letters"))
                .patch(room.address(""))
                .then()
                .statusCode(lessThan(300));
        git.write("a", "a\n");
        commit("Add a");
        assertThat(status().getString("squashed")).isEqualTo("Add a");
        git.write("b", "b\n");
        commit("Add b");

        String merged = merge("squash", status().getString("target"))
                .statusCode(200)
                .extract()
                .path("commit");

        assertThat(fetched(merged).run("log", "-1", "--format=%B", merged)).startsWith("Letters\n\n- Add a\n- Add b");
    }

    @Test
    void solvesConflictsInTheWorktree() throws Exception {
        git.write("README.md", "one\nmine\nthree\n");
        commit("Mine");
        var theirs = theirs("README.md", "one\ntheirs\nthree\n");
        assertThat(status().getString("state")).isEqualTo("conflicts");
        assertThat(status().getList("conflicts")).containsExactly("README.md");
        merge("merge", theirs)
                .statusCode(409)
                .body("type", equalTo("git.merge-conflicts"))
                .body("detail", containsString("README.md"));

        post("begin", null)
                .statusCode(200)
                .body("unsolved.path", contains("README.md"))
                .body("unsolved.kind", contains("both-changed"));

        assertThat(Files.readString(git.path("README.md")))
                .contains("<<<<<<< HEAD\nmine\n||||||| ")
                .contains("\ntwo\n=======\ntheirs\n>>>>>>> ");
        assertThat(git.run("ls-files", "-u")).hasLineCount(3);
        assertThat(status().getString("state")).isEqualTo("merging");
        assertThat(status().getString("merging.commit")).isEqualTo(theirs);
        post("begin", null).statusCode(409).body("type", equalTo("git.merge-begun"));
        var readme = Map.of("paths", List.of("README.md"));
        post("solved", readme).statusCode(409).body("type", equalTo("git.conflict-marks"));
        post("finish", null).statusCode(409).body("type", equalTo("git.merge-refused"));
        git.write("README.md", "one\nboth\nthree\n");
        post("solved", readme).statusCode(204);
        assertThat(status().getList("merging.unsolved")).isEmpty();
        post("finish", null).statusCode(200);

        assertThat(git.run("log", "-1", "--format=%s|%an"))
                .isEqualTo("Merge branch 'work'|" + room.owner().name());
        assertThat(status().getString("state")).isEqualTo("fast-forward");
        assertThat(status().<Object>get("merging")).isNull();
        merge("fast-forward", theirs).statusCode(200);
        assertThat(fetched(branch("work")).run("show", branch("work") + ":README.md"))
                .isEqualTo("one\nboth\nthree");
    }

    @Test
    void takesOneSideOfWholeFiles() throws Exception {
        git.write("README.md", "mine\n").write("old", "changed\n");
        Files.delete(git.path("kept"));
        commit("Mine");
        theirs("README.md", "theirs\n", "kept", "kept by them\n", "old", null);

        post("begin", null)
                .statusCode(200)
                .body("unsolved.path", contains("README.md", "kept", "old"))
                .body("unsolved.kind", contains("both-changed", "we-deleted", "they-deleted"));
        post("solved", Map.of("paths", List.of("README.md", "old"), "take", "theirs"))
                .statusCode(204);
        post("solved", Map.of("paths", List.of("kept"), "take", "ours")).statusCode(204);
        post("finish", null).statusCode(200);

        assertThat(git.run("ls-tree", "--name-only", "HEAD")).isEqualTo("README.md");
        assertThat(git.run("status", "--porcelain")).isEmpty();
        assertThat(Files.readString(git.path("README.md"))).isEqualTo("theirs\n");
    }

    @Test
    void goesBackToBeforeTheMerge() throws Exception {
        git.write("README.md", "mine\n");
        var mine = commit("Mine");
        theirs("README.md", "theirs\n");
        post("begin", null).statusCode(200);
        git.write("README.md", "half solved\n");

        post("abort", null).statusCode(204);

        assertThat(Files.readString(git.path("README.md"))).isEqualTo("mine\n");
        assertThat(git.run("rev-parse", "HEAD")).isEqualTo(mine);
        assertThat(status().getString("state")).isEqualTo("conflicts");
        post("abort", null).statusCode(409).body("type", equalTo("git.no-merge"));
    }

    @Test
    void goesOnMergingInARebuiltSandbox() throws Exception {
        git.write("README.md", "mine\ntwo\nthree\n").write("old", "mine\n").write("kept", "changed\n");
        commit("Mine");
        var theirs = theirs("README.md", "one\ntwo\ntheirs\n", "old", "theirs\n", "kept", null, "new", "n\n");
        post("begin", null).statusCode(200).body("unsolved.path", contains("kept", "old"));

        sandboxes.lose(room.session());
        workspaces.open(room.session());
        git = LocalGit.in(sandboxes.of(room.session()).workspace());

        var status = status();
        assertThat(status.getString("merging.commit")).isEqualTo(theirs);
        assertThat(status.getList("merging.unsolved.path")).containsExactly("kept", "old");
        assertThat(status.getList("merging.unsolved.kind")).containsExactly("they-deleted", "both-changed");
        git.write("old", "both\n");
        post("solved", Map.of("paths", List.of("old", "kept"))).statusCode(204);
        post("finish", null).statusCode(200);
        assertThat(git.run("show", "HEAD:README.md")).isEqualTo("mine\ntwo\ntheirs");
        assertThat(git.run("ls-tree", "--name-only", "HEAD")).isEqualTo("README.md\nkept\nnew\nold");
        assertThat(git.run("rev-parse", "HEAD^2")).isEqualTo(theirs);
        sandboxes.lose(room.session());
        workspaces.open(room.session());
        assertThat(status().getString("state")).isEqualTo("fast-forward");
    }

    @Test
    void bringsTheBranchInWhereNothingIsInTheWay() throws Exception {
        var theirs = theirs("their", "t\n");
        git.write("README.md", "not committed\n");
        post("begin", null).statusCode(409).body("type", equalTo("git.not-committed"));
        git.run("checkout", "-q", "README.md");

        post("begin", null).statusCode(200).body("head", equalTo(theirs)).body("unsolved", empty());
        assertThat(Files.readString(git.path("their"))).isEqualTo("t\n");
        assertThat(git.run("rev-parse", "origin/work")).isEqualTo(theirs);

        git.write("mine", "m\n");
        commit("Mine");
        theirs("more", "m\n");
        post("begin", null).statusCode(200).body("unsolved", empty());
        assertThat(git.run("log", "-1", "--format=%s")).isEqualTo("Merge branch 'work'");
        assertThat(status().getString("state")).isEqualTo("fast-forward");
    }

    @Test
    void isForEditorsOfTheProject() throws Exception {
        git.write("new", "n\n");
        commit("Add new");
        var viewer = TestPeople.member("Viewer");
        viewer.request().get(room.address("/merge")).then().statusCode(404);
        TestProject.addMember(room.owner(), room.project(), viewer, "viewer");

        viewer.request().get(room.address("/merge")).then().statusCode(200);
        viewer.request()
                .body(Map.of("strategy", "merge", "expected", room.base()))
                .post(room.address("/merge"))
                .then()
                .statusCode(403);
        room.owner()
                .request()
                .body(Map.of("strategy", "octopus", "expected", room.base()))
                .post(room.address("/merge"))
                .then()
                .statusCode(400)
                .body("type", equalTo("git.merge"));
    }

    @Test
    void keepsToTheRulesOfTheBranch() throws Exception {
        git.write("new", "n\n");
        var commit = commit("Add new");
        var editor = TestPeople.member("Editor");
        TestProject.addMember(room.owner(), room.project(), editor, "editor");
        rule("nobody");

        room.owner()
                .request()
                .body(Map.of("message", "Past the merge", "all", true, "branch", "work"))
                .post(room.address("/git/commits"))
                .then()
                .statusCode(403)
                .body("type", equalTo("git.branch-rule"));
        rule("owners");
        editor.request()
                .body(Map.of("strategy", "fast-forward", "expected", room.base()))
                .post(room.address("/merge"))
                .then()
                .statusCode(403)
                .body("type", equalTo("git.branch-rule"));

        assertThat(branch("work")).isEqualTo(room.base());
        merge("fast-forward", room.base()).statusCode(200).body("commit", equalTo(commit));
    }

    private void rule(String push) {
        room.owner()
                .request()
                .body(Map.of("items", List.of(Map.of("pattern", "work", "protected", true, "push", push))))
                .put("/api/v1/projects/" + room.project() + "/branch-rules")
                .then()
                .statusCode(200);
    }

    private JsonPath status() {
        return room.owner()
                .request()
                .get(room.address("/merge"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private String commit(String message) {
        return room.owner()
                .request()
                .body(Map.of("message", message, "all", true))
                .post(room.address("/git/commits"))
                .then()
                .statusCode(201)
                .extract()
                .path("commit");
    }

    private ValidatableResponse merge(String strategy, String expected) {
        return room.owner()
                .request()
                .body(Map.of("strategy", strategy, "expected", expected))
                .post(room.address("/merge"))
                .then();
    }

    private ValidatableResponse post(String what, Map<String, ?> body) {
        var request = room.owner().request();
        return (body == null ? request : request.body(body))
                .post(room.address("/merge/" + what))
                .then();
    }

    private String branch(String name) {
        return refs.resolve(room.project(), "refs/heads/" + name).orElseThrow();
    }

    /** Somebody else's commit on the project's branch. @param files path, content (null: deleted), path, content … */
    private String theirs(String... files) throws Exception {
        for (int i = 0; i < files.length; i += 2) {
            if (files[i + 1] == null) {
                Files.delete(room.source().path(files[i]));
            } else {
                room.source().write(files[i], files[i + 1]);
            }
        }
        var before = branch("work");
        var commit = room.source().commit("Theirs");
        var pack = new ByteArrayInputStream(room.source().pack(commit, "^" + before));
        assertThat(packs.receive(room.project(), pack, "refs/heads/work", Optional.of(before), commit))
                .isTrue();
        return commit;
    }

    /** What the project has, for the real git to look at. */
    private LocalGit fetched(String commit) throws Exception {
        var clone = LocalGit.init(Files.createTempDirectory("clone").resolve("work"));
        var pack = new ByteArrayOutputStream();
        packs.send(room.project(), List.of(commit), List.of(), pack);
        var outcome = clone.attempt(new ByteArrayInputStream(pack.toByteArray()), "index-pack", "--stdin", "--strict");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        return clone;
    }
}
