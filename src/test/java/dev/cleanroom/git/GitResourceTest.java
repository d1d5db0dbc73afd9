package dev.cleanroom.git;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class GitResourceTest {
    private static final String SESSION_BRANCH = "refs/heads/session/" + UUID.randomUUID();

    @Inject
    Packs packs;

    @Inject
    Refs refs;

    @TempDir
    Path temporary;

    private static Somebody ada; // signing up is slow on purpose
    private UUID project;
    private LocalGit source;
    private LocalGit client;
    private String main;

    @BeforeEach
    void makeAProjectWithHistory() throws IOException {
        ada = ada == null ? TestPeople.member("Ada") : ada;
        project = TestProject.begun(ada);
        client = LocalGit.in(temporary);
        String first = refs.resolve(project, "main").orElseThrow();
        source = clone(ada.token(), "source");
        for (int i = 1; i <= 5; i++) {
            source.write("src/file" + i + ".txt", "content " + i + "\n".repeat(i))
                    .write("blob" + i + ".bin", random(i));
            source.commit("commit " + i);
        }
        main = source.run("rev-parse", "HEAD");
        source.run("tag", "-a", "v1", "-m", "one", "HEAD~2");
        source.run("tag", "light", "HEAD~1");
        receive(source.pack(main, "^" + first), "refs/heads/main", first, main);
        refs.create(project, "refs/tags/light", source.run("rev-parse", "light"));
        refs.create(project, SESSION_BRANCH, source.run("rev-parse", "HEAD~1"));
        source.run("checkout", "-q", "-b", "hidden");
        source.write("secret.txt", "checkpoint\n");
        String hidden = source.commit("checkpoint");
        receive(source.pack(hidden, "^" + main), Refs.HIDDEN + "session/1/tree", null, hidden);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2"})
    void isClonedWithItsSessionBranchesButWithoutHiddenRefs(String version) throws IOException {
        var copy = clone(ada.token(), "copy", "-c", "protocol.version=" + version, "--mirror");

        assertThat(copy.run("for-each-ref", "--format=%(refname) %(objectname)").lines())
                .containsExactlyInAnyOrder(
                        "refs/heads/main " + main,
                        SESSION_BRANCH + " " + source.run("rev-parse", "main~1"),
                        "refs/tags/light " + source.run("rev-parse", "light"));
        assertThat(copy.run("fsck", "--strict")).isEmpty();
        assertThat(copy.run("ls-tree", "-r", "main")).isEqualTo(source.run("ls-tree", "-r", "main"));
        assertThat(copy.run("symbolic-ref", "HEAD")).isEqualTo("refs/heads/main");
        String refused = copy.attempt(
                        InputStream.nullInputStream(), "fetch", url(ada.token()), Refs.HIDDEN + "session/1/tree")
                .stderr();
        assertThat(refused).contains("couldn't find remote ref");
    }

    @Test
    void isClonedShallowAndDeepenedLater() throws IOException {
        var copy = clone(ada.token(), "copy", "--depth", "2");

        assertThat(copy.run("rev-list", "--count", "HEAD")).isEqualTo("2");
        copy.run("fetch", "-q", "--depth", "4");
        assertThat(copy.run("rev-list", "--count", "HEAD")).isEqualTo("4");
        copy.run("fetch", "-q", "--unshallow");
        assertThat(copy.run("rev-list", "--count", "HEAD")).isEqualTo("6");
        assertThat(copy.run("fsck", "--strict")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blob:none", "tree:0", "blob:limit=100"})
    void isClonedInPartAndFetchesTheRestWhenNeeded(String filter) throws IOException {
        var copy = clone(ada.token(), "copy", "--filter=" + filter);

        assertThat(copy.run("log", "-p", "--format=%s", "--", "src")).contains("commit 1", "+content 3");
        assertThat(copy.run("ls-tree", "-r", "HEAD")).isEqualTo(source.run("ls-tree", "-r", "main"));
    }

    @Test
    void fetchesOnlyWhatIsNew() throws IOException {
        var copy = clone(ada.token(), "copy", "--single-branch");
        source.run("checkout", "-q", "main");
        source.write("new.txt", "new\n");
        String next = source.commit("next");
        receive(source.pack(next, "^" + main), "refs/heads/main", main, next);

        copy.run("pull", "-q", "--ff-only");

        assertThat(copy.run("rev-parse", "HEAD")).isEqualTo(next);
        assertThat(copy.path("new.txt")).hasContent("new\n");
        copy.run("fetch", "-q");
    }

    @Test
    void takesManyHavesInAZippedBody() throws IOException {
        var copy = clone(ada.token(), "copy");
        for (int i = 0; i < 200; i++) {
            copy.commit("mine " + i);
        }
        source.run("checkout", "-q", "main");
        source.write("new.txt", "new\n");
        String next = source.commit("next");
        receive(source.pack(next, "^" + main), "refs/heads/main", main, next);

        copy.run("fetch", "-q", "origin");

        assertThat(copy.run("rev-parse", "origin/main")).isEqualTo(next);
    }

    @Test
    void isClosedToStrangersCookiesAndWrongTokens() {
        var stranger = TestPeople.member("Eve");

        assertThat(failure(url("wrong"))).contains("Authentication failed");
        assertThat(failure("http://localhost:" + port() + "/git/" + project + ".git"))
                .contains("could not read Username");
        assertThat(failure(url(stranger.token()))).contains("not found");
        given().cookie("cleanroom", TestPeople.cookie(ada.email()))
                .get("/git/" + project + ".git/info/refs?service=git-upload-pack")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", equalTo("Basic realm=\"Cleanroom\""));
        assertThat(failure("http://x:" + ada.token() + "@localhost:" + port() + "/git/nonsense.git"))
                .contains("not found");
    }

    @Test
    void isReadByViewersAndByTokensForGitAlone() {
        var bob = TestPeople.member("Bob");
        TestProject.addMember(ada, project, bob, "viewer");
        String token = bob.request()
                .body(Map.of("name", "laptop", "scopes", new String[] {"git"}))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");

        assertThat(client.run("ls-remote", url(token), "refs/heads/main")).startsWith(main);
    }

    @Test
    void givesTheDefaultBranchAsAZip() throws Exception {
        source.run("checkout", "-q", "main");
        source.write("run.sh", "#!/bin/sh\n");
        assertThat(source.path("run.sh").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(source.path("link"), Path.of("src/file1.txt"));
        source.write("name with \u00e4.txt", "x");
        String next = source.commit("odd files");
        receive(source.pack(next, "^" + main), "refs/heads/main", main, next);

        byte[] zip = ada.request()
                .get("/api/v1/projects/" + project + "/archive.zip")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", "sandbox")
                .extract()
                .asByteArray();

        Files.write(temporary.resolve("a.zip"), zip);
        var unzip = new ProcessBuilder("python3", "-c", """
                import zipfile, os, stat
                z = zipfile.ZipFile('a.zip')
                assert z.testzip() is None
                for e in z.infolist():
                    t = 'out/' + e.filename
                    os.makedirs(os.path.dirname(t), exist_ok=True)
                    mode = e.external_attr >> 16
                    if stat.S_ISLNK(mode): os.symlink(z.read(e).decode(), t)
                    else:
                        open(t, 'wb').write(z.read(e))
                        os.chmod(t, mode & 0o777)
                """)
                .directory(temporary.toFile())
                .inheritIO()
                .start();
        assertThat(unzip.waitFor()).isZero();
        var out = LocalGit.init(temporary.resolve("out"));
        out.run("add", "-A");
        assertThat(out.run("write-tree")).isEqualTo(source.run("rev-parse", next + "^{tree}"));
    }

    private String failure(String url) {
        var outcome = client.attempt(InputStream.nullInputStream(), "ls-remote", url);
        assertThat(outcome.exitCode()).isNotZero();
        return outcome.stderr();
    }

    private LocalGit clone(String token, String name, String... options) throws IOException {
        var target = Files.createDirectories(temporary.resolve(name));
        var command = new java.util.ArrayList<>(java.util.List.of("clone", "-q"));
        command.addAll(java.util.List.of(options));
        command.addAll(java.util.List.of(url(token), "."));
        var copy = LocalGit.in(target);
        copy.run(command.toArray(String[]::new));
        return copy;
    }

    private String url(String token) {
        return "http://anybody:" + token + "@localhost:" + port() + "/git/" + project + ".git";
    }

    private static int port() {
        return Integer.parseInt(TestPeople.origin().replaceAll(".*:", ""));
    }

    private void receive(byte[] pack, String ref, String expected, String commit) {
        assertThat(packs.receive(project, new ByteArrayInputStream(pack), ref, Optional.ofNullable(expected), commit))
                .isTrue();
    }

    private static byte[] random(int seed) {
        var bytes = new byte[20_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
