package dev.cleanroom.git.reading;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Repositories;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class ReadingTest {
    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab".repeat(32) + "\nsize 12345\n";
    private static final String CRLF = "one\r\ntwo\r\n";
    private static final byte[] BINARY = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2};
    private static final String ELSEWHERE = "12".repeat(20); // a submodule's commit

    @Inject
    Packs packs;

    @Inject
    Refs refs;

    @Inject
    Repositories repositories;

    @TempDir
    static Path temporary;

    private static Somebody ada; // the repository is made once: nothing here writes to it
    private static UUID project;
    private static LocalGit work;
    private static String hidden;

    @BeforeEach
    void makeARepository() throws IOException {
        if (project != null) {
            return;
        }
        ada = TestPeople.member("Ada");
        var made = TestProject.empty(ada);
        work = LocalGit.init(temporary.resolve("work"));
        work.write("README.md", "# Ferry\n")
                .write("src/app.txt", lines(1, 20))
                .write("crlf.txt", CRLF)
                .write("raw.bin", BINARY)
                .write("lfs.dat", LFS)
                .write("name with space.txt", "space\n")
                .write("line\nbreak.txt", "break\n")
                .write("\ud83d\ude00.txt", "smile\n");
        Files.createSymbolicLink(work.path("link"), Path.of("src/app.txt"));
        work.commit("Begin\n\nThe first of all.\n\nTwice.");
        work.run("tag", "-a", "v1", "-m", "one");
        work.run("mv", "src/app.txt", "src/main.txt");
        work.write("src/main.txt", lines(1, 20).replace("line 7\n", "line seven\n"));
        work.run("add", "-A");
        work.run("commit", "-q", "-m", "Rename it", "--author", "Grace <grace@example.org>");
        work.run("checkout", "-q", "-b", "feature/deep");
        work.write("feature.txt", "feature\n").commit("Add a feature");
        work.run("checkout", "-q", "main");
        work.write("README.md", "# Ferry\n\nDelivers.\n").commit("Say what it is");
        work.run("merge", "-q", "--no-ff", "-m", "Merge the feature", "feature/deep");
        work.run("checkout", "-q", "feature/deep");
        work.write("src/main.txt", lines(1, 21)).commit("Go on with the feature");
        work.run("checkout", "-q", "-b", "hidden");
        hidden = work.write("secret.txt", "checkpoint\n").commit("Checkpoint");
        work.run("checkout", "-q", "main");
        addOddEntries();
        work.run("commit", "-q", "-m", "Odd entries");
        receive(made, "refs/heads/main", null);
        receive(made, "refs/heads/feature/deep", null);
        receive(made, "refs/tags/v1", null);
        packs.receive(
                made,
                new ByteArrayInputStream(work.pack(hidden)),
                Refs.HIDDEN + "session/1/tree",
                Optional.empty(),
                hidden);
        project = made;
    }

    @Test
    void listsBranchesWithTheDefaultOneFirstAndHowFarTheyAreApart() {
        var session = TestProject.session(ada, project);

        var branches = get("branches", "").statusCode(200);

        branches.body("items[0].name", equalTo("main"))
                .body("items[0].commit", equalTo(id("main")))
                .body("items[0].isDefault", equalTo(true))
                .body("items[0].ahead", nullValue())
                .body("items.name", hasItem("feature/deep"))
                .body("items.name", not(hasItem(containsString("tree"))))
                .body("items.find { it.name == 'feature/deep' }.ahead", equalTo(1))
                .body("items.find { it.name == 'feature/deep' }.behind", equalTo(3))
                .body("items.find { it.name == 'feature/deep' }.subject", equalTo("Go on with the feature"))
                .body("items.find { it.name == 'feature/deep' }.author", equalTo("Ada"))
                .body("items.find { it.name == 'feature/deep' }.session", nullValue())
                .body("items.find { it.name == 'session/" + session + "' }.session.id", equalTo(session.toString()))
                .body("items.find { it.name == 'session/" + session + "' }.session.title", equalTo("New session"))
                .body("items.find { it.name == 'session/" + session + "' }.ahead", equalTo(0));
        get("branches", "?q=DEEP").body("items.name", contains("feature/deep"));
        var first = get("branches", "?limit=1").body("items.name", contains("main"));
        get("branches", "?limit=1&cursor=" + first.extract().path("next"))
                .body("items", hasSize(1))
                .body("items[0].name", not(equalTo("main")));
        get("branches", "?cursor=nonsense").statusCode(400).body("type", equalTo("git.cursor"));
    }

    @Test
    void listsTagsAtTheCommitTheyStandFor() {
        get("tags", "")
                .statusCode(200)
                .body("items.name", contains("v1"))
                .body("items[0].commit", equalTo(id("v1^{commit}")))
                .body("items[0].subject", equalTo("Begin"));
    }

    @Test
    void listsAFolderWithTheNewestCommitOfEachEntry() {
        var tree = get("tree", "?at=main").statusCode(200).extract().jsonPath();

        assertThat(tree.getString("commit")).isEqualTo(id("main"));
        assertThat(tree.getList("items.name", String.class))
                .startsWith("odd \u00e9", "src")
                .contains("name with space.txt", "line\nbreak.txt", "\ud83d\ude00.txt", "caf\u00e9.txt", "vendor");
        assertThat(kind(tree, "src")).isEqualTo("directory");
        assertThat(kind(tree, "link")).isEqualTo("symlink");
        assertThat(kind(tree, "vendor")).isEqualTo("submodule");
        assertThat(kind(tree, "raw.bin")).isEqualTo("file");
        assertThat(item(tree, "raw.bin", "size")).isEqualTo(BINARY.length);
        assertThat(item(tree, "src", "size")).isNull();
        assertThat(item(tree, "tool.sh", "executable")).isEqualTo(true);
        assertThat(item(tree, "vendor", "id")).isEqualTo(ELSEWHERE);
        assertThat(subject(tree, "README.md")).isEqualTo("Say what it is");
        assertThat(subject(tree, "crlf.txt")).isEqualTo("Begin");
        assertThat(subject(tree, "src")).isEqualTo("Rename it");
        assertThat(subject(tree, "feature.txt")).isEqualTo("Add a feature");
        assertThat(subject(tree, "vendor")).isEqualTo("Odd entries");
        var below = get("tree", "?at=main&path=src").extract().jsonPath();
        assertThat(below.getList("items.path", String.class)).containsExactly("src/main.txt");
        assertThat(subject(below, "main.txt")).isEqualTo("Rename it");
    }

    @Test
    void listsALargeFolderInParts() {
        var first = get("tree", "?at=main&limit=3").body("items", hasSize(3));
        String commit = first.extract().path("commit");
        String next = first.extract().path("next");

        var names = get("tree", "?limit=1000&at=" + commit + "&cursor=" + next)
                .body("next", nullValue())
                .extract()
                .jsonPath()
                .getList("items.name", String.class);

        assertThat(names)
                .hasSizeGreaterThan(8)
                .doesNotContainAnyElementsOf(first.extract().path("items.name"));
    }

    @Test
    void answersEveryFilesBytesAsTheyAre() {
        assertThat(content("crlf.txt")).isEqualTo(CRLF.getBytes(StandardCharsets.UTF_8));
        assertThat(content("raw.bin")).isEqualTo(BINARY);
        assertThat(content("lfs.dat")).asString().isEqualTo(LFS);
        assertThat(content("link")).asString().isEqualTo("src/app.txt");
        content("", "link").header("Cleanroom-Kind", "symlink");
        content("", "raw.bin").header("Cleanroom-Kind", "file");
        assertThat(content("line\nbreak.txt")).asString().isEqualTo("break\n");
        assertThat(content("\ud83d\ude00.txt")).asString().isEqualTo("smile\n");
        assertThat(content("caf\u00e9.txt")).asString().isEqualTo("not UTF-8\n");
        assertThat(content("odd \u00e9/inner.txt")).asString().isEqualTo("not UTF-8\n");
        String etag = "\"" + id("main:raw.bin") + "\"";
        var read = content("?at=v1", "raw.bin")
                .statusCode(200)
                .contentType("application/octet-stream")
                .header("ETag", etag)
                .header("Content-Disposition", startsWith("attachment"))
                .header("Content-Security-Policy", "sandbox")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Length", "" + BINARY.length);
        assertThat(read.extract().asByteArray()).isEqualTo(BINARY);
        ada.request()
                .header("If-None-Match", etag)
                .queryParam("path", "raw.bin")
                .get(address("content"))
                .then()
                .statusCode(304);
        content("", "src").statusCode(400).body("type", equalTo("git.not-a-file"));
        content("", "vendor").statusCode(400).body("detail", containsString("submodule"));
        content("", "src/app.txt").statusCode(404).body("type", equalTo("git.no-path"));
    }

    @Test
    void namesRevisionsByBranchTagAndIdAndHidesTheRest() {
        for (String at : List.of(
                "feature/deep",
                "refs/heads/feature/deep",
                id("feature/deep"),
                id("feature/deep").substring(0, 9))) {
            get("commits", "?limit=1&at=" + at).statusCode(200).body("commit", equalTo(id("feature/deep")));
        }
        get("commits", "?at=v1").body("commit", equalTo(id("v1^{commit}")));
        get("commits", "?at=HEAD").body("commit", equalTo(id("main")));
        for (String at : List.of(
                "nothing",
                Refs.HIDDEN + "session/1/tree",
                "main~1",
                "cafe",
                "0".repeat(40),
                id("main:README.md"),
                "..")) {
            get("tree", "?at=" + at)
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("type", equalTo("git.no-revision"))
                    .body("detail", containsString(at));
        }
    }

    @Test
    void isClosedToStrangers() {
        var eve = TestPeople.member("Eve");

        for (String what : List.of(
                "branches", "tags", "tree", "content", "commits", "commits/main", "compare", "blame", "search?q=a")) {
            eve.request().get(address(what)).then().statusCode(404).body("type", equalTo("project.not-found"));
            given().get(address(what)).then().statusCode(401);
        }
    }

    @Test
    void tellsTheHistoryInPartsThatAPushDoesNotMove() {
        var log = get("commits", "?limit=4").statusCode(200);
        log.body("items.subject[0]", equalTo("Odd entries"))
                .body("items.subject[1]", equalTo("Merge the feature"))
                .body("items[1].parents", contains(id("main~2"), id("main~1^2")))
                .body("limited", equalTo(false));
        String next = log.extract().path("next");

        get("commits", "?limit=4&at=nothing&cursor=" + next)
                .body("items.subject", contains("Rename it", "Begin"))
                .body("items[0].author.name", equalTo("Grace"))
                .body("items[0].author.email", equalTo("grace@example.org"))
                .body("items[0].committer.name", equalTo("Ada"))
                .body("items[1].committer", nullValue())
                .body("items[1].body", equalTo("The first of all.\n\nTwice."))
                .body("items[1].at", notNullValue())
                .body("next", nullValue());
        get("commits", "?author=GRACE").body("items.subject", contains("Rename it"));
        get("commits", "?cursor=1").statusCode(400).body("type", equalTo("git.cursor"));
    }

    @Test
    void followsAFileThroughItsRename() {
        get("commits", "?path=src/main.txt")
                .body("items.subject", contains("Rename it", "Begin"))
                .body("items[0].path", nullValue())
                .body("items[1].path", equalTo("src/app.txt"));
        get("commits", "?path=src&at=feature/deep")
                .body("items.subject", contains("Go on with the feature", "Rename it", "Begin"));
        get("commits", "?path=gone.txt").statusCode(404).body("type", equalTo("git.no-path"));
        get("commits", "?path=caf%C3%A9.txt").statusCode(400).body("type", equalTo("git.name-not-utf8"));
    }

    @Test
    void showsWhatACommitChanged() {
        get("commits/" + id("main~3"), "")
                .statusCode(200)
                .body("id", equalTo(id("main~3")))
                .body("subject", equalTo("Rename it"))
                .body("files", hasSize(1))
                .body("files[0].kind", equalTo("renamed"))
                .body("files[0].from", equalTo("src/app.txt"))
                .body("files[0].path", equalTo("src/main.txt"))
                .body("files[0].added", equalTo(1))
                .body("files[0].removed", equalTo(1))
                .body("files[0].patch", containsString("\n-line 7\n+line seven\n"))
                .body("limited", equalTo(false));
        var first = get("commits/v1", "").statusCode(200).extract().jsonPath();
        assertThat(first.getList("files.kind", String.class)).containsOnly("added");
        assertThat(first.getBoolean("files.find { it.path == 'raw.bin' }.binary"))
                .isTrue();
        assertThat(first.getString("files.find { it.path == 'crlf.txt' }.patch"))
                .contains("+one\r\n+two\r\n");
        get("commits/feature%2Fdeep", "").statusCode(200).body("id", equalTo(id("feature/deep")));
        get("commits/nothing", "").statusCode(404).body("type", equalTo("git.no-revision"));
    }

    @Test
    void aCommitsPatchesMakeTheCommit() throws IOException {
        var patches = get("commits/" + id("main~3"), "").extract().jsonPath().getList("files.patch", String.class);
        var copy = temporary.resolve("copy");
        work.run("clone", "-q", "--no-hardlinks", ".", copy.toString());
        var git = LocalGit.in(copy);
        git.run("checkout", "-q", "--detach", id("v1^{commit}"));

        var applied = git.attempt(
                new ByteArrayInputStream(String.join("", patches).getBytes(StandardCharsets.UTF_8)),
                "apply",
                "--index");

        assertThat(applied.exitCode()).as(applied.stderr()).isZero();
        assertThat(git.run("write-tree")).isEqualTo(id("main~3^{tree}"));
    }

    @Test
    void leavesOutPatchesThatNobodyCouldRead() throws IOException {
        var own = TestProject.empty(ada);
        var large = LocalGit.init(temporary.resolve("large"));
        large.commit("Begin");
        large.write("huge.txt", "a long line of text\n".repeat(20_000));
        for (int i = 0; i < 1_001; i++) {
            large.write("small/" + i + ".txt", i + "\n");
        }
        String commit = large.commit("Much");
        packs.receive(own, new ByteArrayInputStream(large.pack(commit)), "refs/heads/much", Optional.empty(), commit);

        var answer = ada.request()
                .get("/api/v1/projects/" + own + "/repository/commits/much")
                .then()
                .statusCode(200)
                .body("limited", equalTo(true))
                .body("files", hasSize(1_000))
                .extract()
                .jsonPath();

        assertThat(answer.getString("files[0].path")).isEqualTo("huge.txt");
        assertThat(answer.getInt("files[0].added")).isEqualTo(20_000);
        assertThat(answer.getString("files[0].patch")).isNull();
        assertThat(answer.getString("files[1].patch")).contains("+0\n");
    }

    @Test
    void comparesWithWhereTwoBranchesParted() {
        get("compare", "?to=feature/deep")
                .statusCode(200)
                .body("from", equalTo(id("main")))
                .body("to", equalTo(id("feature/deep")))
                .body("base", equalTo(id("main~1^2")))
                .body("commits.subject", contains("Go on with the feature"))
                .body("files.path", contains("src/main.txt"))
                .body("limited", equalTo(false));
        get("compare", "?from=v1&to=main")
                .body("base", equalTo(id("v1^{commit}")))
                .body("commits", hasSize(5))
                .body("files.path", hasItems("feature.txt", "vendor", "caf\u00e9.txt"));
    }

    @Test
    void saysThatTwoBranchesPartedTooLongAgo() {
        try (var repository = repositories.open(project)) {
            assertThatThrownBy(() -> CompareResource.compare(repository, "main", "feature/deep", Duration.ZERO))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo("git.compare-limit"))
                    .hasMessageContaining("use git diff");
        }
    }

    @Test
    void tellsWhoWroteEachLine() {
        get("blame", "?path=src/main.txt&at=feature/deep")
                .statusCode(200)
                .body("commit", equalTo(id("feature/deep")))
                .body("runs.from", contains(1, 7, 8, 21))
                .body("runs.to", contains(6, 7, 20, 21))
                .body(
                        "runs.commit",
                        contains(id("v1^{commit}"), id("feature/deep"), id("v1^{commit}"), id("feature/deep")))
                .body("runs[2].originalLine", equalTo(8))
                .body("runs[0].path", equalTo("src/app.txt"))
                .body("runs[1].path", nullValue())
                .body("commits", hasSize(2))
                .body("commits.subject", hasItems("Begin", "Go on with the feature"));
        get("blame", "?path=src/main.txt").body("commits.author.name", hasItem("Grace"));
        get("blame", "?path=crlf.txt").body("runs.to", contains(2));
        get("blame", "?path=raw.bin").statusCode(400).body("detail", containsString("binary"));
        get("blame", "?path=src").statusCode(400).body("type", equalTo("git.not-a-file"));
        get("blame", "").statusCode(400).body("type", equalTo("git.not-a-file"));
    }

    @Test
    void tellsNobodyTheLinesOfAHugeFile() throws IOException {
        var own = TestProject.empty(ada);
        var large = LocalGit.init(temporary.resolve("huge"));
        String commit = large.write("huge.txt", "x\n".repeat(600_000)).commit("Much");
        packs.receive(own, new ByteArrayInputStream(large.pack(commit)), "refs/heads/much", Optional.empty(), commit);

        ada.request()
                .get("/api/v1/projects/" + own + "/repository/blame?at=much&path=huge.txt")
                .then()
                .statusCode(413)
                .body("type", equalTo("git.blame-limit"))
                .body("detail", containsString("1024 KiB"));
    }

    @Test
    void saysThatALongHistoryTakesTooLongToTellTheLinesOf() {
        try (var repository = repositories.open(project)) {
            assertThatThrownBy(() -> Blame.of(repository, "feature/deep", "src/main.txt", Duration.ZERO))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo("git.blame-limit"))
                    .hasMessageContaining("use git blame");
        }
    }

    @Test
    void findsTextInACommit() {
        assertThat(search("?q=LINE 7")).containsExactly("{type=done, files=0, matches=0, limited=false}");
        assertThat(search("?q=LINE 7&at=v1"))
                .containsExactly(
                        "{type=file, path=src/app.txt, etag=" + id("v1:src/app.txt")
                                + ", matches=[{line=7, column=1, text=line 7, ranges=[[0, 6]]}]}",
                        "{type=done, files=1, matches=1, limited=false}");
        assertThat(search("?q=LINE 7&at=v1&case=true")).hasSize(1);
        assertThat(search("?q=^li.e (1|2)$&regex=true&path=src"))
                .first()
                .asString()
                .contains("path=src/main.txt", "{line=1,", "{line=2,")
                .doesNotContain("{line=3,");
        assertThat(search("?q=o&path=src")).last().asString().contains("files=0");
        assertThat(search("?q=two")).first().asString().contains("path=crlf.txt", "text=two,");
        assertThat(search("?q=PNG")).as("binary").hasSize(1);
        assertThat(search("?q=app.txt")).as("where a link points").hasSize(1);
        get("search", "?q=").statusCode(400).body("type", equalTo("search.pattern"));
        get("search", "?q=(a&regex=true").statusCode(400).body("detail", containsString("missing"));
        get("search", "?q=a&path=README.md").statusCode(400).body("type", equalTo("git.not-a-folder"));
        get("search", "?q=a&at=nothing").statusCode(404);
    }

    @Test
    void aHostileExpressionEndsSoon() throws IOException {
        var own = TestProject.empty(ada);
        var trap = LocalGit.init(temporary.resolve("trap"));
        String commit = trap.write("a.txt", "a".repeat(50_000) + "b\n").commit("Trap");
        packs.receive(own, new ByteArrayInputStream(trap.pack(commit)), "refs/heads/trap", Optional.empty(), commit);

        for (String trick : List.of("(a+)+$", "(a|aa)+$", "(.*a){12}$")) {
            String done = ada.request()
                    .queryParam("q", trick)
                    .get("/api/v1/projects/" + own + "/repository/search?regex=true&at=trap")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertThat(done).contains("\"type\":\"done\",\"files\":0");
        }
        get("search", "?regex=true&q=((a{100}){100}){100}").statusCode(400).body("type", equalTo("search.pattern"));
    }

    @Test
    void saysThatAnEmptyRepositoryHasNoCommit() throws IOException {
        var own = TestProject.empty(ada);

        for (String what : List.of("tree", "commits", "blame?path=a", "search?q=a", "compare?to=main")) {
            ada.request()
                    .get("/api/v1/projects/" + own + "/repository/" + what)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("git.empty"));
        }
        ada.request()
                .get("/api/v1/projects/" + own + "/repository/branches")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    /** Names that no file system here takes from Java, and a submodule, straight into the index. */
    private void addOddEntries() throws IOException {
        Files.writeString(work.path("blob"), "not UTF-8\n");
        String blob = work.run("hash-object", "-w", "blob");
        Files.delete(work.path("blob"));
        var entries = new ByteArrayOutputStream();
        for (String entry : List.of(
                "100644 " + blob + "\tcaf\u00e9.txt",
                "100644 " + blob + "\todd \u00e9/inner.txt",
                "100755 " + blob + "\ttool.sh",
                "160000 " + ELSEWHERE + "\tvendor")) {
            entries.write(entry.getBytes(StandardCharsets.ISO_8859_1));
            entries.write(0);
        }
        var added = work.attempt(
                new ByteArrayInputStream(entries.toByteArray()), "update-index", "-z", "--add", "--index-info");
        assertThat(added.exitCode()).as(added.stderr()).isZero();
    }

    private void receive(UUID into, String ref, String expected) {
        String name = ref.replaceFirst("refs/(heads|tags)/", "");
        assertThat(packs.receive(
                        into,
                        new ByteArrayInputStream(work.pack(name)),
                        ref,
                        Optional.ofNullable(expected),
                        id(name + "^{commit}")))
                .isTrue();
    }

    private static String id(String revision) {
        return work.run("rev-parse", revision);
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> "line " + n + "\n").collect(Collectors.joining());
    }

    private static String address(String what) {
        return "/api/v1/projects/" + project + "/repository/" + what;
    }

    private static ValidatableResponse get(String what, String query) {
        var request = ada.request().urlEncodingEnabled(false);
        return request.get(address(what)
                        + query.replace(" ", "%20")
                                .replace("{", "%7B")
                                .replace("}", "%7D")
                                .replace("^", "%5E")
                                .replace("|", "%7C"))
                .then();
    }

    private static ValidatableResponse content(String query, String path) {
        return ada.request()
                .queryParam("path", path)
                .get(address("content") + query)
                .then();
    }

    private static byte[] content(String path) {
        return content("", path).statusCode(200).extract().asByteArray();
    }

    private static List<String> search(String query) {
        var answer = get("search", query).statusCode(200).contentType("application/x-ndjson");
        return Arrays.stream(answer.extract().asString().split("\n"))
                .map(line -> new JsonPath(line).getMap("").toString().replaceAll(", tookMs=\\d+", ""))
                .toList();
    }

    private static Object item(JsonPath tree, String name, String field) {
        return tree.<Map<String, Object>>getList("items").stream()
                .filter(item -> item.get("name").equals(name))
                .findFirst()
                .orElseThrow()
                .get(field);
    }

    private static Object kind(JsonPath tree, String name) {
        return item(tree, name, "kind");
    }

    private static Object subject(JsonPath tree, String name) {
        return ((Map<?, ?>) item(tree, name, "last")).get("subject");
    }
}
