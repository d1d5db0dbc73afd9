package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.GitServer;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class RemotesTest {
    @Inject
    Refs refs;

    @Inject
    DataSource database;

    @TempDir
    Path temporary;

    private Somebody owner;
    private UUID project;
    private GitServer server;
    private LocalGit source;

    @BeforeEach
    void serveARepository() throws Exception {
        owner = TestPeople.administrator();
        project = TestProject.begun(owner);
        source = LocalGit.init(temporary.resolve("work"));
        source.write("README.md", "hello\n").commit("Begin");
        source.run("branch", "feature/one");
        bare("public.git");
        bare("private/repo.git");
        server = GitServer.start(temporary);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void fetchesAllBranchesAndForgetsThoseThatAreGone() throws Exception {
        add(Map.of("name", "hub", "url", server.url("public.git")))
                .statusCode(201)
                .body("host", equalTo(GitServer.HOST))
                .body("hasToken", equalTo(false))
                .body("branches", equalTo(0))
                .body("fetchedAt", nullValue());

        fetch("hub");

        assertThat(refs.resolve(project, "refs/remotes/hub/feature/one")).contains(source.run("rev-parse", "main"));
        assertThat(refs.resolve(project, "hub/main")).isPresent(); // as a session's base, say
        LocalGit.in(temporary.resolve("public.git")).run("branch", "-D", "feature/one");
        var newer = source.write("more", "m\n").commit("More");
        source.run("push", "-q", temporary.resolve("public.git").toString(), "HEAD:main");
        fetch("hub");
        assertThat(refs.list(project, "refs/remotes/hub/"))
                .extracting(Refs.At::name, Refs.At::commit)
                .containsExactly(tuple("refs/remotes/hub/main", newer));

        owner.request().delete(address("/hub")).then().statusCode(204);
        assertThat(refs.list(project, "refs/remotes/")).isEmpty();
        owner.request().get(address("")).then().body("items", empty());
    }

    @Test
    void keepsATokenSealedAndTellsItToItsHostOnly() throws Exception {
        add(Map.of("name", "hub", "url", server.url("private/repo.git")))
                .statusCode(403)
                .body("type", equalTo("git.remote-needs-password"));
        add(Map.of("name", "hub", "url", server.url("private/repo.git"), "token", "wrong"))
                .statusCode(403)
                .body("type", equalTo("git.remote-password-refused"))
                .body("detail", containsString("does not accept this token"));
        var told = add(Map.of("name", "hub", "url", server.url("private/repo.git"), "token", GitServer.PASSWORD))
                .statusCode(201)
                .body("hasToken", equalTo(true))
                .extract()
                .asString();
        fetch("hub");

        assertThat(told + owner.request().get(address("")).asString()).doesNotContain(GitServer.PASSWORD);
        assertThat(stored()).isNotBlank().doesNotContain(GitServer.PASSWORD);
        try (var elsewhere = GitServer.start(temporary)) {
            server.redirect("/private/", elsewhere.url("public.git/"));
            owner.request().post(address("/hub/fetch")).then().statusCode(202);
            awaitFetch("hub");
            assertThat(elsewhere.authorizations()).isEmpty();
            change("hub", Map.of("url", elsewhere.url("public.git")))
                    .statusCode(200)
                    .body("hasToken", equalTo(false));
            fetch("hub");
            assertThat(elsewhere.authorizations()).isEmpty();
        }
    }

    @Test
    void pushesABranchForwards() throws Exception {
        add(Map.of("name", "hub", "url", server.url("private/repo.git"), "token", GitServer.PASSWORD))
                .statusCode(201);
        var main = refs.resolve(project, "refs/heads/main").orElseThrow();

        push(Map.of("branch", "main", "to", "from-here")).statusCode(200).body("branch", equalTo("from-here"));

        assertThat(LocalGit.in(temporary.resolve("private/repo.git")).run("rev-parse", "from-here"))
                .isEqualTo(main);
        push(Map.of("branch", "main")).statusCode(409).body("type", equalTo("git.push-refused"));
        push(Map.of("branch", "nowhere")).statusCode(404).body("type", equalTo("git.no-branch"));
        change("hub", Map.of("token", GitServer.PASSWORD + "x"))
                .statusCode(403)
                .body("type", equalTo("git.remote-password-refused"));
    }

    @Test
    void saysWhyAFetchFailed() throws Exception {
        add(Map.of("name", "hub", "url", server.url("public.git"))).statusCode(201);
        server.close();

        owner.request().post(address("/hub/fetch")).then().statusCode(202);
        awaitFetch("hub");

        owner.request()
                .get(address(""))
                .then()
                .body("items.problem.type", hasItem("git.remote-unreachable"))
                .body("items[0].problem.detail", containsString(GitServer.HOST));
    }

    @Test
    void refusesWhatIsNoRemote() throws Exception {
        add(Map.of("name", "a/b", "url", server.url("public.git")))
                .statusCode(400)
                .body("type", equalTo("git.remote-name"));
        add(Map.of("name", "..", "url", server.url("public.git"))).statusCode(400);
        add(Map.of("name", "hub", "url", "file:///etc")).statusCode(400).body("type", equalTo("git.remote-address"));
        add(Map.of("name", "hub", "url", server.url("nothing.git"))).statusCode(404);
        add(Map.of("name", "hub", "url", server.url("public.git"))).statusCode(201);
        add(Map.of("name", "hub", "url", server.url("public.git")))
                .statusCode(409)
                .body("type", equalTo("git.remote-exists"));
        owner.request().post(address("/other/fetch")).then().statusCode(404).body("type", equalTo("git.no-remote"));
        var viewer = TestPeople.member("Viewer");
        viewer.request().get(address("")).then().statusCode(404);
        TestProject.addMember(owner, project, viewer, "viewer");
        viewer.request().get(address("")).then().statusCode(200);
        viewer.request().post(address("/hub/fetch")).then().statusCode(403);
    }

    private void bare(String name) throws Exception {
        var path = temporary.resolve(name);
        Files.createDirectories(path.getParent());
        source.run("clone", "-q", "--bare", ".", path.toString());
        LocalGit.in(path).run("config", "http.receivepack", "true");
    }

    private String address(String rest) {
        return "/api/v1/projects/" + project + "/remotes" + rest;
    }

    private ValidatableResponse add(Map<String, String> remote) {
        return owner.request().body(remote).post(address("")).then();
    }

    private ValidatableResponse change(String name, Map<String, String> change) {
        return owner.request().body(change).patch(address("/" + name)).then();
    }

    private ValidatableResponse push(Map<String, String> push) {
        return owner.request().body(push).post(address("/hub/push")).then();
    }

    private void fetch(String name) throws Exception {
        owner.request().post(address("/" + name + "/fetch")).then().statusCode(202);
        awaitFetch(name);
        owner.request().get(address("")).then().body("items[0].problem", nullValue());
    }

    private void awaitFetch(String name) throws Exception {
        Eventually.isTrue(
                Duration.ofSeconds(30),
                () -> "the fetch is not done",
                () -> owner.request()
                                .get(address(""))
                                .jsonPath()
                                .get("items.find { it.name == '" + name + "' }.fetching")
                        == null);
    }

    private String stored() throws Exception {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select sealed_token from git_remote where project_id = ?")) {
            select.setObject(1, project);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
