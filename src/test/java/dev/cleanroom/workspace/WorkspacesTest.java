package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.git.History;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Trees;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class WorkspacesTest {
    private static final String ODD = "sp ace\nné \"w\".txt";

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    Trees trees;

    @Inject
    History history;

    @Inject
    Refs refs;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        room = Room.with(
                TestPeople.administrator(),
                Map.of(
                        "README.md",
                        "hello\n",
                        "crlf.txt",
                        "a\r\nb\r\n",
                        ".gitattributes",
                        "*.txt text eol=lf\n",
                        ".gitignore",
                        "build/\n"));
    }

    @Test
    void checksOutTheBranchWithCleanStatusAndAnIdentity() throws Exception {
        workspaces.open(room.session());

        var git = LocalGit.in(files());
        assertThat(git.run("symbolic-ref", "HEAD")).isEqualTo("refs/heads/session/" + room.session());
        assertThat(git.run("rev-parse", "HEAD")).isEqualTo(room.base());
        assertThat(git.run("status", "--porcelain")).isEmpty();
        assertThat(git.run("config", "--file", ".git/config", "user.name")).isEqualTo("Cleanroom agent");
        assertThat(Files.readString(files().resolve("README.md"))).isEqualTo("hello\n");
    }

    @Test
    void commitsEveryKindOfFileByteForByte() throws Exception {
        var workspace = workspaces.open(room.session());
        byte[] binary = {0, 1, (byte) 0xFF, '\r', '\n', 0};
        Files.write(files().resolve("binary"), binary);
        Files.writeString(files().resolve("crlf.txt"), "a\r\nb\r\nc\r\n");
        Files.writeString(files().resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(files().resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(files().resolve("link"), Path.of("/nowhere"));
        Files.writeString(files().resolve(ODD), "no final newline");
        Files.createDirectories(files().resolve("build"));
        Files.writeString(files().resolve("build/out"), "ignored");
        Files.delete(files().resolve("README.md"));

        var taken = workspace.checkpoint("test").orElseThrow();

        assertThat(taken.files())
                .containsExactlyInAnyOrder(
                        new ChangedFile("binary", ChangeKind.added, 0, 0),
                        new ChangedFile("crlf.txt", ChangeKind.modified, 3, 2),
                        new ChangedFile("run.sh", ChangeKind.added, 1, 0),
                        new ChangedFile("link", ChangeKind.added, 1, 0),
                        new ChangedFile(ODD, ChangeKind.added, 1, 0),
                        new ChangedFile("README.md", ChangeKind.deleted, 0, 1));
        assertThat(trees.read(room.project(), taken.commit(), "binary")).contains(binary);
        assertThat(trees.read(room.project(), taken.commit(), "crlf.txt")).contains("a\r\nb\r\nc\r\n".getBytes());
        assertThat(trees.list(room.project(), taken.commit(), ""))
                .extracting(entry -> entry.path() + " " + entry.kind())
                .contains("run.sh EXECUTABLE", "link SYMLINK", ODD + " FILE")
                .noneMatch(entry -> entry.startsWith("build/"));
        assertThat(refs.resolve(room.project(), "refs/cleanroom/session/" + room.session() + "/tree"))
                .contains(taken.commit());
        assertThat(refs.resolve(room.project(), "refs/heads/session/" + room.session()))
                .contains(room.base()); // nothing was committed yet
        assertThat(workspace.checkpoint("again")).isEmpty();
    }

    @Test
    void leavesTheUsersIndexAndHeadAloneAndCarriesHisCommits() throws Exception {
        var workspace = workspaces.open(room.session());
        var git = LocalGit.in(files());
        git.write("staged.txt", "one\n").run("add", "staged.txt");
        git.write("staged.txt", "two\n").write("untracked", "u");

        workspace.checkpoint("test");

        assertThat(git.run("status", "--porcelain").lines()).containsExactly("AM staged.txt", "?? untracked");
        var mine = git.commit("the user's own");
        workspace.checkpoint("test");
        for (var ref : List.of("cleanroom/session/%s/heads/session", "heads/session/%s")) {
            assertThat(refs.resolve(room.project(), "refs/" + ref.formatted(room.session())))
                    .contains(mine);
        }

        git.run("commit", "-q", "--amend", "-m", "amended");
        git.run("reflog", "expire", "--expire=now", "--all");
        git.run("gc", "-q", "--prune=now");
        git.write("later", "l");
        assertThat(workspace.checkpoint("after gc").orElseThrow().files())
                .containsExactly(new ChangedFile("later", ChangeKind.added, 1, 0));
    }

    @Test
    void keepsTheFilesOfANestedRepository() throws Exception {
        var workspace = workspaces.open(room.session());
        LocalGit.init(files().resolve("nested dir")).write("in.txt", "in\n").commit("inner");
        Files.writeString(files().resolve("nested dir/new"), "n");

        var taken = workspace.checkpoint("test").orElseThrow();

        assertThat(taken.files())
                .extracting(ChangedFile::path)
                .containsExactlyInAnyOrder("nested dir/in.txt", "nested dir/new");
    }

    @Test
    void commitsWhatChangesByItselfWithinTwoSeconds() throws Exception {
        workspaces.open(room.session());
        Room.await("first look", () -> true);

        long start = System.nanoTime();
        Files.writeString(files().resolve("by-itself"), "x");
        Room.await("a checkpoint", () -> room.isKept("by-itself"));

        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(10_000); // 2 s on a machine of its own
        assertThat(room.events(CheckpointTaken.class)).isEmpty(); // the log is told later
    }

    @Test
    void rebuildsALostSandboxFromTheNewestCheckpoint() throws Exception {
        var workspace = workspaces.open(room.session());
        var git = LocalGit.in(files());
        git.write("mine", "m\n");
        var mine = git.commit("the user's own");
        git.write("crlf.txt", "x\r\ny").write(ODD, "odd");
        Files.delete(files().resolve("README.md"));
        var taken = workspace.checkpoint("test").orElseThrow();
        var before = snapshot(files());

        sandboxes.lose(room.session());
        Room.await("the loss in the log", () -> !room.events(SandboxLost.class).isEmpty());
        workspaces.open(room.session());

        assertThat(snapshot(files())).isEqualTo(before);
        assertThat(LocalGit.in(files()).run("rev-parse", "HEAD")).isEqualTo(mine);
        assertThat(room.events(SandboxLost.class)).hasSize(1);
        assertThat(room.events(SandboxRestored.class))
                .singleElement()
                .extracting(SandboxRestored::checkpoint)
                .isEqualTo(taken.commit());
        assertThat(workspaces.open(room.session()).checkpoint("nothing new")).isEmpty();
    }

    @Test
    void logsTheCheckpointThatADyingServerTookAndDidNotLog() throws Exception {
        var workspace = workspaces.open(room.session());
        write(files().resolve("new.txt"), "one\n");
        var commit = workspace.checkpointQuietly().orElseThrow();
        sandboxes.lose(room.session());
        Room.await("the loss in the log", () -> !room.events(SandboxLost.class).isEmpty());

        workspaces.open(room.session());

        assertThat(room.events(CheckpointTaken.class))
                .extracting(CheckpointTaken::commit)
                .containsExactly(commit);
        assertThat(room.events(SandboxRestored.class)).singleElement().satisfies(restored -> {
            assertThat(restored.checkpoint()).isEqualTo(commit);
            assertThat(restored.sequence()).isZero(); // what any call does may be gone
            assertThat(restored.at())
                    .isEqualTo(history.note(room.project(), commit).at());
        });
    }

    @Test
    void redoesACheckoutThatWasNotFinished() throws Exception {
        var workspace = workspaces.open(room.session());
        workspace.checkpointQuietly();
        workspace.close(); // or it would repair what is broken here
        var shadow = files().resolve(".git/cleanroom");
        Files.delete(shadow.resolve("complete"));
        Files.createFile(shadow.resolve("making"));
        Files.delete(files().resolve("crlf.txt"));

        room.checkpoints(sandboxes.of(room.session()).sandbox()).prepare();

        assertThat(Files.readString(files().resolve("crlf.txt"))).isEqualTo("a\nb\n");
    }

    @Test
    void survivesThatSomebodyDeletesTheRepository() throws Exception {
        var workspace = workspaces.open(room.session());
        Files.writeString(files().resolve("precious"), "p");
        delete(files().resolve(".git"));

        var taken = workspace.checkpoint("test").orElseThrow();

        assertThat(taken.files()).containsExactly(new ChangedFile("precious", ChangeKind.added, 1, 0));
        assertThat(LocalGit.in(files()).run("rev-parse", "HEAD")).isEqualTo(room.base());
    }

    @Test
    void opensOnceForAllWhoAsk() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = threads.invokeAll(IntStream.range(0, 20)
                    .<Callable<Workspace>>mapToObj(one -> () -> workspaces.open(room.session()))
                    .toList());

            var first = asked.getFirst().get();
            for (var one : asked) {
                assertThat(one.get()).isSameAs(first);
            }
        }
    }

    @Test
    void anInterruptedCallerHarmsNobodyAndItsCheckpointIsLogged() throws Exception {
        var entered = new CountDownLatch(1);
        var opener = Thread.ofVirtual().start(() -> {
            entered.countDown();
            try {
                workspaces.open(room.session());
            } catch (InterruptedException stopped) {
                // as meant
            }
        });
        entered.await();
        opener.interrupt();
        var workspace = workspaces.open(room.session());
        Files.writeString(files().resolve("kept"), "k");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> workspace.checkpoint("interrupted")).isInstanceOf(InterruptedException.class);

        Room.await(
                "the checkpoint in the log",
                () -> room.events(CheckpointTaken.class).stream()
                        .anyMatch(taken -> taken.files().stream()
                                .map(ChangedFile::path)
                                .toList()
                                .contains("kept")));
    }

    @Test
    void aCheckpointAmongConcurrentEditsIsFollowedByOneThatHasThemAll() throws Exception {
        var workspace = workspaces.open(room.session());
        var writer = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 300; i++) {
                write(files().resolve("f" + i % 30), "content " + i + "\n".repeat(i));
            }
        });
        while (writer.isAlive()) {
            workspace.checkpoint("among edits");
        }
        writer.join();
        workspace.checkpoint("after");

        var newest = refs.resolve(room.project(), "refs/cleanroom/session/" + room.session() + "/tree")
                .orElseThrow();
        for (int i = 270; i < 300; i++) {
            assertThat(trees.read(room.project(), newest, "f" + i % 30).orElseThrow())
                    .isEqualTo(Files.readAllBytes(files().resolve("f" + i % 30)));
        }
    }

    private Path files() {
        return sandboxes.of(room.session()).workspace();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static Map<String, String> snapshot(Path root) throws Exception {
        var found = new java.util.TreeMap<String, String>();
        try (var all = Files.walk(root)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                var name = root.relativize(file).toString();
                if (!name.startsWith(".git/")) {
                    found.put(name, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return found;
    }

    private static void delete(Path folder) throws Exception {
        try (var all = Files.walk(folder)) {
            for (var file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
