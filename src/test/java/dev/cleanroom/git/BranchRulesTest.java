package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.git.BranchRules.Change;
import dev.cleanroom.git.BranchRules.Pushers;
import dev.cleanroom.git.BranchRules.Rule;
import dev.cleanroom.git.BranchRules.Way;
import dev.cleanroom.project.Role;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class BranchRulesTest {
    @TempDir
    Path temporary;

    private PushRoom room;

    @BeforeEach
    void makeAProject() throws IOException {
        room = new PushRoom(temporary);
    }

    @ParameterizedTest
    @CsvSource({
        "main, main, true",
        "main, main2, false",
        "release/*, release/1, true",
        "release/*, release/1/x, false",
        "release/**, release/1/x, true",
        "v.1, vx1, false",
        "**, a/b, true"
    })
    void fitsBranchesByTheirPattern(String pattern, String branch, boolean fits) {
        assertThat(new Rule(pattern, true, Pushers.EDITORS).fits(branch)).isEqualTo(fits);
    }

    @Test
    void letsEditorsMergeIntoWhatTakesNoPushes() {
        var rules = List.of(new Rule("main", true, Pushers.NOBODY));

        assertThat(BranchRules.refusal(rules, Role.EDITOR, "refs/heads/main", Way.MERGE, Change.FORWARD))
                .isEmpty();
        assertThat(BranchRules.refusal(rules, Role.OWNER, "refs/heads/main", Way.PUSH, Change.FORWARD))
                .isPresent();
        assertThat(BranchRules.refusal(rules, Role.EDITOR, "refs/tags/main", Way.PUSH, Change.FORCE))
                .isEmpty();
    }

    @Test
    void keepsEveryCommitOfAProtectedBranch() throws IOException {
        room.work.write("a.txt", "a\n").commit("a");
        room.work.run("push", "-q", "origin", "main", "main:release/1", "main:free");
        room.rules(new Object[] {"refs/heads/main", true, "editors"}, new Object[] {"release/*", true, "editors"});
        String next = room.work.commit("next");
        room.work.run("push", "-q", "origin", "main");
        room.work.run("reset", "-q", "--hard", room.first);
        room.work.commit("other");

        var forced = room.push("--force", "origin", "main", "main:free");
        var deleted = room.push("origin", ":release/1");

        assertThat(forced.stderr()).contains("main is protected: no commit may leave it");
        assertThat(deleted.stderr()).contains("release/1 is protected: it cannot be deleted");
        assertThat(room.remote()).contains(next + " refs/heads/main");
        assertThat(room.remote()).contains(room.work.run("rev-parse", "HEAD") + " refs/heads/free");
        String newest = room.ada
                .request()
                .get(room.api("repository/ref-log?ref=refs/heads/main"))
                .jsonPath()
                .getString("items[0].id");
        room.ada
                .request()
                .post(room.api("repository/ref-log/" + newest + "/undo"))
                .then()
                .statusCode(403)
                .body("type", equalTo("git.branch-rule"));
    }

    @Test
    void keepsABranchForItsOwners() {
        var eve = room.member("Eve", "editor");
        room.rules(new Object[] {"main", false, "owners"}, new Object[] {"stable", false, "nobody"});
        room.work.commit("mine");

        assertThat(room.push(room.url(eve.token()), "main").stderr())
                .contains("only owners of the project may change main");
        assertThat(room.push(room.url(eve.token()), "main:topic").exitCode()).isZero();
        assertThat(room.push("origin", "main:stable").stderr()).contains("stable takes no pushes");
        assertThat(room.push("origin", "main").exitCode()).isZero();
    }

    @Test
    void areSetByOwnersAndHaveToBeGood() {
        var eve = room.member("Eve", "editor");
        Map<String, Object> rule = Map.of("pattern", "main", "protected", true, "push", "owners");

        eve.request()
                .body(Map.of("items", List.of(rule)))
                .put(room.api("branch-rules"))
                .then()
                .statusCode(403)
                .body("type", equalTo("project.role"));
        room.rules(new Object[] {"main", true, "owners"});
        eve.request().get(room.api("branch-rules")).then().statusCode(200).body("items", equalTo(List.of(rule)));
        refuses(List.of(rule, rule));
        refuses(List.of(Map.of("pattern", "a..b", "protected", true, "push", "owners")));
        refuses(List.of(Map.of("pattern", "main", "protected", true, "push", "all")));
    }

    @Test
    void keepsTheDefaultBranchAndLetsOwnersChooseAnother() {
        room.work.run("push", "-q", "origin", "main:next");

        assertThat(room.push("origin", ":main").stderr()).contains("it is the default branch");
        setDefault("absent", 404);
        setDefault("next", 200);

        assertThat(room.work.run("ls-remote", "--symref", "origin", "HEAD")).startsWith("ref: refs/heads/next");
        room.ada.request().get("/api/v1/projects/" + room.project).then().body("defaultBranch", equalTo("next"));
        assertThat(room.push("origin", ":main").exitCode()).isZero();
    }

    private void setDefault(String branch, int status) {
        room.ada
                .request()
                .body(Map.of("branch", branch))
                .put(room.api("repository/default-branch"))
                .then()
                .statusCode(status);
    }

    private void refuses(List<? extends Map<String, ?>> items) {
        room.ada
                .request()
                .body(Map.of("items", items))
                .put(room.api("branch-rules"))
                .then()
                .statusCode(400)
                .body("type", equalTo("git.branch-rule-invalid"));
    }
}
