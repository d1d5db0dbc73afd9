package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.testing.Collected;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RunnerResumeTest {
    private LocalSandbox local;

    @BeforeEach
    void start() throws Exception {
        local = LocalSandbox.start();
    }

    @AfterEach
    void stop() throws Exception {
        local.close();
    }

    private static Sandbox.ExecRequest shell(String script) {
        return Sandbox.ExecRequest.of(UUID.randomUUID(), Duration.ofSeconds(120), "bash", "-c", script);
    }

    private void cut() {
        try {
            local.cut();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Test
    void aCommandThatWasStoppedBeforeItWasSentCanBeStarted() throws Exception {
        local.goAway();
        Eventually.isTrue(() -> !local.sandbox().isAttached());
        var request = shell("exit 7");
        var stopped = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> local.sandbox().exec(request))
                        .isInstanceOf(InterruptedException.class));
        Eventually.isTrue(() -> stopped.getState() == Thread.State.TIMED_WAITING); // for a runner
        stopped.interrupt();
        stopped.join();
        local.answerAgain();

        assertThat(local.sandbox().exec(request).await().code()).isEqualTo(7);
    }

    @Test
    void goesOnAtTheVeryByteAfterTheStreamIsCutInTheMiddle() throws Exception {
        var exec = local.sandbox().exec(shell("seq 1 300000"));
        var collected = new java.io.ByteArrayOutputStream();
        var cutAt = new AtomicLong(100_000);
        exec.listen((stream, offset, bytes) -> {
            assertThat(offset).isEqualTo(collected.size());
            collected.writeBytes(bytes);
            if (collected.size() > cutAt.get()) {
                cutAt.addAndGet(400_000);
                cut();
            }
        });

        assertThat(exec.await().code()).isZero();

        var expected = new ProcessBuilder("seq", "1", "300000")
                .start()
                .getInputStream()
                .readAllBytes();
        assertThat(collected.toByteArray()).isEqualTo(expected);
        assertThat(local.connections()).isGreaterThan(3);
    }

    @Test
    void givesInputOnceHoweverOftenTheStreamIsCut() throws Exception {
        var bytes = new byte[3_000_000];
        new Random(5).nextBytes(bytes);
        var exec = local.sandbox()
                .exec(new Sandbox.ExecRequest(
                        UUID.randomUUID(), List.of("cat"), Map.of(), "", Optional.empty(), null, Optional.empty()));
        var collecting = Collected.listen(exec);
        for (int at = 0; at < bytes.length; at += 500_000) {
            exec.write(Arrays.copyOfRange(bytes, at, at + 500_000));
            cut();
        }
        exec.closeInput();

        assertThat(exec.await().code()).isZero();
        assertThat(collecting.output()).isEqualTo(bytes);
    }

    @Test
    void answersWhatWasAskedWhileTheStreamWasLost() throws Exception {
        for (int i = 0; i < 30; i++) {
            var content = ("content " + i).getBytes(StandardCharsets.UTF_8);
            var cutting = Thread.ofVirtual().start(this::cut);
            local.sandbox().write("file-" + i, content, new Sandbox.WriteCondition.IsNew()); // twice would be stale
            cutting.join();
            assertThat(Files.readAllBytes(local.workspace().resolve("file-" + i)))
                    .isEqualTo(content);
        }
    }

    @Test
    void startsACommandOnceWhenTheAnswerIsLost() throws Exception {
        for (int i = 0; i < 30; i++) {
            var cutting = Thread.ofVirtual().start(this::cut);
            var ran = Collected.of(local.sandbox().exec(shell("echo ran >> runs; wc -l < runs")));
            cutting.join();
            assertThat(ran.text().strip()).isEqualTo(Integer.toString(i + 1));
        }
    }

    @Test
    void runsOnWithoutAServerAndTellsTheNextOneEverything() throws Exception {
        var request = shell("echo first; while [ ! -e go ]; do sleep 0.02; done; echo second; exit 9");
        local.sandbox().exec(request);
        local.goAway();
        Files.createFile(local.workspace().resolve("go"));

        var next = local.comeBack();
        var epochOfNext = Collected.of(next.exec(request));

        assertThat(epochOfNext.text()).isEqualTo("first\nsecond\n");
        assertThat(epochOfNext.exit().code()).isEqualTo(9);
    }

    @Test
    void keysGoOnWhereAnEarlierServerStopped() throws Exception {
        var shell = new Sandbox.ExecRequest(
                UUID.randomUUID(),
                List.of("bash", "-c", "while read -r line; do echo got-$line; touch $line; done"),
                Map.of(),
                "",
                Optional.of(Duration.ofSeconds(120)),
                null,
                Optional.empty());
        local.sandbox().exec(shell).write("one\n".getBytes(StandardCharsets.UTF_8));
        Eventually.isTrue(() -> Files.exists(local.workspace().resolve("one")));
        local.goAway();

        var next = local.comeBack().exec(shell);
        next.write("two\n".getBytes(StandardCharsets.UTF_8));
        next.closeInput();

        assertThat(Collected.of(next).text()).isEqualTo("got-one\ngot-two\n");
    }

    @Test
    void inputThatWasGivenAsAWholeIsTakenOnceByTheNextServerToo() throws Exception {
        var input =
                "0123456789abcde\n".repeat(40_000).getBytes(StandardCharsets.UTF_8); // more than travels with a request
        var sum = new Sandbox.ExecRequest(
                UUID.randomUUID(),
                List.of(
                        "bash",
                        "-c",
                        "head -c 320000 > half; while [ ! -e go ]; do sleep 0.02; done; cat - half | wc -c"),
                Map.of(),
                "",
                Optional.of(Duration.ofSeconds(120)),
                input,
                Optional.empty());
        local.sandbox().exec(sum);
        var half = local.workspace().resolve("half");
        Eventually.isTrue(() -> Files.exists(half) && Files.size(half) == 320_000);
        local.goAway();
        Files.createFile(local.workspace().resolve("go"));

        assertThat(Collected.of(local.comeBack().exec(sum)).text().strip()).isEqualTo("640000");
    }

    @Test
    void neverWaitsForAnAbsentServerAndSaysWhatOfTheMiddleItLeftOut() throws Exception {
        var request = shell("while [ ! -e go ]; do sleep 0.02; done; seq 1 9000000; touch done");
        local.sandbox().exec(request);
        local.goAway();
        Files.createFile(local.workspace().resolve("go"));
        Eventually.isTrue(() -> Files.exists(local.workspace().resolve("done"))); // 70 MB went by

        var ran = Collected.of(local.comeBack().exec(request));

        var expected = new ProcessBuilder("seq", "1", "9000000")
                .start()
                .getInputStream()
                .readAllBytes();
        long dropped = ran.exit().dropped();
        assertThat(dropped).isPositive().isEqualTo(expected.length - ran.output().length);
        int head = 16 * 1024 * 1024;
        assertThat(Arrays.copyOf(ran.output(), head)).isEqualTo(Arrays.copyOf(expected, head));
        assertThat(Arrays.copyOfRange(ran.output(), head, ran.output().length))
                .isEqualTo(Arrays.copyOfRange(expected, head + (int) dropped, expected.length));
    }

    @Test
    void refusesAServerWhoseLeaseIsOver() throws Exception {
        local.leaseEpoch(7);
        cut();
        Eventually.isTrue(() -> local.connections() == 2);

        local.leaseEpoch(6);
        cut();

        Eventually.isTrue(() -> local.failure() != null);
        assertThat(local.failure()).isInstanceOf(SandboxException.class).hasMessageContaining("lease 6 is over");
        local.leaseEpoch(7);
        Eventually.isTrue(() -> local.connections() == 3);
    }

    @Test
    void refusesAServerThatDoesNotHoldItsKey() throws Exception {
        local.forgetKey();
        cut();

        Eventually.isTrue(() -> local.failure() != null);

        assertThat(local.failure()).isInstanceOf(SandboxException.class).hasMessageContaining("does not hold");
    }

    @Test
    void failsWhatWasUnderWayWhenTheRunnerIsGivenUp() throws Exception {
        var exec = local.sandbox().exec(shell("sleep 1000"));

        local.sandbox().close("the runner has ended");

        assertThatThrownBy(exec::await).isInstanceOf(SandboxException.class).hasMessage("the runner has ended");
        assertThatThrownBy(() -> local.sandbox().stat("")).isInstanceOf(SandboxException.class);
    }
}
