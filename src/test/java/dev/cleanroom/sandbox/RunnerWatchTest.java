package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.Collected;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RunnerWatchTest {
    private final List<Sandbox.Changed> seen = new ArrayList<>();
    private LocalSandbox local;
    private Sandbox sandbox;
    private int resyncs;

    @BeforeEach
    void start() throws Exception {
        local = LocalSandbox.start();
        sandbox = local.sandbox();
    }

    @AfterEach
    void stop() throws Exception {
        local.close();
    }

    private void watch() throws Exception {
        sandbox.watch(this::take);
        Eventually.isTrue(() -> resyncs() == 1);
    }

    private synchronized void take(Sandbox.WatchBatch batch) {
        seen.addAll(batch.changes());
        resyncs += batch.resync() ? 1 : 0;
    }

    private synchronized int resyncs() {
        return resyncs;
    }

    private synchronized boolean saw(String path, Sandbox.Change change) {
        return seen.contains(new Sandbox.Changed(path, change));
    }

    private synchronized boolean saw(String path) {
        return seen.stream().anyMatch(changed -> changed.path().startsWith(path));
    }

    private void shell(String script) throws InterruptedException {
        var exec =
                sandbox.exec(Sandbox.ExecRequest.of(UUID.randomUUID(), Duration.ofSeconds(60), "bash", "-ec", script));
        assertThat(Collected.of(exec).exit().code()).isZero();
    }

    @Test
    void tellsWhatIsAddedModifiedAndDeleted() throws Exception {
        shell("mkdir d; echo 1 > d/old; echo 1 > d/gone");
        watch();

        shell("echo 1 > d/new; echo 2 >> d/old; rm d/gone");

        Eventually.isTrue(() -> saw("d/new", Sandbox.Change.ADDED)
                && saw("d/old", Sandbox.Change.MODIFIED)
                && saw("d/gone", Sandbox.Change.DELETED));
        assertThat(resyncs()).isEqualTo(1);
    }

    @Test
    void missesNothingInDirectoriesThatAreMadeAndFilledAtOnce() throws Exception {
        watch();

        for (int i = 0; i < 20; i++) {
            shell("mkdir -p r" + i + "/a/b/c; touch r" + i + "/a/b/c/leaf");
        }

        for (int i = 0; i < 20; i++) {
            var leaf = "r" + i + "/a/b/c/leaf";
            Eventually.isTrue(() -> saw(leaf, Sandbox.Change.ADDED));
        }
    }

    @Test
    void followsADirectoryThatIsRenamed() throws Exception {
        shell("mkdir -p before/sub; touch before/sub/file");
        watch();

        shell("mv before after");
        Eventually.isTrue(() -> saw("before", Sandbox.Change.DELETED) && saw("after/sub/file", Sandbox.Change.ADDED));
        shell("echo 1 >> after/sub/file; touch after/sub/more");

        Eventually.isTrue(() -> saw("after/sub/more", Sandbox.Change.ADDED));
    }

    @Test
    void leavesOutWhatGitLeavesOut() throws Exception {
        shell("git init -q .; printf 'target/\\n*.log\\n' > .gitignore; mkdir -p target/classes src");
        watch();

        shell(
                "touch target/classes/A.class src/noise.log; mkdir -p sub/target; touch sub/target/B.class; git add .gitignore; "
                        + "touch src/A.java");

        Eventually.isTrue(() -> saw("src/A.java", Sandbox.Change.ADDED));
        assertThat(saw("target")).isFalse();
        assertThat(saw("sub/target")).isFalse();
        assertThat(saw("src/noise.log")).isFalse();
        assertThat(saw(".git/")).isFalse();
    }

    @Test
    void followsNewRulesOfGit() throws Exception {
        shell("git init -q .; echo 'out/' > .gitignore; mkdir out");
        watch();

        shell("echo > .gitignore");
        Eventually.isTrue(() -> resyncs() == 2);
        shell("touch out/file");

        Eventually.isTrue(() -> saw("out/file", Sandbox.Change.ADDED));
    }

    @Test
    void doesNotTellOfItsOwnTemporaryFiles() throws Exception {
        watch();

        sandbox.write("file", new byte[] {1}, new Sandbox.WriteCondition.Always());

        Eventually.isTrue(() -> saw("file"));
        assertThat(saw(".cleanroom-")).isFalse();
    }

    @Test
    void saysResyncWhenMoreHappensThanItCanTell() throws Exception {
        watch();

        signalRunner("STOP");
        for (int i = 0; i < 20_000; i++) { // the kernel keeps 16 384 events
            Files.createFile(local.workspace().resolve("file-" + i));
        }
        signalRunner("CONT");

        Eventually.isTrue(() -> resyncs() > 1);
    }

    @Test
    void goesOnAfterALostConnection() throws Exception {
        watch();

        local.cut();
        Eventually.isTrue(() -> resyncs() == 2); // what happened meanwhile must be looked for
        shell("touch afterwards");

        Eventually.isTrue(() -> saw("afterwards", Sandbox.Change.ADDED));
    }

    @Test
    void isSilentWhenClosed() throws Exception {
        var watch = sandbox.watch(this::take);
        Eventually.isTrue(() -> resyncs() == 1);
        watch.close();
        var other = new ArrayList<Sandbox.WatchBatch>();
        sandbox.watch(batch -> {
            synchronized (other) {
                other.add(batch);
            }
        });
        Eventually.isTrue(() -> size(other) == 1);

        shell("touch unseen");

        Eventually.isTrue(() -> size(other) == 2);
        assertThat(saw("unseen")).isFalse();
    }

    private void signalRunner(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(local.runner().pid()))
                .start()
                .waitFor();
    }

    private static int size(List<?> list) {
        synchronized (list) {
            return list.size();
        }
    }
}
