package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real git client in a real sandbox, whose origin is this server. */
@QuarkusTest
@Tag("engine")
@TestProfile(LostSandboxTest.RealSandboxes.class)
class OriginTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Inject
    Sandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    Refs refs;

    @Inject
    Packs packs;

    private Room room;
    private OpenWorkspace workspace;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n"));
        workspace = workspaces.open(room.session());
    }

    @AfterEach
    void destroy() throws Exception {
        sandboxes.destroy(room.session());
    }

    @Test
    void fetchesAndPullsWhatOthersCommitted() throws Exception {
        var theirs = theirs("their.txt");

        assertThat(run("git remote get-url origin"))
                .isEqualTo("http://cleanroom.internal/git/" + room.project() + ".git");
        run("git fetch -q");
        assertThat(run("git log --format=%H -1 origin/work")).isEqualTo(theirs);
        run("git pull -q origin work");
        assertThat(run("cat their.txt; git rev-parse HEAD")).isEqualTo("their.txt\n" + theirs);
        assertThat(run("git ls-remote origin | cut -f2")).doesNotContain("refs/cleanroom");
    }

    @Test
    void worksWithoutAProxyInTheEnvironmentAndWithoutAnyCredential() throws Exception {
        run("unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY; GIT_TERMINAL_PROMPT=0 git fetch -q");
        assertThat(run("git config --get-regexp 'credential|extraheader' || echo none"))
                .isEqualTo("none");
    }

    @Test
    void pushesTheSessionsBranchAndNoOther() throws Exception {
        run("echo new > new.txt; git add new.txt; git commit -qm mine; git push -q");
        var mine = run("git rev-parse HEAD");
        assertThat(refs.resolve(room.project(), "refs/heads/session/" + room.session()))
                .contains(mine);
        assertThat(run("git status -sb | head -1")).doesNotContain("ahead");

        assertThat(run("git push origin HEAD:work 2>&1 || echo refused"))
                .contains("from here only the session's own branch can be pushed", "refused");
        assertThat(run("git push origin HEAD:refs/cleanroom/session/x/tree 2>&1 || echo refused"))
                .contains("refused");
        assertThat(run("git push origin :session/" + room.session() + " 2>&1 || echo refused"))
                .contains("refused");
        assertThat(refs.resolve(room.project(), "refs/heads/work")).contains(room.base());
        workspace.checkpointAndLog();
        assertThat(refs.resolve(room.project(), "refs/heads/session/" + room.session()))
                .contains(mine);
    }

    @Test
    void pushesMoreThanOneRequestTakes() throws Exception {
        run("head -c 3000000 /dev/urandom > large; git add large; git commit -qm large; git push -q");

        assertThat(refs.resolve(room.project(), "refs/heads/session/" + room.session()))
                .contains(run("git rev-parse HEAD"));
    }

    @Test
    void servesNoOtherProject() throws Exception {
        var other = Room.with(TestPeople.administrator(), Map.of("secret", "s\n"));

        assertThat(run("git ls-remote http://cleanroom.internal/git/" + other.project() + ".git 2>&1 || echo refused"))
                .contains("refused")
                .doesNotContain("refs/heads");
    }

    private String theirs(String file) throws Exception {
        var commit = room.source().write(file, file + "\n").commit("Theirs");
        var pack = new ByteArrayInputStream(room.source().pack(commit, "^" + room.base()));
        assertThat(packs.receive(room.project(), pack, "refs/heads/work", Optional.of(room.base()), commit))
                .isTrue();
        return commit;
    }

    /** @return what it printed; fails if the script does */
    private String run(String script) throws InterruptedException {
        var result =
                SandboxCommand.run(workspace.sandbox(), LIMIT, Map.of(), List.of("sh", "-c", script), Optional.empty());
        assertThat(result.code()).as(script + ": " + result.complaint()).isZero();
        return new String(result.output()).strip();
    }
}
