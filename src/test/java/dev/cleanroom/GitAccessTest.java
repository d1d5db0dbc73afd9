package dev.cleanroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.Everybody.Who;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git's client may do for whom, as {@code access.txt} says it. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class GitAccessTest {
    @TempDir
    Path temporary;

    private Everybody everybody;
    private String address;
    private LocalGit work;
    private String first;

    @BeforeEach
    void makeBranchesWithRules() throws Exception {
        everybody = new Everybody();
        address = TestPeople.origin() + "/git/" + everybody.project + ".git";
        work = LocalGit.in(Files.createDirectory(temporary.resolve("work")));
        assertThat(isDone(Who.OWNER, "clone", "-q", address, ".")).isTrue();
        first = work.run("rev-parse", "HEAD");
        work.write("a.txt", "a\n").commit("a");
        assertThat(isDone(Who.OWNER, "push", "-q", address, "HEAD:kept", "HEAD:owners", "HEAD:nobody"))
                .isTrue();
        work.run("tag", "mine");
        everybody
                .owner
                .request()
                .body(Map.of(
                        "items",
                        List.of(
                                Map.of("pattern", "kept", "protected", true, "push", "editors"),
                                Map.of("pattern", "owners", "protected", false, "push", "owners"),
                                Map.of("pattern", "nobody", "protected", false, "push", "nobody"))))
                .put("/api/v1/projects/" + everybody.project + "/branch-rules")
                .then()
                .statusCode(200);
    }

    @Test
    void doesForEachWhatItsRowAllowsAndNothingElse() throws Exception {
        var wrong = new ArrayList<String>();
        for (var row : AccessTable.rows("GIT"::equals)) {
            for (var who : Who.values()) {
                if (isDone(who, arguments(row.target(), who)) != row.lets(who)) {
                    wrong.add(row + " for " + who);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private String[] arguments(String asked, Who who) throws Exception {
        var next = work.commit("by " + who); // moves what it is pushed to
        return switch (asked) {
            case "ls-remote" -> new String[] {"ls-remote", address};
            case "clone" ->
                new String[] {
                    "clone", "-q", address, temporary.resolve("clone-" + who).toString()
                };
            case "push own/{who}" -> push(next + ":refs/heads/own/" + who);
            case "push owners", "push nobody" -> push(next + ":refs/heads/" + asked.substring(5));
            case "push --force kept" -> push("+" + first + ":refs/heads/kept");
            case "push --delete kept", "push --delete main" -> push(":refs/heads/" + asked.substring(14));
            case "push tag/{who}" -> push("mine:refs/tags/" + who);
            case "push session/{session}" -> push(next + ":refs/heads/session/" + everybody.session);
            case "push hidden" -> push(next + ":" + hidden());
            case "fetch hidden" -> new String[] {"fetch", "-q", address, hidden()};
            default -> throw new IllegalArgumentException(asked);
        };
    }

    private String hidden() {
        return "refs/cleanroom/session/" + everybody.session + "/tree";
    }

    private String[] push(String what) {
        return new String[] {"push", "-q", address, what};
    }

    private boolean isDone(Who who, String... arguments) {
        var headers = everybody.headers(who).entrySet().stream()
                .flatMap(header -> Stream.of("-c", "http.extraHeader=" + header.getKey() + ": " + header.getValue()));
        var command = Stream.concat(headers, Stream.of(arguments)).toArray(String[]::new);
        return work.attempt(InputStream.nullInputStream(), command).exitCode() == 0;
    }
}
