package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class FilesTest {
    private static Somebody owner;

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        if (owner == null) {
            owner = TestPeople.administrator();
        }
        room = Room.with(owner, Map.of("README.md", "hello\n", "src/a.txt", "a\n", "src/b.txt", "b\n"));
    }

    @Test
    void readsListsAndComparesWithoutStartingASandbox() {
        assertThat(room.get("README.md")).asString().isEqualTo("hello\n");
        room.bytes()
                .get(room.address("/files"))
                .then()
                .statusCode(200)
                .body("items.name", equalTo(Arrays.asList("README.md", "src")))
                .body("items.kind", equalTo(Arrays.asList("file", "directory")));
        room.bytes().get(room.address("/diff")).then().statusCode(200).body("files.size()", equalTo(0));
        room.bytes().get(room.address("/sandbox")).then().statusCode(200).body("state", equalTo("absent"));
    }

    @Test
    void givesTheSameEtagWithAndWithoutASandbox() throws Exception {
        var without = etag("README.md");
        workspaces.open(room.session());

        assertThat(etag("README.md")).isEqualTo(without);
    }

    @Test
    void listsWithSizesKindsAndWhatChanged() throws Exception {
        var workspace = workspaces.open(room.session());
        Files.writeString(files().resolve("src/a.txt"), "changed\n");
        Files.writeString(files().resolve("new"), "n");
        Files.createSymbolicLink(files().resolve("link"), Path.of("README.md"));
        workspace.checkpoint("test");

        room.bytes()
                .get(room.address("/files"))
                .then()
                .statusCode(200)
                .body("items.name", not(hasItem(".git")))
                .body("items.find { it.name == 'new' }.gitStatus", equalTo("added"))
                .body("items.find { it.name == 'new' }.size", equalTo(1))
                .body("items.find { it.name == 'link' }.kind", equalTo("symlink"))
                .body("items.find { it.name == 'src' }.gitStatus", equalTo("modified"))
                .body("items.find { it.name == 'README.md' }", not(equalTo(null)))
                .body("items.find { it.name == 'README.md' }.gitStatus", equalTo(null));
        room.bytes()
                .queryParam("path", "src")
                .get(room.address("/files"))
                .then()
                .body("items.path", equalTo(Arrays.asList("src/a.txt", "src/b.txt")))
                .body("items[0].gitStatus", equalTo("modified"));
    }

    @Test
    void answersBytesThatNoBrowserRuns() {
        room.put("page.html", "<script>alert(1)</script>").statusCode(201);

        room.bytes()
                .queryParam("path", "page.html")
                .get(room.address("/files/content"))
                .then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .header("Content-Disposition", startsWith("attachment"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "sandbox")
                .header("Content-Length", "25");
    }

    @Test
    void tellsTheSecondOfTwoWhoSaveTheSameFileAndLosesNothing() throws Exception {
        var seen = etag("README.md");

        room.bytes()
                .header("If-Match", seen)
                .body("first".getBytes())
                .queryParam("path", "README.md")
                .put(room.address("/files/content"))
                .then()
                .statusCode(200)
                .header("ETag", not(equalTo(seen)));
        room.bytes()
                .header("If-Match", seen)
                .body("second".getBytes())
                .queryParam("path", "README.md")
                .put(room.address("/files/content"))
                .then()
                .statusCode(412)
                .body("type", equalTo("file.changed"));

        assertThat(room.get("README.md")).asString().isEqualTo("first");
    }

    @Test
    void makesANewFileOnce() {
        var fresh =
                room.bytes().header("If-None-Match", "*").body("x".getBytes()).queryParam("path", "deep/er/new");
        fresh.put(room.address("/files/content")).then().statusCode(201);
        fresh.put(room.address("/files/content")).then().statusCode(412);
    }

    @Test
    void logsASaveAsACheckpointOfWhoSaved() throws Exception {
        room.put("saved.txt", "s").statusCode(201);

        Room.await("a checkpoint", () -> room.isKept("saved.txt"));
        workspaces.open(room.session()).checkpointPeople();
        var logged = Room.bean(SessionLog.class).read(room.session()).stream()
                .filter(one -> one.event() instanceof CheckpointTaken)
                .findFirst()
                .orElseThrow();
        assertThat(logged.actor()).isEqualTo(new Actor(Actor.Kind.person, owner.id(), owner.name()));
    }

    @Test
    void losesNoneOfAHundredQuickSaves() throws Exception {
        room.put("f0", "0").statusCode(201);
        try (var threads = Executors.newFixedThreadPool(8)) {
            threads.invokeAll(IntStream.range(0, 100)
                    .<Callable<Object>>mapToObj(
                            i -> () -> room.put("f" + i, "content " + i).statusCode(i == 0 ? 200 : 201))
                    .toList());
        }
        for (int i = 0; i < 100; i++) {
            assertThat(room.get("f" + i)).asString().isEqualTo("content " + i);
        }

        var paths = room.bytes()
                .get(room.address("/diff"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("files.path", String.class);

        assertThat(paths).hasSize(100);
        sandboxes.lose(room.session());
        assertThat(room.get("f99")).asString().isEqualTo("content 99");
    }

    @Test
    void deletesAFileThatIsStillAsItWasSeen() {
        var seen = etag("README.md");
        room.put("README.md", "newer");
        room.bytes()
                .header("If-Match", seen)
                .queryParam("path", "README.md")
                .delete(room.address("/files/content"))
                .then()
                .statusCode(412);
        room.bytes()
                .header("If-Match", etag("README.md"))
                .queryParam("path", "README.md")
                .delete(room.address("/files/content"))
                .then()
                .statusCode(204);
        room.bytes()
                .queryParam("path", "README.md")
                .get(room.address("/files/content"))
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../etc/passwd", "a/../../b", "/etc/passwd", "", "..", "src/../../x"})
    void refusesAPathThatLeadsOut(String path) throws Exception {
        for (boolean running : new boolean[] {false, true}) {
            if (running) {
                workspaces.open(room.session());
            }
            int read = room.bytes()
                    .queryParam("path", path)
                    .get(room.address("/files/content"))
                    .statusCode();
            int written = room.bytes()
                    .queryParam("path", path)
                    .body("x".getBytes())
                    .put(room.address("/files/content"))
                    .statusCode();

            assertThat(read).isIn(400, 403);
            assertThat(written).isIn(400, 403);
        }
    }

    /** The HTTP layer answers by itself, before any resource, and has no problem to tell. */
    @ParameterizedTest
    @ValueSource(strings = {"a%zzb", "a%"})
    void refusesAnAddressThatIsNotEncoded(String path) throws Exception {
        assertThat(answer("GET " + room.address("/files/content?path=" + path))).startsWith("HTTP/1.1 400");
    }

    /** Sent as they stand: no client would. A surrogate alone, a byte that begins no character, and names no file can have. */
    @ParameterizedTest
    @ValueSource(strings = {"a%00b", "a%ED%A0%80b", "a%FF", "LONG", "DEEP"})
    void refusesAPathThatNoFileCanHave(String kind) throws Exception {
        var path = kind.replace("LONG", "n".repeat(256)).replace("DEEP", "d/".repeat(2_100) + "f");
        for (boolean running : new boolean[] {false, true}) {
            if (running) {
                workspaces.open(room.session());
            }
            for (var request : new String[] {
                "GET " + room.address("/files/content?path=" + path),
                "GET " + room.address("/files?path=" + path),
                "DELETE " + room.address("/files/content?path=" + path),
                "PUT " + room.address("/files/content?path=" + path)
            }) {
                assertThat(answer(request))
                        .as(request)
                        .startsWith("HTTP/1.1 400")
                        .contains("application/problem+json")
                        .contains("\"type\":\"file.path\"")
                        .containsPattern("\"detail\":\"[^\"]*([Uu]se|[Ee]ncode|[Ss]horten|[Rr]ename)");
            }
        }
        assertThat(room.get("README.md")).asString().isEqualTo("hello\n");
    }

    @Test
    void followsASymlinkInsideOnly() throws Exception {
        var workspace = workspaces.open(room.session());
        Files.createSymbolicLink(files().resolve("inside"), Path.of("src/a.txt"));
        Files.createSymbolicLink(files().resolve("outside"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(files().resolve("up"), Path.of("../../x"));
        workspace.checkpoint("links");

        for (boolean running : new boolean[] {true, false}) {
            if (!running) {
                sandboxes.lose(room.session());
            }
            assertThat(room.get("inside")).asString().isEqualTo("a\n");
            for (var link : new String[] {"outside", "up"}) {
                room.bytes()
                        .queryParam("path", link)
                        .get(room.address("/files/content"))
                        .then()
                        .statusCode(403)
                        .body("type", equalTo("file.outside"));
            }
        }
    }

    @Test
    void refusesAFifoADirectoryAndGitsOwnFiles() throws Exception {
        workspaces.open(room.session());
        new ProcessBuilder("mkfifo", files().resolve("fifo").toString()).start().waitFor();

        room.bytes()
                .queryParam("path", "fifo")
                .get(room.address("/files/content"))
                .then()
                .statusCode(400)
                .body("type", equalTo("file.not-regular"));
        room.bytes()
                .queryParam("path", "src")
                .get(room.address("/files/content"))
                .then()
                .statusCode(400)
                .body("type", equalTo("file.is-directory"));
        room.put(".git/hooks/pre-commit", "x").statusCode(403);
    }

    @Test
    void savesAndReadsASingleLineOfTwentyMegabytesAndABinaryFile() throws Exception {
        var line = "x".repeat(20_000_000);
        byte[] binary = new byte[70_000];
        new Random(4).nextBytes(binary);
        binary[0] = 0;

        room.put("line", line).statusCode(201);
        room.bytes()
                .contentType("application/octet-stream")
                .body(binary)
                .queryParam("path", "binary")
                .put(room.address("/files/content"))
                .then()
                .statusCode(201);

        assertThat(room.get("line")).isEqualTo(line.getBytes(StandardCharsets.US_ASCII));
        assertThat(room.get("binary")).isEqualTo(binary);
        room.bytes()
                .get(room.address("/diff"))
                .then()
                .statusCode(200)
                .body("files.path", hasItem("line"))
                .body("files.path", hasItem("binary"));

        Room.await("a checkpoint of both", () -> room.isKept("line") && room.isKept("binary"));
        sandboxes.stop(room.session(), Duration.ZERO);
        assertThat(room.get("binary")).isEqualTo(binary);
        room.bytes()
                .queryParam("path", "line")
                .get(room.address("/files/content"))
                .then()
                .statusCode(413)
                .body("detail", containsString("Clone the repository to read it."));
    }

    @Test
    void readsABigFileByRanges() throws Exception {
        workspaces.open(room.session());
        byte[] big = new byte[20_000_000];
        new Random(3).nextBytes(big);
        Files.write(files().resolve("big"), big);

        assertThat(room.get("big")).isEqualTo(big);
        assertThat(range("big", "bytes=19999990-", 206)).isEqualTo(Arrays.copyOfRange(big, 19_999_990, 20_000_000));
        assertThat(range("big", "bytes=5-7", 206)).isEqualTo(Arrays.copyOfRange(big, 5, 8));
        assertThat(range("big", "bytes=-3", 206)).isEqualTo(Arrays.copyOfRange(big, 19_999_997, 20_000_000));
        range("big", "bytes=20000000-", 416);
        room.bytes()
                .header("If-None-Match", etag("big"))
                .queryParam("path", "big")
                .get(room.address("/files/content"))
                .then()
                .statusCode(304);
    }

    @Test
    void refusesAnUploadOfThreeGigabytesBeforeItIsSent() throws Exception {
        var port = RestAssured.port;
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + room.address("/files/content?path=huge") + " HTTP/1.1\r\nHost: localhost:" + port
                            + "\r\nAuthorization: Bearer " + owner.token()
                            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 3221225472\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[100_000]);

            var answer = new String(socket.getInputStream().readNBytes(1_500), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .contains("file.too-large")
                    .contains("32 MiB");
        }
    }

    @Test
    void refusesABodyWithoutLengthThatIsTooLong() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(
                            "http://localhost:" + RestAssured.port + room.address("/files/content?path=huge")))
                    .header("Authorization", "Bearer " + owner.token())
                    .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[33 << 20])))
                    .build();

            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("32 MiB");
        }
    }

    @Test
    void letsTheSenderOfABodyThatIsALittleTooLongReadTheRefusal() {
        room.bytes()
                .contentType("application/octet-stream")
                .body(new ByteArrayInputStream(new byte[33 << 20]))
                .queryParam("path", "huge")
                .put(room.address("/files/content"))
                .then()
                .statusCode(413)
                .body("detail", containsString("32 MiB"));
    }

    @Test
    void tellsWhoCannotUploadSinceFourSlowOnesDoSo() throws Exception {
        room.put("first", "the sandbox is there").statusCode(201);
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 4; i++) {
                slow.add(upload("slow-" + i, 8 << 20, 2 << 20));
            }
            var large = new byte[2 << 20];
            var answer = new AtomicReference<io.restassured.response.Response>();
            Room.await(
                    "a refusal",
                    () -> { // once all four have come that far
                        answer.set(room.bytes()
                                .contentType("application/octet-stream")
                                .body(large)
                                .queryParam("path", "large")
                                .put(room.address("/files/content")));
                        return answer.get().statusCode() >= 400;
                    });

            answer.get().then().statusCode(503).header("Retry-After", "10").body("type", equalTo("file.uploads-busy"));
            room.put("small", "goes beside them").statusCode(201);
        } finally {
            for (var each : slow) {
                each.close();
            }
        }
    }

    /** Begins to send a file, and then sends nothing more. */
    private Socket upload(String path, int length, int sent) throws IOException {
        var socket = new Socket("localhost", RestAssured.port);
        var out = socket.getOutputStream();
        out.write(("PUT " + room.address("/files/content?path=" + path) + " HTTP/1.1\r\nHost: localhost:"
                        + RestAssured.port + "\r\nAuthorization: Bearer " + owner.token()
                        + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[sent]);
        return socket;
    }

    @Test
    void makesAPatchThatGitAppliesAndAnArchive() throws Exception {
        workspaces.open(room.session());
        Files.write(files().resolve("bin"), new byte[] {0, 1, 2, (byte) 0xFF});
        Files.writeString(files().resolve("sp ace é"), "no newline");
        Files.writeString(files().resolve("README.md"), "hello\r\nworld\r\n");
        Files.delete(files().resolve("src/b.txt"));
        Files.move(files().resolve("src/a.txt"), files().resolve("src/moved.txt"));

        byte[] patch = room.bytes()
                .get(room.address("/diff.patch"))
                .then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .extract()
                .asByteArray();

        var target = room.source();
        var applied = target.attempt(new ByteArrayInputStream(patch), "apply", "--index", "-");
        assertThat(applied.exitCode()).as(applied.stderr()).isZero();
        for (var name : new String[] {"bin", "sp ace é", "README.md", "src/moved.txt"}) {
            assertThat(Files.readAllBytes(target.path(name))).isEqualTo(Files.readAllBytes(files().resolve(name)));
        }
        assertThat(target.path("src/b.txt")).doesNotExist();
        byte[] zip = room.bytes()
                .get(room.address("/archive.zip"))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        var names = new java.util.ArrayList<String>();
        try (var entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names).containsExactlyInAnyOrder("README.md", "bin", "sp ace é", "src/moved.txt");
        room.bytes()
                .get(room.address("/diff"))
                .then()
                .body("files.find { it.path == 'src/a.txt' }.kind", equalTo("deleted"))
                .body("files.find { it.path == 'src/moved.txt' }.kind", equalTo("added"))
                .body("files.find { it.path == 'README.md' }.patch", containsString("+world"));
    }

    @Test
    void showsStrangersNothingAndViewersWithoutWriting() {
        var stranger = TestPeople.member("Sam");
        var viewer = TestPeople.member("Vera");
        TestProject.addMember(owner, room.project(), viewer, "viewer");

        for (var rest : new String[] {
            "/files", "/files/content?path=README.md", "/diff", "/diff.patch", "/archive.zip", "/sandbox"
        }) {
            RestAssured.given().get(room.address(rest)).then().statusCode(401);
            stranger.request()
                    .get(room.address(rest))
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("session.not-found"));
            viewer.request().get(room.address(rest)).then().statusCode(200);
        }
        viewer.request()
                .body("x")
                .put(room.address("/files/content?path=x"))
                .then()
                .statusCode(403)
                .body("type", equalTo("session.role"));
        viewer.request()
                .delete(room.address("/files/content?path=README.md"))
                .then()
                .statusCode(403);
    }

    @Test
    void givesACallsOutputFromAnyByte() {
        var call = UUID.randomUUID();
        Room.bean(ToolOutput.class).append(room.session(), call, 0, "0123456789".getBytes());

        byte[] rest = room.bytes()
                .queryParam("from", 4)
                .get(room.address("/calls/" + call + "/output"))
                .then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .extract()
                .asByteArray();

        assertThat(rest).asString().isEqualTo("456789");
    }

    /** What the server says to this request, byte for byte as it is written here. */
    private static String answer(String request) throws Exception {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: localhost:" + RestAssured.port + "\r\nAuthorization: Bearer "
                                    + owner.token() + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private byte[] range(String path, String range, int status) {
        return room.bytes()
                .header("Range", range)
                .queryParam("path", path)
                .get(room.address("/files/content"))
                .then()
                .statusCode(status)
                .extract()
                .asByteArray();
    }

    private String etag(String path) {
        return room.bytes()
                .queryParam("path", path)
                .get(room.address("/files/content"))
                .then()
                .statusCode(200)
                .extract()
                .header("ETag");
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }
}
