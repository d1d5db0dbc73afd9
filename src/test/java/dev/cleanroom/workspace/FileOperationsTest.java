package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class FileOperationsTest {
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
        room = Room.with(owner, Map.of("README.md", "hello\n", "src/a.txt", "a\n", "src/deep/b.txt", "b\n"));
        workspaces.open(room.session());
        files = sandboxes.of(room.session()).workspace();
    }

    @Test
    void movesFilesAndFoldersButOverNothing() {
        ask("move", Map.of("from", "README.md", "to", "docs/new/READ ME.md")).statusCode(204);
        ask("move", Map.of("from", "src", "to", "lib")).statusCode(204);

        assertThat(files.resolve("docs/new/READ ME.md")).hasContent("hello\n");
        assertThat(files.resolve("lib/deep/b.txt")).hasContent("b\n");
        assertThat(files.resolve("src")).doesNotExist();
        ask("move", Map.of("from", "lib/a.txt", "to", "lib/deep/b.txt"))
                .statusCode(409)
                .body("type", equalTo("file.exists"))
                .body("detail", equalTo("lib/deep/b.txt is there already. Choose another name."));
        ask("move", Map.of("from", "gone", "to", "x")).statusCode(404).body("type", equalTo("file.not-found"));
        ask("move", Map.of("from", "lib", "to", "lib/deep/lib")).statusCode(400).body("type", equalTo("file.path"));
        assertThat(files.resolve("lib/deep/b.txt")).hasContent("b\n");
    }

    @Test
    void copiesFilesFoldersAndLinksWithTheirModes() throws Exception {
        assertThat(files.resolve("src/a.txt").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(files.resolve("src/link"), Path.of("a.txt"));

        ask("copy", Map.of("from", "src", "to", "src/copy of src")).statusCode(204);
        ask("copy", Map.of("from", "README.md", "to", "other/-n")).statusCode(204);

        assertThat(files.resolve("src/copy of src/deep/b.txt")).hasContent("b\n");
        assertThat(files.resolve("src/copy of src/a.txt")).isExecutable();
        assertThat(Files.readSymbolicLink(files.resolve("src/copy of src/link")))
                .isEqualTo(Path.of("a.txt"));
        assertThat(files.resolve("src/copy of src/copy of src")).doesNotExist();
        assertThat(files.resolve("other/-n")).hasContent("hello\n");
        ask("copy", Map.of("from", "src", "to", "README.md")).statusCode(409).body("type", equalTo("file.exists"));
        ask("copy", Map.of("from", "gone", "to", "x")).statusCode(404);
        assertThat(trash()).isEmpty();
    }

    @Test
    void makesAFolderOnce() {
        ask("directories", Map.of("path", "new/folder")).statusCode(201);
        assertThat(files.resolve("new/folder")).isDirectory();
        ask("directories", Map.of("path", "new/folder")).statusCode(409);
        ask("directories", Map.of("path", "README.md/x")).statusCode(400);
    }

    @Test
    void putsBackWhatWasDeleted() throws Exception {
        Files.createSymbolicLink(files.resolve("link"), Path.of("README.md"));

        String undo = delete("src", "src/deep/b.txt", "link").extract().path("undo");

        assertThat(files.resolve("src")).doesNotExist();
        assertThat(Files.isSymbolicLink(files.resolve("link"))).isFalse();
        ask("undelete", Map.of("undo", undo)).statusCode(204);
        assertThat(files.resolve("src/deep/b.txt")).hasContent("b\n");
        assertThat(Files.isSymbolicLink(files.resolve("link"))).isTrue();
        ask("undelete", Map.of("undo", undo)).statusCode(410).body("type", equalTo("file.undo-gone"));
    }

    @Test
    void putsNothingBackOverSomething() throws Exception {
        String undo = delete("README.md", "src").extract().path("undo");
        Files.writeString(files.resolve("src"), "somebody's");

        ask("undelete", Map.of("undo", undo)).statusCode(409).body("type", equalTo("file.exists"));

        assertThat(files.resolve("src")).hasContent("somebody's");
        assertThat(files.resolve("README.md")).doesNotExist();
        Files.delete(files.resolve("src"));
        ask("undelete", Map.of("undo", undo)).statusCode(204);
        assertThat(files.resolve("src/a.txt")).hasContent("a\n");
    }

    @Test
    void deletesAllOrNothing() {
        delete("README.md", "gone").statusCode(404);

        assertThat(files.resolve("README.md")).hasContent("hello\n");
        assertThat(trash()).isEmpty();
        ask("delete", Map.of("paths", List.of())).statusCode(400);
    }

    @Test
    void emptiesTheTrashOfWhatIsOldOrTooMuch() throws Exception {
        var kept = files.resolve(".git/cleanroom-trash");
        Files.createDirectories(kept.resolve("1000000000000-0123456789abcdef/0/folder"));
        for (int i = 0; i < 101; i++) {
            room.put("f" + i, "x").statusCode(201);
            delete("f" + i).statusCode(200);
        }

        Room.await("a tidy trash", () -> trash().size() <= 100);
        assertThat(kept.resolve("1000000000000-0123456789abcdef")).doesNotExist();
    }

    @Test
    void trustsNoListInTheTrash() throws Exception {
        var forged = Files.createDirectories(files.resolve(".git/cleanroom-trash/9000000000000-0123456789abcdef"));
        for (var list : List.of("[\"../evil\"]", "[\".git/hooks/post-checkout\"]", "[\"/etc/evil\"]")) {
            Files.writeString(forged.resolve("paths.json"), list);
            Files.writeString(forged.resolve("0"), "evil");

            assertThat(ask("undelete", Map.of("undo", "9000000000000-0123456789abcdef"))
                            .extract()
                            .statusCode())
                    .isIn(400, 403);
        }
        Files.writeString(forged.resolve("paths.json"), "no list");
        ask("undelete", Map.of("undo", "9000000000000-0123456789abcdef")).statusCode(410);
        ask("undelete", Map.of("undo", "../../src")).statusCode(410);
        assertThat(files.resolve(".git/hooks/post-checkout")).doesNotExist();
        assertThat(files.resolve("src/a.txt")).hasContent("a\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/passwd", "", ".git", ".git/config", "./../x", "a/../../x"})
    void refusesPathsThatAreNotToBeChanged(String path) {
        for (var asked : List.of(
                ask("move", Map.of("from", path, "to", "x")),
                ask("move", Map.of("from", "README.md", "to", path)),
                ask("copy", Map.of("from", path, "to", "x")),
                ask("copy", Map.of("from", "README.md", "to", path)),
                ask("directories", Map.of("path", path)),
                delete(path))) {
            assertThat(asked.extract().statusCode()).isIn(400, 403);
        }
        assertThat(files.resolve("README.md")).hasContent("hello\n");
        assertThat(files.resolve(".git")).isDirectory();
    }

    @Test
    void followsNoLinkThatLeadsOut() throws Exception {
        Files.createSymbolicLink(files.resolve("out"), Path.of("/tmp"));

        ask("move", Map.of("from", "README.md", "to", "out/x")).statusCode(403);
        ask("copy", Map.of("from", "out/x", "to", "y")).statusCode(403);
        ask("copy", Map.of("from", "README.md", "to", "out/x")).statusCode(403);
        ask("directories", Map.of("path", "out/x")).statusCode(403);
        delete("out/x").statusCode(403);
    }

    @Test
    void takesStrangeNames() {
        for (var name : List.of("😀 👩‍👩‍👧", "new\nline", "n".repeat(255), "א‮gpj.exe", "-rf", "'\"$(x)`")) {
            room.put(name, "x").statusCode(201);
            ask("copy", Map.of("from", name, "to", "copies/" + name)).statusCode(204);
            ask("move", Map.of("from", name, "to", "moved/" + name)).statusCode(204);
            String undo = delete("moved/" + name).statusCode(200).extract().path("undo");
            ask("undelete", Map.of("undo", undo)).statusCode(204);

            assertThat(files.resolve("moved").resolve(name)).hasContent("x");
            assertThat(files.resolve("copies").resolve(name)).hasContent("x");
            assertThat(paths()).contains("moved/" + name, "copies/" + name);
        }
    }

    @Test
    void namesEveryFileButIgnoredOnes() throws Exception {
        room = Room.with(
                owner, Map.of("README.md", "hello\n", "src/a.txt", "a\n", "src/deep/b.txt", "b\n", "kept/x.log", "x"));
        workspaces.open(room.session());
        files = sandboxes.of(room.session()).workspace();
        assertThat(paths()).containsExactly("README.md", "kept/x.log", "src/a.txt", "src/deep/b.txt");
        Files.writeString(files.resolve(".gitignore"), "build/\n*.log\nkept/\n");
        Files.createDirectories(files.resolve("build"));
        Files.writeString(files.resolve("build/x"), "x");
        Files.writeString(files.resolve("src/x.log"), "x");
        Files.writeString(files.resolve("new.txt"), "x");
        Files.writeString(files.resolve(".git/info/exclude"), "mine\n");
        Files.writeString(files.resolve("mine"), "x");
        Files.delete(files.resolve("src/a.txt"));
        workspaces.open(room.session()).checkpoint("test");

        assertThat(paths()).containsExactly(".gitignore", "README.md", "kept/x.log", "new.txt", "src/deep/b.txt");
        var items = room.bytes().get(room.address("/files")).then().statusCode(200);
        items.body("items.find { it.name == 'build' }.gitStatus", equalTo("ignored"))
                .body("items.find { it.name == 'mine' }.gitStatus", equalTo("ignored"))
                .body("items.find { it.name == 'new.txt' }.gitStatus", equalTo("added"))
                .body("items.find { it.name == 'src' }.gitStatus", equalTo("modified"));
        room.bytes()
                .queryParam("path", "build")
                .get(room.address("/files"))
                .then()
                .body("items[0].gitStatus", equalTo("ignored"));
        room.bytes()
                .get(room.address("/files"))
                .then()
                .body("items.find { it.name == 'kept' }.gitStatus", equalTo(null))
                .body("items.find { it.name == 'src' }.gitStatus", equalTo("modified"));
        sandboxes.lose(room.session());
        assertThat(paths()).containsExactly(".gitignore", "README.md", "kept/x.log", "new.txt", "src/deep/b.txt");
    }

    @Test
    void listsANameThatIsNotUtf8AndFiveThousandOthers() throws Exception {
        var folder = Files.createDirectory(files.resolve("many"));
        for (int i : IntStream.range(0, 5_000).toArray()) {
            Files.createFile(folder.resolve("f" + i));
        }
        var made = new ProcessBuilder("bash", "-c", "touch $'many/\\xff\\xfe'")
                .directory(files.toFile())
                .start();
        assertThat(made.waitFor()).isZero();

        room.bytes()
                .queryParam("path", "many")
                .get(room.address("/files"))
                .then()
                .statusCode(200)
                .body("items", hasSize(5_001));
        assertThat(paths()).hasSize(5_004);
    }

    @Test
    void compressesThePaths() {
        room.bytes()
                .header("Accept-Encoding", "gzip")
                .get(room.address("/files/paths"))
                .then()
                .statusCode(200)
                .header("Content-Encoding", "gzip");
    }

    @Test
    void letsWatchersLookOnly() {
        var viewer = TestPeople.member("viewer");
        TestProject.addMember(owner, room.project(), viewer, "viewer");
        viewer.request().get(room.address("/files/paths")).then().statusCode(200);
        for (var asked : Map.of(
                        "move", Map.of("from", "README.md", "to", "x"),
                        "copy", Map.of("from", "README.md", "to", "x"),
                        "directories", Map.of("path", "x"),
                        "delete", Map.of("paths", List.of("README.md")),
                        "undelete", Map.of("undo", "x"))
                .entrySet()) {
            viewer.request()
                    .body(asked.getValue())
                    .post(room.address("/files/" + asked.getKey()))
                    .then()
                    .statusCode(403);
        }
    }

    private ValidatableResponse delete(String... paths) {
        return ask("delete", Map.of("paths", List.of(paths)));
    }

    private ValidatableResponse ask(String operation, Map<String, ?> body) {
        return owner.request()
                .body(body)
                .post(room.address("/files/" + operation))
                .then();
    }

    private List<String> paths() {
        return room.bytes()
                .get(room.address("/files/paths"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("paths", String.class);
    }

    private List<String> trash() {
        var kept = files.resolve(".git/cleanroom-trash").toFile().list();
        return kept == null ? List.of() : List.of(kept);
    }
}
