package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An empty project has no commit until somebody pushes one, or a session needs one. */
@QuarkusTest
class FirstCommitTest {
    @Inject
    Refs refs;

    @TempDir
    Path temporary;

    private Somebody ada;
    private UUID project;

    @BeforeEach
    void makeAnEmptyProject() {
        ada = TestPeople.administrator();
        project = TestProject.empty(ada);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "trunk"})
    void comesWithThePushOfARepositoryOfOnesOwn(String branch) throws IOException {
        var own = LocalGit.init(temporary.resolve("own"));
        own.run("checkout", "-q", "-B", branch);
        own.write("a.txt", "a\n").commit("Mine");
        String commit = own.write("b.txt", "b\n").commit("And more");
        own.run("remote", "add", "origin", url());

        own.run("push", "-q", "-u", "origin", branch);

        ada.request().get("/api/v1/projects/" + project).then().body("defaultBranch", equalTo(branch));
        ada.request()
                .get("/api/v1/projects/" + project + "/repository/tree")
                .then()
                .statusCode(200)
                .body("commit", equalTo(commit))
                .body("items.name", equalTo(List.of("a.txt", "b.txt")));
        var session = TestProject.session(ada, project);
        assertThat(refs.resolve(project, "refs/heads/session/" + session)).contains(commit);
        assertThat(refs.list(project, "refs/heads/")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2"})
    void isAbsentFromACloneWhichThenPushesOne(String version) throws IOException {
        var clone = LocalGit.in(Files.createDirectories(temporary.resolve("clone")));
        clone.run("-c", "protocol.version=" + version, "clone", "-q", url(), ".");
        assertThat(clone.run("ls-remote", "origin")).isEmpty();

        String commit = clone.write("a.txt", "a\n").commit("First");
        clone.run("-c", "protocol.version=" + version, "push", "-q", "origin", "HEAD");

        assertThat(refs.resolve(project, "HEAD")).contains(commit);
    }

    @Test
    void isAReadmeForTheFirstSessionsAndTheSameForAll() throws Exception {
        var sessions = new ArrayList<UUID>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new ArrayList<Future<UUID>>();
            for (int i = 0; i < 4; i++) {
                begun.add(threads.submit(() -> TestProject.session(ada, project)));
            }
            for (var each : begun) {
                sessions.add(each.get());
            }
        }

        var clone = LocalGit.in(Files.createDirectories(temporary.resolve("clone")));
        clone.run("clone", "-q", url(), ".");

        assertThat(clone.run("log", "--format=%s", "main")).isEqualTo("Begin");
        assertThat(clone.path("README.md")).content().startsWith("# p-");
        String first = clone.run("rev-parse", "main");
        assertThat(sessions)
                .allSatisfy(session -> assertThat(refs.resolve(project, "refs/heads/session/" + session))
                        .contains(first));
        ada.request()
                .get("/api/v1/projects/" + project + "/repository/ref-log?ref=refs/heads/main")
                .then()
                .body("items.size()", equalTo(1));
    }

    private String url() {
        return TestPeople.origin().replace("://", "://anybody:" + ada.token() + "@") + "/git/" + project + ".git";
    }
}
