package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.testing.LocalGit;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class PacksTest {
    private static final String HIDDEN = "refs/cleanroom/session/1/tree";

    @Inject
    Repositories repositories;

    @Inject
    Packs packs;

    @Inject
    Refs refs;

    @Inject
    Trees trees;

    @Inject
    Housekeeping housekeeping;

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
    void bringsCommitsInAndOutAgain() throws IOException {
        work.write("a.txt", "one\n").write("large.bin", random(3_500_000));
        String first = work.commit("first");
        work.write("a.txt", "two\n");
        String second = work.commit("second");

        assertThat(receive(work.pack(first), "refs/heads/main", null, first)).isTrue();
        assertThat(receive(work.pack(second, "^" + first), "refs/heads/main", first, second))
                .isTrue();

        assertThat(refs.resolve(project, "main")).contains(second);
        assertThat(trees.read(project, first, "a.txt")).contains("one\n".getBytes());
        var whole = new ByteArrayOutputStream();
        packs.send(project, List.of(second), List.of(), whole);
        assertThat(unpacked(whole.toByteArray()).run("ls-tree", "-r", second))
                .isEqualTo(work.run("ls-tree", "-r", second));
        var rest = new ByteArrayOutputStream();
        packs.send(project, List.of(second), List.of(first, "1".repeat(40)), rest);
        assertThat(rest.size()).isLessThan(2_000);
    }

    @Test
    void sendsACommitWithoutItsHistory() throws IOException {
        work.write("old.bin", random(200_000));
        work.commit("first");
        Files.delete(work.path("old.bin"));
        work.write("a.txt", "one\n");
        String second = work.commit("second");
        receive(work.pack(second), "refs/heads/main", null, second);

        var pack = new ByteArrayOutputStream();
        packs.sendShallow(project, second, pack);

        assertThat(pack.size()).isLessThan(2_000);
        var copy = LocalGit.init(temporary.resolve("shallow"));
        Files.writeString(copy.path(".git/shallow"), second + "\n");
        copy.attempt(new ByteArrayInputStream(pack.toByteArray()), "index-pack", "--stdin");
        copy.run("checkout", "-q", "-b", "work", second);
        assertThat(copy.run("fsck", "--strict")).isEmpty();
        assertThat(copy.run("log", "--format=%s")).isEqualTo("second");
        copy.write("b.txt", "two\n");
        String third = copy.commit("third");
        assertThat(receive(copy.pack(third, "^" + second), HIDDEN, null, third)).isTrue();
    }

    @Test
    void letsOneOfManyMoveARef() throws Exception {
        String base = work.commit("base");
        receive(work.pack(base), HIDDEN, null, base);
        var commits = IntStream.range(0, 8)
                .mapToObj(i -> {
                    work.run("checkout", "-q", "--detach", base);
                    return work.commit("commit " + i);
                })
                .toList();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var moves = commits.stream()
                    .map(commit -> threads.submit((Callable<Boolean>) () -> {
                        byte[] pack = work.pack(commit, "^" + base);
                        start.await();
                        return receive(pack, HIDDEN, base, commit);
                    }))
                    .toList();
            start.countDown();
            int winners = 0;
            for (var move : moves) {
                winners += move.get() ? 1 : 0;
            }

            assertThat(winners).isEqualTo(1);
            assertThat(commits).contains(refs.resolve(project, HIDDEN).orElseThrow());
        }
    }

    @Test
    void refusesACommitWhoseObjectsAreNotAllThere() throws IOException {
        work.write("a.txt", "one\n");
        String first = work.commit("first");
        work.write("b.txt", "two\n");
        String second = work.commit("second");
        byte[] withoutFirst = work.pack(second, "^" + first);

        assertProblem("git.pack-incomplete", () -> receive(withoutFirst, HIDDEN, null, second));
        project = UUID.randomUUID();
        repositories.create(project);
        assertProblem("git.pack-incomplete", () -> receive(work.pack(first), HIDDEN, null, second));
        assertThat(refs.resolve(project, HIDDEN)).isEmpty();
    }

    @Test
    void refusesBytesThatAreNoPack() throws IOException {
        work.write("a.txt", "one\n".repeat(1_000));
        String first = work.commit("first");
        byte[] good = work.pack(first);

        assertProblem("git.pack-broken", () -> receive(new byte[0], HIDDEN, null, first));
        assertProblem("git.pack-broken", () -> receive("hello".repeat(9).getBytes(), HIDDEN, null, first));
        assertProblem("git.pack-broken", () -> receive(Arrays.copyOf(good, good.length - 9), HIDDEN, null, first));
        byte[] manyObjects = good.clone();
        ByteBuffer.wrap(manyObjects).putInt(8, -1);
        assertProblem("git.pack-too-large", () -> receive(manyObjects, HIDDEN, null, first));
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] flipped = good.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> receive(flipped, HIDDEN, null, first)).isInstanceOf(ProblemException.class);
        }
        assertThat(receive(good, HIDDEN, null, first)).isTrue();
    }

    @Test
    void refusesAPathThatLeavesTheWorktree() throws IOException {
        work.write("evil", "x\n");
        work.commit("base");
        String blob = work.run("rev-parse", "HEAD:evil");
        for (String name : List.of("..", ".git", ".GIT", "a/b")) {
            String tree = hash(
                    "tree",
                    ByteBuffer.allocate(7 + name.length() + 1 + 20)
                            .put(("100644 " + name + "\0").getBytes())
                            .put(java.util.HexFormat.of().parseHex(blob))
                            .array());
            String commit = work.run("commit-tree", tree, "-m", "evil");

            assertProblem("git.pack-broken", () -> receive(work.pack(commit), HIDDEN, null, commit));
        }
    }

    @Test
    void refusesRefsThatNoCloneCouldHoldTogether() {
        String base = work.commit("base");
        receive(work.pack(base), "refs/heads/a/b", null, base);

        assertProblem("git.ref-exists", () -> refs.create(project, "refs/heads/a", base));
        assertProblem("git.ref-exists", () -> refs.create(project, "refs/heads/a/b/c", base));
        assertProblem("git.ref-exists", () -> refs.create(project, "refs/heads/a/b", base));
        refs.create(project, "refs/heads/a/bc", base);
        refs.create(project, "refs/heads/ab", base);
        assertThat(refs.delete(project, "refs/heads/ab", "2".repeat(40))).isFalse();
        assertThat(refs.delete(project, "refs/heads/ab", base)).isTrue();
        assertThat(refs.list(project, "refs/heads/"))
                .containsExactly(new Refs.At("refs/heads/a/b", base), new Refs.At("refs/heads/a/bc", base));
        assertProblem("git.no-commit", () -> refs.create(project, "refs/heads/new", "3".repeat(40)));
    }

    @Test
    void resolvesBranchesTagsAndCommits() {
        String base = work.commit("base");
        work.run("tag", "-a", "v1", "-m", "one");
        String tag = work.run("rev-parse", "v1");
        receive(work.pack(base), "refs/heads/main", null, base);

        assertThat(refs.resolve(project, "HEAD")).contains(base);
        assertThat(refs.resolve(project, "refs/heads/main")).contains(base);
        assertThat(refs.resolve(project, base)).contains(base);
        assertThat(refs.resolve(project, base.substring(0, 10))).contains(base);
        assertThat(refs.resolve(project, "no-such-branch")).isEmpty();
        assertThat(refs.resolve(project, tag)).isEmpty();
        assertThat(refs.resolve(project, "..")).isEmpty();
        assertThat(refs.resolve(project, "")).isEmpty();
        assertThat(refs.defaultBranch(project)).isEqualTo("main");
    }

    @Test
    void mergesManySmallPacks() throws IOException {
        String previous = null;
        for (int i = 0; i < 32; i++) {
            work.write("file.txt", "version " + i + "\n");
            String commit = work.commit("commit " + i);
            receive(previous == null ? work.pack(commit) : work.pack(commit, "^" + previous), HIDDEN, previous, commit);
            previous = commit;
        }
        housekeeping.compact(project);

        try (var repository = repositories.openStored(project)) {
            assertThat(repository.getObjectDatabase().getPacks().length).isLessThan(31);
        }
        var pack = new ByteArrayOutputStream();
        packs.send(project, List.of(previous), List.of(), pack);
        assertThat(unpacked(pack.toByteArray()).run("rev-list", "--count", previous))
                .isEqualTo("32");
    }

    private boolean receive(byte[] pack, String ref, String expected, String commit) {
        return packs.receive(project, new ByteArrayInputStream(pack), ref, Optional.ofNullable(expected), commit);
    }

    private LocalGit unpacked(byte[] pack) throws IOException {
        var copy = LocalGit.init(temporary.resolve("copy-" + UUID.randomUUID()));
        var outcome = copy.attempt(new ByteArrayInputStream(pack), "index-pack", "--stdin", "--strict");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        return copy;
    }

    private String hash(String type, byte[] content) {
        return work.attempt(
                        new ByteArrayInputStream(content), "hash-object", "-t", type, "-w", "--stdin", "--literally")
                .text()
                .strip();
    }

    private static void assertProblem(String code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(code));
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
