package dev.cleanroom.git;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalGit.Outcome;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.jgit.internal.storage.dfs.DfsFsck;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes of the real git client. After each test the repository and a clone of it are checked whole. */
@QuarkusTest
class PushedTest {
    @Inject
    Refs refs;

    @Inject
    Repositories repositories;

    @TempDir
    Path temporary;

    private PushRoom room;
    private Somebody ada;
    private UUID project;
    private LocalGit work;
    private String first;

    @BeforeEach
    void cloneAProject() throws IOException {
        room = new PushRoom(temporary);
        ada = room.ada;
        project = room.project;
        work = room.work;
        first = room.first;
    }

    @AfterEach
    void isWhole() throws IOException {
        try (var repository = repositories.openStored(project)) {
            var found = new DfsFsck(repository).check(NullProgressMonitor.INSTANCE);
            assertThat(found.getCorruptObjects()).isEmpty();
            assertThat(found.getCorruptIndices()).isEmpty();
            assertThat(found.getMissingObjects()).isEmpty();
        }
        assertThat(room.clone("checked", "--mirror").run("fsck", "--strict")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2"})
    void takesCommitsBranchesAndTagsAndDeletesThem(String version) throws IOException {
        work.run("config", "protocol.version", version);
        String commit = work.write("a.txt", "a\n").commit("a");
        work.run("tag", "-a", "v1", "-m", "one");
        work.run("tag", "light");
        work.run("push", "-q", "origin", "main", "main:feature/a", "v1", "light");

        assertThat(room.remote())
                .containsExactly(
                        commit + " refs/heads/feature/a",
                        commit + " refs/heads/main",
                        commit + " refs/tags/light",
                        work.run("rev-parse", "v1") + " refs/tags/v1",
                        commit + " refs/tags/v1^{}");

        work.run("push", "-q", "origin", "--delete", "feature/a", "light");

        assertThat(room.remote())
                .extracting(line -> line.replaceAll(".* ", ""))
                .containsExactly("refs/heads/main", "refs/tags/v1", "refs/tags/v1^{}");
    }

    @Test
    void takesAForcedPushOnlyWhenForced() throws IOException {
        work.write("a.txt", "a\n").commit("a");
        work.run("push", "-q", "origin", "main");
        work.run("commit", "-q", "--amend", "-m", "b");
        String amended = work.run("rev-parse", "HEAD");

        assertThat(room.push("origin", "main").stderr()).contains("non-fast-forward");
        assertThat(room.push("--force-with-lease=main:" + first, "origin", "main")
                        .stderr())
                .contains("stale info");
        work.run("push", "-q", "--force-with-lease", "origin", "main");

        assertThat(room.remote()).containsExactly(amended + " refs/heads/main");
        work.run("reset", "-q", "--hard", first);
        work.run("push", "-q", "--force", "origin", "main");
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
    }

    @Test
    void doesAllOfAnAtomicPushOrNothing() throws IOException {
        String commit = work.write("a.txt", "a\n").commit("a");

        var refused = room.push("--atomic", "origin", "main", "main:other", "main:refs/heads/session/x");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
        work.run("push", "-q", "--atomic", "origin", "main", "main:other");
        assertThat(room.remote()).containsExactly(commit + " refs/heads/main", commit + " refs/heads/other");
    }

    @Test
    void doesWhatItCanOfAPushThatIsNotAtomic() throws IOException {
        String commit = work.write("a.txt", "a\n").commit("a");

        var refused = room.push("origin", "main", "main:refs/heads/session/x");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("a session's branch is moved by its session");
        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
    }

    @Test
    void takesPushOptionsAndEmptyPushes() throws IOException {
        String commit = work.commit("empty");

        work.run("push", "-q", "-o", "ci.skip", "origin", "main");
        work.run("push", "-q", "origin", "main");

        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
    }

    @Test
    void takesAMirrorAndTwoThousandTagsAtOnce() throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            lines.append("create refs/tags/t%d %s\n".formatted(i, first));
        }
        work.attempt(
                new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.US_ASCII)),
                "update-ref",
                "--stdin");

        work.run("push", "-q", "--dry-run", "--tags", "origin");
        assertThat(room.remote()).hasSize(1);
        work.run("push", "-q", "--tags", "origin");
        assertThat(room.remote()).hasSize(2_001);

        var mirror = room.clone("mirror", "--mirror");
        mirror.run("tag", "-d", "t0");
        mirror.run("branch", "-q", "also", "main");
        mirror.run("push", "-q", "--mirror", room.url(ada.token()));
        assertThat(room.remote()).hasSize(2_001).contains(first + " refs/heads/also");
    }

    @Test
    void takesAPushFromAShallowClone() throws IOException {
        work.write("a.txt", "a\n").commit("a");
        work.run("push", "-q", "origin", "main");
        var shallow = room.clone("shallow", "--depth", "1");
        String commit = shallow.write("b.txt", "b\n").commit("b");

        shallow.run("push", "-q", "origin", "main");

        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
    }

    @Test
    void takesAPushFromAPartialClone() throws IOException {
        work.write("a.txt", "a\n").commit("a");
        work.run("push", "-q", "origin", "main");
        var partial = room.clone("partial", "--filter=blob:none", "--no-checkout");
        partial.run("reset", "-q", "--hard");
        String commit = partial.write("b.txt", "b\n").commit("b");

        partial.run("push", "-q", "origin", "main");

        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
    }

    @Test
    void takesChunkedPushesThatDoNotFitTheClientsBuffer() throws IOException {
        var bytes = random(6 << 20);
        String commit = work.write("big.bin", bytes).commit("big");

        work.run("-c", "http.postBuffer=65536", "push", "-q", "origin", "main");

        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
        assertThat(room.clone("copy").path("big.bin")).hasBinaryContent(bytes);
    }

    @Test
    void keepsHiddenRefsToItself() throws IOException {
        refs.create(project, Refs.HIDDEN + "session/1/tree", first);
        String commit = work.commit("mine");

        var refused = room.push("origin", "main:" + Refs.HIDDEN + "session/2/tree");
        var deleted = room.push("origin", ":" + Refs.HIDDEN + "session/1/tree");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("refs below refs/cleanroom/ are the server's own");
        assertThat(deleted.exitCode()).isNotZero();
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
        assertThat(refs.resolve(project, Refs.HIDDEN + "session/1/tree")).contains(first);
        assertThat(commit).isNotEqualTo(first);
    }

    @Test
    void refusesNamesOfWhichAFolderCouldHoldOnlyOne() throws IOException {
        work.commit("mine");
        work.run("push", "-q", "origin", "main:b1");

        var refused = room.push("origin", "main:b1/sub");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("conflicting name");
    }

    @Test
    void takesNoObjectAboveTheLimitAndSaysSo() throws IOException {
        work.write("big.bin", new byte[(int) PackLimits.MAX_OBJECT_BYTES + 1]).commit("big");

        var refused = room.push("origin", "main");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("A file is larger than 100 MiB, the limit here");
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
    }

    @Test
    void takesNoBrokenObjects() throws IOException {
        Files.writeString(work.path("commit"), """
                tree %s
                parent %s
                author nobody
                committer nobody

                broken
                """.formatted(work.run("rev-parse", "HEAD^{tree}"), first));
        Files.writeString(work.path("tree"), "x");
        String tree = work.attempt(
                        new ByteArrayInputStream(
                                ("100644 blob " + work.run("hash-object", "-w", "tree") + "\t.git\n").getBytes()),
                        "mktree")
                .text()
                .strip();
        String commit = work.run("commit-tree", tree, "-p", first, "-m", "bad");

        var refused = room.push("origin", commit + ":refs/heads/bad");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("cannot be taken in");
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
    }

    @Test
    void isForEditorsWithAToken() throws IOException {
        var vic = TestPeople.member("Vic");
        TestProject.addMember(ada, project, vic, "viewer");
        work.commit("mine");

        var refused = room.push(room.url(vic.token()), "main");

        assertThat(refused.stderr()).contains("You are a viewer of this project; to push you must be an editor");
        given().header("Authorization", "Bearer " + vic.token())
                .contentType("application/x-git-receive-pack-request")
                .body("0000".getBytes())
                .post("/git/" + project + ".git/git-receive-pack")
                .then()
                .statusCode(403)
                .body("type", equalTo("project.role"));
        given().cookie("cleanroom", TestPeople.cookie(ada.email()))
                .header("Origin", TestPeople.origin())
                .contentType("application/x-git-receive-pack-request")
                .body("0000".getBytes())
                .post("/git/" + project + ".git/git-receive-pack")
                .then()
                .statusCode(401);
        assertThat(room.push(room.url(token(List.of("sessions"), List.of())), "main")
                        .exitCode())
                .isNotZero();
        assertThat(room.push(room.url(token(List.of("git"), List.of(TestProject.empty(ada)))), "main")
                        .stderr())
                .contains("not found");
        assertThat(room.push(room.url(token(List.of("git"), List.of(project))), "main")
                        .exitCode())
                .isZero();
    }

    @Test
    void leavesAnArchivedProjectAlone() throws IOException {
        ada.request()
                .body(Map.of("archived", true))
                .patch("/api/v1/projects/" + project)
                .then()
                .statusCode(200);
        work.commit("mine");

        assertThat(room.push("origin", "main").stderr()).contains("This project is archived and takes no pushes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hasOneLineInTheServersLogWhenItsClientDies(boolean resets) throws Exception {
        work.write("big.bin", random(3 << 20)).commit("big");
        var log = new LinkedBlockingQueue<LogRecord>();
        var root = java.util.logging.Logger.getLogger("");
        var handler = new ConsoleHandler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getThrown() != null || line.getMessage().startsWith("A client left")) {
                    log.add(line);
                }
            }
        };
        root.addHandler(handler);
        try (var client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            var request = new ByteArrayOutputStream();
            request.write("""
                    POST /git/%s.git/git-receive-pack HTTP/1.1\r
                    Host: localhost:%d\r
                    Authorization: Bearer %s\r
                    Content-Type: application/x-git-receive-pack-request\r
                    Content-Length: 9000000\r
                    \r
                    """.formatted(project, RestAssured.port, ada.token()).getBytes(StandardCharsets.US_ASCII));
            String command = "%s %s refs/heads/main\0 report-status".formatted(first, work.run("rev-parse", "HEAD"));
            request.write("%04x%s0000".formatted(command.length() + 4, command).getBytes(StandardCharsets.US_ASCII));
            request.write(work.pack("main", "^" + first), 0, 2 << 20);
            client.getOutputStream().write(request.toByteArray());
            client.setSoLinger(resets, 0);
        }

        var line = log.poll(30, TimeUnit.SECONDS);

        root.removeHandler(handler);
        assertThat(line.getThrown()).isNull();
        assertThat(line.getLevel()).isEqualTo(Level.INFO);
        assertThat(log).isEmpty();
        assertThat(room.remote()).containsExactly(first + " refs/heads/main");
        work.run("push", "-q", "origin", "main");
    }

    @Test
    void letsHeadNameABranchThatIsThere() throws IOException {
        assertThat(refs.delete(project, "refs/heads/main", first)).isTrue();
        String commit = work.commit("mine");

        work.run("push", "-q", "origin", "main:master");

        assertThat(work.run("ls-remote", "--symref", "origin", "HEAD"))
                .startsWith("ref: refs/heads/master")
                .contains(commit);
        ada.request().get("/api/v1/projects/" + project).then().body("defaultBranch", equalTo("master"));
    }

    @Test
    void letsExactlyOneOfEightPushesToOneBranchWin() throws Exception {
        var clients = new ArrayList<LocalGit>();
        for (int i = 0; i < 8; i++) {
            clients.add(room.clone("client" + i));
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 8; i++) {
                clients.get(i).run("fetch", "-q");
                clients.get(i).run("reset", "-q", "--hard", "origin/main");
                clients.get(i).write("file" + i, "round " + round).commit("client " + i);
            }
            var outcomes = atOnce(
                    clients.stream()
                            .map(client -> new String[] {"push", "-q", "origin", "main"})
                            .toList(),
                    clients);
            var winners = new ArrayList<String>();
            for (int i = 0; i < 8; i++) {
                if (outcomes.get(i).exitCode() == 0) {
                    winners.add(clients.get(i).run("rev-parse", "main"));
                }
            }
            assertThat(winners).as("round " + round).hasSize(1);
            assertThat(room.remote()).containsExactly(winners.getFirst() + " refs/heads/main");
        }
        var branches = new ArrayList<String[]>();
        for (int i = 0; i < 8; i++) {
            branches.add(new String[] {"push", "-q", "origin", "main:branch" + i});
        }
        assertThat(atOnce(branches, clients)).allMatch(outcome -> outcome.exitCode() == 0);
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static List<Outcome> atOnce(List<String[]> commands, List<LocalGit> clients) throws Exception {
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Outcome>>();
            for (int i = 0; i < clients.size(); i++) {
                var client = clients.get(i);
                var command = commands.get(i);
                running.add(threads.submit(() -> {
                    go.await();
                    return client.attempt(InputStream.nullInputStream(), command);
                }));
            }
            go.countDown();
            var outcomes = new ArrayList<Outcome>();
            for (var each : running) {
                outcomes.add(each.get());
            }
            return outcomes;
        }
    }

    private String token(List<String> scopes, List<UUID> projects) {
        return ada.request()
                .body(Map.of("name", "laptop", "scopes", scopes, "projects", projects))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }
}
