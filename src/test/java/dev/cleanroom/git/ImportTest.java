package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.project.Source;
import dev.cleanroom.testing.GitServer;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class ImportTest {
    private static Somebody ada; // signing up is slow on purpose

    @Inject
    Repositories repositories;

    @Inject
    Refs refs;

    @Inject
    RefStore refStore;

    @Inject
    PackStore packs;

    @Inject
    Import imports;

    @Inject
    OutboundClient client;

    @Inject
    AgroalDataSource database;

    @TempDir
    Path temporary;

    private GitServer server;
    private LocalGit source;

    @BeforeEach
    void serveARepository() throws IOException {
        ada = ada == null ? TestPeople.member("Ada") : ada;
        source = LocalGit.init(temporary.resolve("public.git"));
        source.run("checkout", "-q", "-b", "trunk");
        for (int i = 0; i < 4; i++) {
            source.write("file" + i + ".txt", "content\n".repeat(i)).write("blob" + i + ".bin", random(i));
            source.commit("commit " + i);
        }
        source.run("tag", "-a", "v1", "-m", "one");
        source.run("tag", "light", "HEAD~1");
        source.run("branch", "feature/x", "HEAD~2");
        Files.createDirectories(temporary.resolve("private"));
        source.run(
                "clone",
                "-q",
                "--bare",
                ".",
                temporary.resolve("private/repo.git").toString());
        server = GitServer.start(temporary);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void fetchesEveryBranchAndTagAndTakesOverTheDefaultBranch() throws IOException {
        var project = create(server.url("public.git/.git"), null);

        var ready = await(project, "ready"::equals);

        assertThat(ready.getString("defaultBranch")).isEqualTo("trunk");
        var copy = LocalGit.in(Files.createDirectories(temporary.resolve("copy")));
        copy.run("clone", "-q", "--mirror", own(project), ".");
        String format = "--format=%(refname) %(objectname)";
        assertThat(copy.run("for-each-ref", format)).isEqualTo(source.run("for-each-ref", format));
        assertThat(copy.run("fsck", "--strict")).isEmpty();
        assertThat(copy.run("symbolic-ref", "HEAD")).isEqualTo("refs/heads/trunk");
    }

    @Test
    void tellsHowFarItIs() {
        server.pause();
        var project = create(server.url("public.git/.git"), null);

        var importing = await(
                project,
                status -> status.equals("importing"),
                json -> "Receiving objects".equals(json.getString("progress.phase"))
                        && json.getLong("progress.done") > 0);

        assertThat(importing.getLong("progress.total")).isGreaterThan(importing.getLong("progress.done"));
        server.resume();
        await(project, "ready"::equals);
    }

    @Test
    void fetchesAPrivateRepositoryWithAToken() {
        var project = create(server.url("private/repo.git"), GitServer.PASSWORD);

        await(project, "ready"::equals);

        assertThat(refs.resolve(project, "v1")).contains(source.run("rev-parse", "v1^{commit}"));
        assertThat(refs.resolve(project, "feature/x")).contains(source.run("rev-parse", "feature/x"));
    }

    @Test
    void followsARedirectToWhereTheRepositoryIs() {
        server.redirect("/moved", server.url("public.git/.git"));

        await(create(server.url("moved"), null), "ready"::equals);
    }

    @Test
    void isEmptyWhereTheRemoteIsEmpty() throws IOException {
        LocalGit.init(temporary.resolve("empty.git"));
        var project = create(server.url("empty.git/.git"), null);

        var ready = await(project, "ready"::equals);

        assertThat(ready.getString("defaultBranch")).isEqualTo("main");
        assertThat(refs.resolve(project, "HEAD")).isEmpty();
    }

    @Test
    void saysWhyItCannot() {
        server.redirect("/inside", "http://10.1.2.3/repo.git");
        server.redirect("/metadata", "http://169.254.169.254/latest");
        server.redirect("/loop", server.url("loop/x"));
        String own = TestPeople.origin().replace("localhost", "127.0.0.1");

        assertFails(server.url("nothing.git"), null, "project.import-not-found", "no such repository");
        assertFails(server.url("private/repo.git"), null, "project.import-needs-password", "access token");
        assertFails(server.url("private/repo.git"), "wrong", "project.import-password-refused", "does not accept");
        assertFails(server.url("page"), null, "project.import-not-git", "git clone");
        assertFails(
                "http://10.1.2.3/repo.git", null, "project.import-private-address", "CLEANROOM_OUTBOUND_PRIVATE_HOSTS");
        assertFails("http://127.0.0.1:1/repo.git", null, "project.import-private-address", "private address");
        assertFails(own + "/git/x.git", null, "project.import-private-address", "127.0.0.1");
        assertFails(server.url("inside"), null, "project.import-private-address", "10.1.2.3");
        assertFails(server.url("metadata"), null, "project.import-private-address", "link-local");
        assertFails(server.url("loop"), null, "project.import-not-git", "again and again");
        assertFails(
                "http://" + GitServer.HOST + ":1/repo.git", null, "project.import-unreachable", "cannot be reached");
    }

    @Test
    void sendsATokenToTheHostThatItIsForAndToNoOther() throws IOException {
        try (var other = GitServer.start(temporary)) {
            server.redirect("/moved", other.url("private/repo.git"));

            assertFails(server.url("moved"), GitServer.PASSWORD, "project.import-password-refused", "does not accept");

            assertThat(server.authorizations()).isNotEmpty();
            assertThat(other.authorizations()).isEmpty();
        }
    }

    @Test
    void refusesARepositoryThatIsTooLarge() throws IOException {
        var project = UUID.randomUUID();
        repositories.create(project);
        var limited = new RemoteImport(client, () -> 1_000_000L);

        try (var repository = repositories.openStored(project)) {
            assertThatThrownBy(() -> limited.fetch(
                            repository,
                            new Source.Git(server.url("public.git/.git"), Optional.empty()),
                            NullProgressMonitor.INSTANCE))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo("project.import-too-large"));
        }
        assertThat(refs.list(project, "refs/")).isEmpty();
    }

    @Test
    void leavesNothingWhenTheConnectionBreaks() throws SQLException {
        server.cut();
        var project = create(server.url("public.git/.git"), null);

        var failed = await(project, "failed"::equals);

        assertThat(failed.getString("problem.type")).isEqualTo("project.import-unreachable");
        assertThat(refs.list(project, "refs/")).isEmpty();
        assertThat(count("select count(*) from git_pack where project_id = ?", project))
                .isZero();
    }

    @Test
    void stopsWhenTheProjectIsDeleted() throws SQLException {
        server.pause();
        var project = create(server.url("public.git/.git"), null);
        var importing = await(
                project,
                status -> status.equals("importing"),
                json -> "Receiving objects".equals(json.getString("progress.phase")));

        ada.request()
                .delete("/api/v1/projects/" + project + "?name=" + importing.getString("name"))
                .then()
                .statusCode(204);
        server.resume();

        assertThat(count("select count(*) from git_repo where project_id = ?", project))
                .isZero();
        assertThat(count("select count(*) from git_chunk where pack_id not in (select id from git_pack)", null))
                .isZero();
    }

    @Test
    void isConsistentAfterAKillInTheMiddle() throws Exception {
        var project = UUID.randomUUID();
        repositories.create(project);
        server.pause();
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ImportInAnotherJvm.class.getName(),
                        project.toString(),
                        server.url("public.git/.git"))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("child.log").toFile());
        ImportInAnotherJvm.database(child.environment(), ConfigProvider.getConfig());
        var process = child.start();
        try {
            poll(() -> count(
                            "select count(*) from git_chunk c join git_pack p on p.id = c.pack_id"
                                    + " where p.project_id = ?",
                            project)
                    > 0);
        } finally {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        server.resume();

        assertThat(count("select count(*) from git_pack where project_id = ? and state = 0", project))
                .isOne();
        assertThat(refs.list(project, "refs/")).isEmpty();
        assertThat(refStore.unfilled()).contains(project);
        packs.sweep(Duration.ofHours(1), Duration.ZERO);
        assertThat(count("select count(*) from git_pack where project_id = ?", project))
                .isZero();
        try (var repository = repositories.openStored(project)) {
            new RemoteImport(client, () -> 1L << 30)
                    .fetch(
                            repository,
                            new Source.Git(server.url("public.git/.git"), Optional.empty()),
                            NullProgressMonitor.INSTANCE);
        }
        assertThat(refs.resolve(project, "HEAD")).contains(source.run("rev-parse", "HEAD"));
    }

    @Test
    void isGivenUpAfterARestart() {
        server.pause();
        var project = create(server.url("public.git/.git"), null);
        await(
                project,
                status -> status.equals("importing"),
                json -> "Receiving objects".equals(json.getString("progress.phase")));

        imports.giveUpOnInterrupted(null);

        var failed = await(project, "failed"::equals);
        assertThat(failed.getString("problem.type")).isEqualTo("project.import-interrupted");
        assertThat(failed.getString("problem.detail")).contains("import it again");
    }

    private void assertFails(String url, String token, String code, String detail) {
        var problem = await(create(url, token), "failed"::equals);

        assertThat(problem.getString("problem.type")).as(url).isEqualTo(code);
        assertThat(problem.getString("problem.detail")).contains(detail).endsWith(".");
    }

    private static UUID create(String url, String token) {
        var from = new HashMap<>(Map.of("kind", "git", "url", url));
        if (token != null) {
            from.put("token", token);
        }
        String id = ada.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", from))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return UUID.fromString(id);
    }

    private static JsonPath await(UUID project, Predicate<String> status) {
        return await(project, status, json -> true);
    }

    private static JsonPath await(UUID project, Predicate<String> status, Predicate<JsonPath> more) {
        var seen = new JsonPath[1];
        poll(() -> {
            seen[0] = ada.request().get("/api/v1/projects/" + project).jsonPath();
            return status.test(seen[0].getString("status")) && more.test(seen[0]);
        });
        return seen[0];
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static void poll(Condition condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("in time").isLessThan(end);
                Thread.onSpinWait();
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private long count(String sql, UUID project) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(sql)) {
            if (project != null) {
                select.setObject(1, project);
            }
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static String own(UUID project) {
        return TestPeople.origin().replace("http://", "http://x:" + ada.token() + "@") + "/git/" + project + ".git";
    }

    private static byte[] random(int seed) {
        var bytes = new byte[1_000_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
