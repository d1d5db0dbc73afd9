package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cleanroom.testing.LocalGit;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class DiffsTest {
    @Inject
    Repositories repositories;

    @Inject
    Packs packs;

    @Inject
    Diffs diffs;

    @TempDir
    Path temporary;

    private LocalGit work;
    private UUID project;

    @BeforeEach
    void makeRepository() throws IOException {
        work = LocalGit.init(temporary.resolve("work"));
        project = UUID.randomUUID();
        repositories.create(project);
    }

    @Test
    void itsPatchOfOddFilesAppliesToTheSameTree() throws IOException {
        oddFiles();
        String before = work.commit("before");
        changeOddFiles();
        String after = work.commit("after");
        push(after);

        var patch = new ByteArrayOutputStream();
        diffs.write(project, Optional.of(before), after, patch);
        byte[] list = diffs.between(project, Optional.of(before), after).stream()
                .map(FileDiff::patch)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);

        assertThat(treeAfterApplying(before, patch.toByteArray())).isEqualTo(tree(after));
        assertThat(treeAfterApplying(before, list).lines().filter(line -> !line.endsWith("big.txt")))
                .containsExactlyElementsOf(tree(after)
                        .lines()
                        .filter(line -> !line.endsWith("big.txt"))
                        .toList());
        assertThat(treeAfterApplying(after, patch.toByteArray(), "-R")).isEqualTo(tree(before));
    }

    @Test
    void itsPatchAgainstNothingMakesTheWholeTree() throws IOException {
        String empty = work.commit("empty");
        oddFiles();
        String after = work.commit("files");
        push(after);

        var patch = new ByteArrayOutputStream();
        diffs.write(project, Optional.empty(), after, patch);

        assertThat(treeAfterApplying(empty, patch.toByteArray())).isEqualTo(tree(after));
    }

    @Test
    void listsARenameAsADeletedAndAnAddedFileAndCountsLines() throws IOException {
        work.write("a.txt", "one\ntwo\nthree\n").write("edit.txt", "one\ntwo\n").write("raw.bin", new byte[] {0, 1, 2});
        String before = work.commit("before");
        work.run("mv", "a.txt", "b.txt");
        work.write("edit.txt", "one\n2\nthree\n").write("raw.bin", new byte[] {0, 1, 3});
        String after = work.commit("after");
        push(after);

        assertThat(diffs.between(project, Optional.of(before), after))
                .extracting(FileDiff::path, FileDiff::kind, FileDiff::added, FileDiff::removed, FileDiff::binary)
                .containsExactly(
                        tuple("a.txt", FileDiff.Kind.DELETED, 0, 3, false),
                        tuple("b.txt", FileDiff.Kind.ADDED, 3, 0, false),
                        tuple("edit.txt", FileDiff.Kind.MODIFIED, 2, 1, false),
                        tuple("raw.bin", FileDiff.Kind.MODIFIED, 0, 0, true));
    }

    private void oddFiles() throws IOException {
        work.write("crlf.txt", "one\r\ntwo\r\nthree\r\n")
                .write("mixed.txt", "one\r\ntwo\nthree\rfour\n")
                .write("no-end.txt", "one\ntwo")
                .write("latin1.txt", "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1))
                .write("nul.txt", ("x".repeat(9000) + "\0\n"))
                .write("gone.txt", "gone\n")
                .write("gone.bin", new byte[] {0, 9, 8})
                .write("gone-empty.txt", "")
                .write("name with blanks/and \u00e4\u00f6\u00fc \ud83d\ude00.txt", "one\n")
                .write("tab\tand\"quote\\.txt", "one\n")
                .write("line\nbreak.txt", "one\n")
                .write("tool.sh", "#!/bin/sh\n")
                .write("becomes-link", "text\n")
                .write("becomes-folder", "text\n")
                .write("folder-becomes-file/inner.txt", "text\n")
                .write("-- dashes", "one\n")
                .write("picture.bin", random(100_000, 1))
                .write("big.txt", "line of text\n".repeat(500_000));
        for (int length = 1; length <= 60; length++) { // every length that a literal's last line can have
            byte[] bytes = random(length, length);
            bytes[0] = 0;
            work.write("lengths/" + length + ".bin", bytes);
        }
        Files.createSymbolicLink(work.path("link"), Path.of("crlf.txt"));
        Files.createSymbolicLink(work.path("link-becomes-file"), Path.of("nowhere"));
    }

    private void changeOddFiles() throws IOException {
        work.write("crlf.txt", "one\r\n2\r\nthree\r\n")
                .write("mixed.txt", "one\ntwo\r\nthree\rfour\rfive")
                .write("no-end.txt", "one\ntwo\nthree")
                .write("latin1.txt", "caf\u00e9s\n".getBytes(StandardCharsets.ISO_8859_1))
                .write("nul.txt", ("x".repeat(9000) + "\0y\n"))
                .write("name with blanks/and \u00e4\u00f6\u00fc \ud83d\ude00.txt", "one\ntwo\n")
                .write("tab\tand\"quote\\.txt", "two\n")
                .write("line\nbreak.txt", "two")
                .write("-- dashes", "-- one\n++ two\n")
                .write("picture.bin", random(120_000, 2))
                .write("big.txt", "line of text\n".repeat(500_000) + "end\n")
                .write("new empty.txt", "")
                .write("new.bin", new byte[] {(byte) 0xff, 0, 1})
                .write("new blanks.txt", "x");
        for (String gone : new String[] {"gone.txt", "gone.bin", "gone-empty.txt", "becomes-link", "becomes-folder"}) {
            Files.delete(work.path(gone));
        }
        Files.createSymbolicLink(work.path("becomes-link"), Path.of("crlf.txt"));
        work.write("becomes-folder/inner.txt", "text\n");
        Files.delete(work.path("folder-becomes-file/inner.txt"));
        Files.delete(work.path("folder-becomes-file"));
        work.write("folder-becomes-file", "text\n");
        Files.delete(work.path("link"));
        Files.createSymbolicLink(work.path("link"), Path.of("no-end.txt"));
        Files.delete(work.path("link-becomes-file"));
        work.write("link-becomes-file", "now text\n");
        assertThat(work.path("tool.sh").toFile().setExecutable(true)).isTrue();
    }

    private void push(String commit) {
        var received = packs.receive(
                project, new ByteArrayInputStream(work.pack(commit)), "refs/heads/main", Optional.empty(), commit);
        assertThat(received).isTrue();
    }

    private String tree(String commit) {
        work.run("read-tree", commit);
        return work.run("ls-files", "-s");
    }

    private String treeAfterApplying(String commit, byte[] patch, String... options) {
        var copy = temporary.resolve("copy-" + UUID.randomUUID());
        work.run("clone", "-q", "--no-hardlinks", ".", copy.toString());
        var git = LocalGit.in(copy);
        git.run("checkout", "-q", "--detach", commit);
        var arguments = new ArrayList<>(List.of("apply", "--whitespace=nowarn"));
        arguments.addAll(List.of(options));
        var outcome = git.attempt(new ByteArrayInputStream(patch), arguments.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        git.run("add", "-A");
        git.run("write-tree");
        return git.run("ls-files", "-s");
    }

    private static byte[] random(int length, long seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
