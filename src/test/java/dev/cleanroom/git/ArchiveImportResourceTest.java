package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    @ValueSource(strings = {"../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "a//b", "..\\evil.txt", "."})
    void refusesAPathThatLeavesTheArchive(String path) throws IOException {
        String name = name();

        upload(name, null, zip("a.txt", path)).statusCode(400).body("type", equalTo("project.archive-path"));

        upload(name, null, zip("a.txt")).statusCode(201);
    }

    @Test
    void refusesWhatIsNoArchive() throws IOException {
        byte[] zip = zip("a.txt", "b.txt");

        upload(name(), null, "hello".getBytes(StandardCharsets.UTF_8))
                .statusCode(400)
                .body("type", equalTo("project.archive-broken"));
        upload(name(), null, new byte[0]).statusCode(400);
        upload(name(), null, java.util.Arrays.copyOf(zip, zip.length - 30)).statusCode(400);
        upload(name(), null, zip("a", "a/b")).statusCode(400).body("type", equalTo("project.archive-broken"));
        upload(name(), null, new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3}).statusCode(400);
        upload("", null, zip).statusCode(400);
    }

    @Test
    void leavesGitsOwnFolderOut() throws IOException {
        String id = upload(name(), null, zip("a.txt", ".git/config", "sub/.GIT/hooks/x"))
                .statusCode(201)
                .extract()
                .path("id");

        assertThat(paths(UUID.fromString(id), "main")).containsExactly("a.txt");
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
