package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class SearchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Somebody owner;

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    private Room room;
    private Path files;

    @BeforeEach
    void makeRoom() throws Exception {
        if (owner == null) {
            owner = TestPeople.administrator();
        }
        room = Room.with(
                owner,
                Map.of(
                        "README.md", "Hello world\nhello again, hello\n",
                        "src/a.ts", "const hello = 1;\n",
                        "src/b.py", "hello = 2\n",
                        ".gitignore", "build/\n"));
        workspaces.open(room.session());
        files = sandboxes.of(room.session()).workspace();
    }

    @Test
    void tellsMatchesByFileWithTheirPlaces() throws Exception {
        var lines = search(Map.of("query", "hello"));

        assertThat(paths(lines)).containsExactly("README.md", "src/a.ts", "src/b.py");
        var readme = lines.getFirst();
        assertThat(readme.path("etag").asText()).isEqualTo(etag("README.md"));
        assertThat(readme.path("matches").toString())
                .isEqualTo("[{\"line\":1,\"column\":1,\"text\":\"Hello world\",\"ranges\":[[0,5]]},"
                        + "{\"line\":2,\"column\":1,\"text\":\"hello again, hello\",\"ranges\":[[0,5],[13,18]]}]");
        var done = lines.getLast();
        assertThat(done.path("type").asText()).isEqualTo("done");
        assertThat(done.path("files").asInt()).isEqualTo(3);
        assertThat(done.path("matches").asInt()).isEqualTo(4);
        assertThat(done.path("limited").asBoolean()).isFalse();
        assertThat(done.has("tookMs")).isTrue();
    }

    @Test
    void searchesAsItIsTold() throws Exception {
        write("x.txt", "a.b aXb\nHELLO\nhelloween\n");

        assertThat(found(Map.of("query", "a.b"))).containsExactly("x.txt:1:[[0,3]]");
        assertThat(found(Map.of("query", "a.b", "regex", true))).containsExactly("x.txt:1:[[0,3],[4,7]]");
        assertThat(found(Map.of("query", "hello", "caseSensitive", true, "include", List.of("x.txt"))))
                .containsExactly("x.txt:3:[[0,5]]");
        assertThat(found(Map.of("query", "hello", "wholeWord", true, "include", List.of("*.txt"))))
                .containsExactly("x.txt:2:[[0,5]]");
        assertThat(found(Map.of("query", "-i"))).isEmpty();
        assertThat(found(Map.of("query", "e$", "regex", true, "include", List.of("*.md"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "src; ; src/a.ts src/b.py",
                "./src/; *.py; src/a.ts",
                "src/**; ; src/a.ts src/b.py",
                "*.ts; ; src/a.ts",
                "*.{ts,md}; ; README.md src/a.ts",
                "; src; README.md",
                "; !*.md; src/a.ts src/b.py",
                ".git; ; "
            })
    void looksWhereItIsTold(String include, String exclude, String expected) throws Exception {
        var query = new HashMap<String, Object>(Map.of("query", "hello"));
        query.put("include", include == null ? null : List.of(include));
        query.put("exclude", exclude == null ? List.of() : List.of(exclude));

        assertThat(String.join(" ", paths(search(query)))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void leavesOutWhatIsIgnoredBinaryOrGits() throws Exception {
        write("build/x", "hello\n");
        write(".git/note", "hello\n");
        write("binary", "hello\n\0hello\n");
        write(".env", "hello\n");

        assertThat(paths(search(Map.of("query", "hello"))))
                .containsExactly(".env", "README.md", "src/a.ts", "src/b.py");
    }

    @Test
    void countsInUtf16AndShowsTheMiddleOfLongLines() throws Exception {
        write("emoji", "😀ü needle\n");
        write("long", "x".repeat(1_000_000) + "needle" + "y".repeat(1_000_000));
        Files.write(files.resolve("latin1"), "\u00e4 needle\n".getBytes(StandardCharsets.ISO_8859_1));

        var lines = search(Map.of("query", "needle"));

        assertThat(paths(lines)).containsExactly("emoji", "latin1", "long");
        var emoji = lines.get(0).at("/matches/0");
        assertThat(emoji.path("column").asInt()).isEqualTo(5);
        assertThat(emoji.path("ranges").toString()).isEqualTo("[[4,10]]");
        assertThat(lines.get(1).at("/matches/0/ranges").toString()).isEqualTo("[[2,8]]");
        var cut = lines.get(2).at("/matches/0");
        String text = cut.path("text").asText();
        assertThat(cut.path("column").asInt()).isEqualTo(1_000_001);
        assertThat(text).hasSizeBetween(400, 401);
        assertThat(text.substring(
                        cut.at("/ranges/0/0").asInt(), cut.at("/ranges/0/1").asInt()))
                .isEqualTo("needle");
    }

    @Test
    void stopsAtItsLimitsAndSaysSo() throws Exception {
        write("many", "hello\n".repeat(1_000));
        var lines = search(Map.of("query", "hello"));
        assertThat(lines.stream().filter(line -> line.path("path").asText().equals("many")))
                .singleElement()
                .satisfies(file -> assertThat(file.path("matches")).hasSize(200));
        assertThat(lines.getLast().path("limited").asBoolean()).isTrue();

        for (int i = 0; i < 60; i++) {
            write("lots/" + i, "hello\n".repeat(200));
        }
        var done = search(Map.of("query", "hello")).getLast();
        assertThat(done.path("matches").asInt()).isEqualTo(10_000);
        assertThat(done.path("limited").asBoolean()).isTrue();
    }

    @Test
    void refusesABadPatternInRipgrepsWords() {
        ask("", Map.of("query", "(", "regex", true))
                .statusCode(400)
                .body("type", equalTo("search.pattern"))
                .body("detail", containsString("unclosed group"));
        ask("", Map.of("query", "x", "include", List.of("{a"))).statusCode(400).body("detail", containsString("glob"));
        ask("", Map.of("query", "")).statusCode(400).body("type", equalTo("search.pattern"));
        ask("", Map.of("query", "a\nb")).statusCode(400).body("type", equalTo("search.pattern"));
        ask("", Map.of("query", "a", "replacement", "b\n")).statusCode(400);
        ask("", Map.of("query", "a".repeat(10_001))).statusCode(400);
        ask("", Map.of()).statusCode(400);
    }

    @Test
    void obeysNoConfigurationOfTheRepository() throws Exception {
        write(".ripgreprc", "--files-with-matches\n--pre=./evil.sh\n");
        write("evil.sh", "#!/bin/sh\ntouch evil\n");

        assertThat(paths(search(Map.of("query", "Hello", "caseSensitive", true))))
                .containsExactly("README.md");
        assertThat(files.resolve("evil")).doesNotExist();
    }

    /** The etag is the one that a search told; the preview and the file are of one mind. */
    @ParameterizedTest
    @CsvSource({
        "hello, false, $1 & \\n, hello, $1 & \\n",
        "(h)(ello), true, ${2}$1, say hello!, say elloh!",
        "l+, true, L, hello wall, heLo waL",
        "^, true, '> ', quoted, > quoted",
        "\\s+$, true, '', 'trailing   ', trailing",
        "x*, true, -, ab, -a-b-"
    })
    void replacesAsThePreviewShowed(String query, boolean regex, String replacement, String before, String after)
            throws Exception {
        write("one.txt", before + "\n");
        var asked = new HashMap<String, Object>(
                Map.of("query", query, "regex", regex, "replacement", replacement, "include", List.of("one.txt")));

        var seen = search(asked).getFirst();

        assertThat(seen.at("/matches/0/replaced").asText()).isEqualTo(after);
        replace(asked, seen).body("files[0].replaced", equalTo(1)).body("files[0].etag", equalTo(etag("one.txt")));
        assertThat(files.resolve("one.txt")).hasContent(after + "\n");
    }

    @Test
    void changesNothingButWhatMatches() throws Exception {
        byte[] mixed =
                "\uFEFFhello 1\r\nhello 2\n\nother\r\n\thello\r hello\r\nlast hello".getBytes(StandardCharsets.UTF_8);
        Files.write(files.resolve("mixed"), mixed);
        byte[] latin1 = "\u00e4 hello \u00ff\r\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(files.resolve("latin1"), latin1);
        assertThat(files.resolve("mixed").toFile().setExecutable(true)).isTrue();
        var asked = Map.<String, Object>of(
                "query", "^hello|hello$", "regex", true, "replacement", "bye", "include", List.of("mixed"));

        var seen = search(asked).getFirst();

        assertThat(seen.at("/matches").findValuesAsText("replaced"))
                .containsExactly("bye 1", "bye 2", "\thello\r bye", "last bye");
        replace(asked, seen).body("files[0].replaced", equalTo(4));
        assertThat(Files.readAllBytes(files.resolve("mixed")))
                .isEqualTo(
                        "\uFEFFbye 1\r\nbye 2\n\nother\r\n\thello\r bye\r\nlast bye".getBytes(StandardCharsets.UTF_8));
        assertThat(files.resolve("mixed")).isExecutable();
        replace(
                        Map.of("query", "hello", "replacement", "hi"),
                        search(Map.of("query", "hello", "include", List.of("latin1")))
                                .getFirst())
                .body("files[0].replaced", equalTo(1));
        assertThat(Files.readAllBytes(files.resolve("latin1")))
                .isEqualTo("\u00e4 hi \u00ff\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void touchesNoFileThatIsAnotherThanItWas() throws Exception {
        var asked = Map.<String, Object>of("query", "hello", "replacement", "bye");
        var seen = search(asked);
        write("src/a.ts", "hello, newer\n");

        replace(asked, seen.get(0), seen.get(1), seen.get(2))
                .body("files.path", equalTo(List.of("README.md", "src/b.py")))
                .body("failed.path", equalTo(List.of("src/a.ts")))
                .body("failed[0].problem", containsString("changed"));

        assertThat(files.resolve("src/a.ts")).hasContent("hello, newer\n");
        assertThat(files.resolve("README.md")).hasContent("bye world\nbye again, bye\n");
    }

    @Test
    void replacesInNoOtherLinesThanItIsTold() throws Exception {
        write("lines", "hello\r\nhello\nhello\nhello");
        var asked = Map.<String, Object>of("query", "hello", "replacement", "bye", "include", List.of("lines"));
        var seen = (ObjectNode) search(asked).getFirst();

        replace(asked, seen.set("lines", JSON.readTree("[2,4]"))).body("files[0].replaced", equalTo(2));

        assertThat(files.resolve("lines")).hasContent("hello\r\nbye\nhello\nbye");
    }

    @Test
    void putsBackWhatItReplacedWhereNobodyWroteSince() throws Exception {
        byte[] latin1 = "\u00e4 hello\r\nlast".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(files.resolve("latin1"), latin1);
        assertThat(files.resolve("latin1").toFile().setExecutable(true)).isTrue();
        var asked = Map.<String, Object>of("query", "hello", "replacement", "bye");
        var seen = search(asked);
        String undo = replace(asked, seen.get(0), seen.get(1), seen.get(2), seen.get(3))
                .body("files.size()", equalTo(4))
                .extract()
                .path("undo");
        write("src/a.ts", "newer\n");
        Files.delete(files.resolve("src/b.py"));

        ask("/replace/undo", Map.of("undo", undo))
                .statusCode(200)
                .body("files", equalTo(List.of("README.md", "latin1")))
                .body("failed.path", equalTo(List.of("src/a.ts", "src/b.py")))
                .body("failed[0].problem", containsString("changed"));

        assertThat(files.resolve("README.md")).hasContent("Hello world\nhello again, hello\n");
        assertThat(Files.readAllBytes(files.resolve("latin1"))).isEqualTo(latin1);
        assertThat(files.resolve("latin1")).isExecutable();
        assertThat(files.resolve("src/a.ts")).hasContent("newer\n");
        assertThat(files.resolve("src/b.py")).doesNotExist();
        ask("/replace/undo", Map.of("undo", undo)).statusCode(410).body("type", equalTo("file.undo-gone"));
    }

    @Test
    void hasNothingToUndoWhereNothingWasReplaced() throws Exception {
        var seen = search(Map.of("query", "hello")).getFirst();

        replace(Map.of("query", "nowhere", "replacement", "x"), seen).body("undo", nullValue());
        ask("/replace/undo", Map.of("undo", "../../etc/x")).statusCode(410);
    }

    @Test
    void replacesInNoFileThatIsNotToBeChanged() throws Exception {
        var zero = JSON.readTree("{\"path\":\"../x\",\"etag\":\"e\"}");
        var git = JSON.readTree("{\"path\":\".git/config\",\"etag\":\"e\"}");
        var gone = JSON.readTree("{\"path\":\"gone\",\"etag\":\"e\"}");

        replace(Map.of("query", "a", "replacement", "b"), zero, git, gone)
                .body("files.size()", equalTo(0))
                .body("failed.size()", equalTo(3));
    }

    @Test
    void endsRipgrepWhenTheClientIsGone() throws Exception {
        var fifo = new ProcessBuilder("bash", "-c", "for i in {1..60}; do yes hello | head -c 400000 > big$i; done")
                .directory(files.toFile())
                .start();
        assertThat(fifo.waitFor()).isZero();
        var body = JSON.writeValueAsBytes(Map.of("query", "(.?){50}hello(.?){50}", "regex", true));
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream()
                    .write(("POST " + room.address("/search") + " HTTP/1.1\r\nHost: localhost:" + RestAssured.port
                                    + "\r\nAuthorization: Bearer " + owner.token()
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            Room.await("ripgrep", () -> ripgreps() > 0);
        }

        Room.await("its end", () -> ripgreps() == 0);
    }

    @Test
    void letsWatchersSearchOnly() {
        var viewer = TestPeople.member("viewer");
        TestProject.addMember(owner, room.project(), viewer, "viewer");
        viewer.request()
                .body(Map.of("query", "hello"))
                .post(room.address("/search"))
                .then()
                .statusCode(200);
        viewer.request()
                .body(Map.of("query", "hello", "replacement", "x", "files", List.of()))
                .post(room.address("/search/replace"))
                .then()
                .statusCode(403);
        viewer.request()
                .body(Map.of("undo", "x"))
                .post(room.address("/search/replace/undo"))
                .then()
                .statusCode(403);
    }

    private long ripgreps() {
        return sandboxes
                .of(room.session())
                .runner()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/rg"))
                .count();
    }

    private void write(String path, String text) throws Exception {
        Files.createDirectories(files.resolve(path).getParent());
        Files.writeString(files.resolve(path), text);
    }

    private String etag(String path) {
        return room.bytes()
                .queryParam("path", path)
                .get(room.address("/files/content"))
                .then()
                .statusCode(200)
                .extract()
                .header("ETag")
                .replace("\"", "");
    }

    private ValidatableResponse ask(String rest, Map<String, ?> body) {
        return owner.request().body(body).post(room.address("/search" + rest)).then();
    }

    private ValidatableResponse replace(Map<String, ?> query, JsonNode... seen) {
        var body = new HashMap<String, Object>(query);
        body.remove("include");
        body.put("files", Stream.of(seen).map(SearchTest::asked).toList());
        return ask("/replace", body).statusCode(200);
    }

    private static Map<String, Object> asked(JsonNode seen) {
        var file = new HashMap<String, Object>();
        file.put("path", seen.path("path").asText());
        file.put("etag", seen.path("etag").asText());
        file.put("lines", seen.get("lines"));
        return file;
    }

    private List<JsonNode> search(Map<String, ?> query) throws Exception {
        var answer = ask("", query)
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract();
        var lines = new ArrayList<JsonNode>();
        for (var line : new String(answer.asByteArray(), StandardCharsets.UTF_8).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        assertThat(lines.getLast().path("type").asText()).isEqualTo("done");
        return lines;
    }

    private List<String> paths(List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("type").asText().equals("file"))
                .map(line -> line.path("path").asText())
                .toList();
    }

    private List<String> found(Map<String, ?> query) throws Exception {
        var places = new ArrayList<String>();
        for (var line : search(query)) {
            for (var match : line.path("matches")) {
                if (match.has("line")) {
                    places.add(line.path("path").asText() + ":" + match.path("line") + ":" + match.path("ranges"));
                }
            }
        }
        return places;
    }
}
