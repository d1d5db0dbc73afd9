package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.GitServer;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class PushTest {
    @Inject
    LocalSandboxes sandboxes;

    @TempDir
    Path temporary;

    private Somebody owner;
    private GitServer server;
    private LocalGit source;
    private UUID session;

    @BeforeEach
    void serveARepository() throws Exception {
        owner = TestPeople.administrator();
        source = LocalGit.init(temporary.resolve("work"));
        source.write("README.md", "hello\n").commit("Begin");
        bare("public.git");
        bare("private/repo.git");
        server = GitServer.start(temporary);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void pushesTheCommitsAndNotTheCheckpointsBetween() throws Exception {
        begin("public.git", null);
        var commit = commit("one.txt");
        LocalGit.in(sandboxes.of(session).workspace()).write("uncommitted", "u");

        push(Map.of("branch", "feature/one"))
                .statusCode(200)
                .body("remote", equalTo(server.url("public.git")))
                .body("branch", equalTo("feature/one"));

        var remote = LocalGit.in(temporary.resolve("public.git"));
        assertThat(remote.run("rev-parse", "refs/heads/feature/one")).isEqualTo(commit);
        assertThat(remote.run("log", "--format=%s", "feature/one")).isEqualTo("Add one.txt\nBegin");
        push(Map.of("branch", "feature/one")).statusCode(200);
        var more = commit("two.txt");
        push(Map.of("branch", "feature/one")).statusCode(200);
        assertThat(remote.run("rev-parse", "refs/heads/feature/one")).isEqualTo(more);
        owner.request()
                .get("/api/v1/sessions/" + session + "/git")
                .then()
                .body("remote.host", equalTo(GitServer.HOST))
                .body("remote.url", equalTo(server.url("public.git")));
    }

    @Test
    void refusesToOverwriteWhatOthersPushed() throws Exception {
        begin("public.git", null);
        commit("one.txt");
        source.write("theirs", "t\n").commit("Theirs");
        source.run("push", "-q", temporary.resolve("public.git").toString(), "HEAD:refs/heads/main");

        push(Map.of("branch", "main"))
                .statusCode(409)
                .body("type", equalTo("git.push-refused"))
                .body("detail", containsString("has commits that are not here"));
    }

    @Test
    void tellsTheHostsOwnWords() throws Exception {
        begin("public.git", null);
        commit("one.txt");
        var hook = temporary.resolve("public.git/hooks/pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\necho 'Main is protected here.' >&2\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));

        push(Map.of("branch", "main"))
                .statusCode(409)
                .body("type", equalTo("git.push-refused"))
                .body("detail", containsString("Main is protected here."));
    }

    @Test
    void findsThePageForAPullRequestInTheHostsWords() throws Exception {
        begin("public.git", null);
        commit("one.txt");
        var hook = temporary.resolve("public.git/hooks/post-receive");
        Files.createDirectories(hook.getParent());
        var page = server.url("owner/public/pulls/new/feature");
        Files.writeString(hook, "#!/bin/sh\necho 'See https://evil.example/pull/1 or'\necho '  " + page + "'\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));

        push(Map.of("branch", "feature")).statusCode(200).body("pullRequestUrl", equalTo(page));
    }

    @Test
    void takesTheTokenOfWhoPushesAndSendsItNowhereElse() throws Exception {
        begin("private/repo.git", GitServer.PASSWORD);
        var commit = commit("one.txt");

        push(Map.of("branch", "main")).statusCode(403).body("type", equalTo("git.push-forbidden"));
        push(Map.of("branch", "main", "token", "wrong"))
                .statusCode(403)
                .body("detail", containsString("does not accept this token"));
        push(Map.of("branch", "main", "token", GitServer.PASSWORD)).statusCode(200);
        assertThat(LocalGit.in(temporary.resolve("private/repo.git")).run("rev-parse", "main"))
                .isEqualTo(commit);

        try (var elsewhere = GitServer.start(temporary)) {
            server.redirect("/private/", elsewhere.url("public.git/"));
            push(Map.of("branch", "main", "token", GitServer.PASSWORD));
            assertThat(elsewhere.authorizations()).isEmpty();
        }
    }

    @Test
    void takesTheTokenThatTheRemoteKeeps() throws Exception {
        begin("private/repo.git", GitServer.PASSWORD);
        var commit = commit("one.txt");
        String project = owner.request()
                .get("/api/v1/sessions/" + session)
                .then()
                .extract()
                .path("project");
        owner.request()
                .body(Map.of("token", GitServer.PASSWORD))
                .patch("/api/v1/projects/" + project + "/remotes/origin")
                .then()
                .statusCode(200)
                .body("url", equalTo(server.url("private/repo.git")));

        push(Map.of("branch", "main")).statusCode(200);

        assertThat(LocalGit.in(temporary.resolve("private/repo.git")).run("rev-parse", "main"))
                .isEqualTo(commit);
    }

    @Test
    void saysThatTheHostIsAway() throws Exception {
        begin("public.git", null);
        commit("one.txt");
        server.close();

        push(Map.of("branch", "main"))
                .statusCode(503)
                .body("type", equalTo("git.push-unreachable"))
                .body("detail", startsWith(GitServer.HOST));
        push(Map.of("branch", "a b")).statusCode(400).body("type", equalTo("git.branch"));
    }

    private void bare(String name) throws Exception {
        var path = temporary.resolve(name);
        Files.createDirectories(path.getParent());
        source.run("clone", "-q", "--bare", ".", path.toString());
        LocalGit.in(path).run("config", "http.receivepack", "true");
    }

    private void begin(String repository, String token) throws Exception {
        var from = new HashMap<String, String>(Map.of("kind", "git", "url", server.url(repository)));
        if (token != null) {
            from.put("token", token);
        }
        String id = owner.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", from))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Eventually.isTrue(
                Duration.ofSeconds(30),
                () -> "the import is not done",
                () -> owner.request()
                        .get("/api/v1/projects/" + id)
                        .jsonPath()
                        .getString("status")
                        .equals("ready"));
        session = TestProject.session(owner, UUID.fromString(id));
    }

    /** @return the commit */
    private String commit(String file) throws Exception {
        Room.bean(SessionWorkspaces.class).open(session);
        LocalGit.in(sandboxes.of(session).workspace()).write(file, file + "\n");
        return owner.request()
                .body(Map.of("message", "Add " + file, "all", true))
                .post("/api/v1/sessions/" + session + "/git/commits")
                .then()
                .statusCode(201)
                .extract()
                .path("commit");
    }

    private ValidatableResponse push(Map<String, ?> body) {
        return owner.request()
                .body(body)
                .post("/api/v1/sessions/" + session + "/git/push")
                .then();
    }
}
