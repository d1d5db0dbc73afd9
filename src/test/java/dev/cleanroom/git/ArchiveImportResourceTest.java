package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ArchiveImportResourceTest {
    private static Somebody ada; // signing up is slow on purpose

    @Inject
    Refs refs;

    @Inject
    Trees trees;

    @TempDir
    Path temporary;

    @BeforeEach
    void signUp() {
        ada = ada == null ? TestPeople.member("Ada") : ada;
    }

    @Test
    void makesAProjectOfATarWithItsModesAndLinks() throws Exception {
        var work = LocalGit.init(temporary.resolve("work"));
        work.write("a \u00e4.txt", "one\n").write("sub/run.sh", "#!/bin/sh\n").write("empty", "");
        assertThat(work.path("sub/run.sh").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(work.path("link"), Path.of("a \u00e4.txt"));
        Files.createLink(work.path("twin.txt"), work.path("a \u00e4.txt"));
        String commit = work.commit("files");

        String id = upload(name(), null, tar(temporary.resolve("work")))
                .statusCode(201)
                .body("status", equalTo("ready"))
                .extract()
                .path("id");

        var project = UUID.fromString(id);
        assertThat(files(project, "main"))
                .isEqualTo(work.run(
                                "-c", "core.quotePath=false", "ls-tree", "-r", "--format=%(path) %(objectname)", commit)
                        .lines()
                        .toList());
        assertThat(trees.list(project, refs.resolve(project, "main").orElseThrow(), ""))
                .extracting(Trees.Entry::kind)
                .contains(Trees.Entry.Kind.EXECUTABLE, Trees.Entry.Kind.SYMLINK);
    }

    @Test
    void bringsAProjectToTheStateOfAnotherArchive() throws Exception {
        String name = name();
        String id = upload(name, null, zip("a.txt", "b.txt"))
                .statusCode(201)
                .extract()
                .path("id");
        var project = UUID.fromString(id);
        String first = refs.resolve(project, "main").orElseThrow();

        upload(name, id, zip("a.txt", "b.txt")).statusCode(201).body("id", equalTo(id));
        assertThat(refs.resolve(project, "main")).contains(first);
        upload(name, id, zip("a.txt", "c.txt")).statusCode(201);

        assertThat(paths(project, "main")).containsExactly("a.txt", "c.txt");
        assertThat(refs.resolve(project, "main^")).contains(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.txt",
                "/etc/evil.txt",
                "a/../../evil.txt",
                "a//b",
                "..\\evil.txt",
                ".",
                "C:/evil.txt",
                "C:\\evil.txt"
            })
    void refusesAPathThatLeavesTheArchive(String path) throws Exception {
        refuses("project.archive-path", 400, zip("a.txt", path));
        refuses("project.archive-path", 400, tarOf(file("a.txt"), file(path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {".git/config", "sub/.GIT/hooks/post-checkout", "a/b/.Git", ".git"})
    void refusesGitsOwnFolder(String path) throws Exception {
        refuses("project.archive-git", 400, zip("a.txt", path));
        refuses("project.archive-git", 400, tarOf(file("a.txt"), file(path)));
    }

    @ParameterizedTest
    @CsvSource({"link, /etc/passwd", "link, ../x", "a/link, ../../x", "a/b/link, ../c/../../../x", "link, .."})
    void refusesASymbolicLinkThatLeadsOut(String path, String target) throws Exception {
        refuses("project.archive-link", 400, tarOf(file("a.txt"), link(path, target, TarConstants.LF_SYMLINK)));
        refuses("project.archive-link", 400, zipOfLink(path, target));
    }

    /** Of a folder that goes, what is beside it is outside. */
    @Test
    void refusesASymbolicLinkThatLeadsOutOfTheFolderThatIsTaken() throws Exception {
        refuses(
                "project.archive-link",
                400,
                tarOf(file("top/a.txt"), link("top/link", "../top/a.txt", TarConstants.LF_SYMLINK)));
    }

    @Test
    void refusesAHardLinkToWhatIsNotInIt() throws Exception {
        for (var target : List.of("/etc/passwd", "../x", "later.txt")) {
            var answer = upload(
                            name(),
                            null,
                            tarOf(file("a.txt"), link("twin", target, TarConstants.LF_LINK), file("later.txt")))
                    .statusCode(400)
                    .extract();
            assertThat(answer.<String>path("type")).isIn("project.archive-link", "project.archive-path");
        }
        refuses(
                "project.archive-link",
                400,
                tarOf(
                        file("a.txt"),
                        link("s", "a.txt", TarConstants.LF_SYMLINK),
                        link("twin", "s", TarConstants.LF_LINK)));
    }

    @Test
    void refusesAHundredThousandEntries() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) {
                zip.putArchiveEntry(new ZipArchiveEntry("d" + i + "/"));
                zip.closeArchiveEntry();
            }
        }
        refuses("project.archive-too-large", 413, bytes.toByteArray());
        var folders = new TarArchiveEntry[100_000];
        for (int i = 0; i < folders.length; i++) {
            folders[i] = new TarArchiveEntry("d" + i + "/");
        }
        refuses("project.archive-too-large", 413, tarOf(folders));
    }

    @Test
    void refusesABomb() throws Exception {
        refuses("project.archive-bomb", 413, zipOfZeros(3, 50 << 20));
        refuses("project.archive-too-large", 413, zipOfZeros(1, 101 << 20));
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (int i = 0; i < 3; i++) {
                var entry = new TarArchiveEntry("zeros" + i);
                entry.setSize(50 << 20);
                tar.putArchiveEntry(entry);
                tar.write(new byte[50 << 20]);
                tar.closeArchiveEntry();
            }
        }
        refuses("project.archive-bomb", 413, bytes.toByteArray());
    }

    /** Told before anything is sent. */
    @Test
    void refusesThreeGigabytes() throws Exception {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /api/v1/projects/import?name=" + name() + " HTTP/1.1\r\nHost: localhost:"
                                    + RestAssured.port + "\r\nAuthorization: Bearer " + ada.token()
                                    + "\r\nContent-Type: application/zip\r\nContent-Length: " + (3L << 30)
                                    + "\r\n\r\nPK")
                            .getBytes(StandardCharsets.US_ASCII));

            var answer = new String(socket.getInputStream().readNBytes(2_000), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 413").contains("\"project.archive-too-large\"");
        }
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        byte[] zip = zip("a.txt", "b.txt");
        byte[] tar = tarOf(file("a.txt"), file("b.txt"));

        for (byte[] bad : List.of(
                "hello".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                Arrays.copyOf(zip, zip.length - 30),
                Arrays.copyOf(zip, 10),
                Arrays.copyOf(tar, tar.length - 30),
                new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3},
                zip("a", "a/b"))) {
            refuses("project.archive-broken", 400, bad);
        }
        upload("", null, zip).statusCode(400);
    }

    @Test
    void refusesANameThatIsThereTwiceButNotOneOfOtherCase() throws Exception {
        var other = file("a.txt");
        other.setSize(3);
        refuses("project.archive-broken", 400, tarOf(file("a.txt"), other));

        String id = upload(name(), null, zip("a.txt", "A.txt", "Src/x", "src/x"))
                .statusCode(201)
                .extract()
                .path("id");

        assertThat(paths(UUID.fromString(id), "main")).containsExactly("A.txt", "Src/x", "a.txt", "src/x");
    }

    @Test
    void takesWhatIsInTheOneFolderThatWasPacked() throws Exception {
        String id = upload(name(), null, zip("app-main/README.md", "app-main/src/x", "__MACOSX/app-main/._README.md"))
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(paths(UUID.fromString(id), "main")).containsExactly("README.md", "src/x");

        String whole = upload(name() + "&keepFolder=true", null, zip("app/a", "app/b"))
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(paths(UUID.fromString(whole), "main")).containsExactly("app/a", "app/b");
        upload("x", whole, zip("app/c")).statusCode(201);
        assertThat(paths(UUID.fromString(whole), "main")).containsExactly("app/c");
    }

    @Test
    void takesStrangeNames() throws Exception {
        var names = new String[] {"\uD83D\uDE00", "new\nline", "n".repeat(255), "\u05D0\u202Egpj.exe", "-rf"};

        String id = upload(name(), null, zip(names)).statusCode(201).extract().path("id");

        assertThat(paths(UUID.fromString(id), "main")).containsExactlyInAnyOrder(names);
    }

    @Test
    void takesChangesFromEditorsOnly() throws IOException {
        String id = upload(name(), null, zip("a.txt")).statusCode(201).extract().path("id");
        var eve = TestPeople.member("Eve");

        eve.request()
                .contentType("application/octet-stream")
                .body(zip("b.txt"))
                .post("/api/v1/projects/import?name=x&into=" + id)
                .then()
                .statusCode(404);
    }

    /** With a sentence, and nothing of it is kept: the name is free, and no project has it. */
    private static void refuses(String code, int status, byte[] archive) throws IOException {
        String name = name();
        String detail = upload(name, null, archive)
                .statusCode(status)
                .body("type", equalTo(code))
                .extract()
                .path("detail");
        assertThat(detail).endsWith(".").containsPattern("Pack it|Leave");
        ada.request().get("/api/v1/projects").then().body("items.name", not(hasItem(name)));
        upload(name, null, zip("a.txt")).statusCode(201);
    }

    @Test
    void takesANameThatIsOnlyProposedWhereNoneIsChosenAndMakesItUnique() throws Exception {
        var proposed = name();
        for (var name : List.of(proposed, proposed + " 2")) {
            upload("&proposed=" + proposed, null, zip("a.txt")).statusCode(201).body("name", equalTo(name));
        }
        upload("", null, zip("a.txt")).statusCode(400).body("type", equalTo("project.name"));
    }

    private static ValidatableResponse upload(String name, String into, byte[] archive) {
        return ada.request()
                .contentType("application/octet-stream")
                .body(archive)
                .post("/api/v1/projects/import?name=" + name + (into == null ? "" : "&into=" + into))
                .then();
    }

    private List<String> files(UUID project, String branch) {
        return trees.list(project, refs.resolve(project, branch).orElseThrow(), "").stream()
                .map(entry -> entry.path() + " " + entry.blob())
                .toList();
    }

    private List<String> paths(UUID project, String branch) {
        return trees.list(project, refs.resolve(project, branch).orElseThrow(), "").stream()
                .map(Trees.Entry::path)
                .collect(Collectors.toList());
    }

    private static String name() {
        return "p-" + UUID.randomUUID();
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (String name : names) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write("x\n".getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] zipOfLink(String path, String target) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            var entry = new ZipArchiveEntry(path);
            entry.setUnixMode(0120777);
            zip.putArchiveEntry(entry);
            zip.write(target.getBytes(StandardCharsets.UTF_8));
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static byte[] zipOfZeros(int files, int size) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            zip.setLevel(1);
            for (int i = 0; i < files; i++) {
                zip.putArchiveEntry(new ZipArchiveEntry("zeros" + i));
                zip.write(new byte[size]);
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry file(String name) {
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(2);
        return entry;
    }

    private static TarArchiveEntry link(String name, String target, byte kind) {
        var entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        return entry;
    }

    private static byte[] tarOf(TarArchiveEntry... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (var entry : entries) {
                tar.putArchiveEntry(entry);
                tar.write("x\n\n".getBytes(StandardCharsets.UTF_8), 0, (int) entry.getSize());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(Path folder) throws Exception {
        var archive = Files.createTempFile("test", ".tar.gz");
        var tar = new ProcessBuilder("tar", "-czf", archive.toString(), "--exclude=.git", ".")
                .directory(folder.toFile())
                .start();
        assertThat(tar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        byte[] bytes = Files.readAllBytes(archive);
        Files.delete(archive);
        return bytes;
    }
}
