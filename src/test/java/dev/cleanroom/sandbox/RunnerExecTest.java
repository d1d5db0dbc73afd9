package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.testing.Collected;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RunnerExecTest {
    private static LocalSandbox local;
    private static RunnerSandbox sandbox;

    @BeforeAll
    static void start() throws Exception {
        local = LocalSandbox.start();
        sandbox = local.sandbox();
    }

    @AfterAll
    static void stop() throws Exception {
        local.close();
    }

    private static Sandbox.ExecRequest shell(String script) {
        return Sandbox.ExecRequest.of(UUID.randomUUID(), Duration.ofSeconds(60), "bash", "-c", script);
    }

    private static Sandbox.ExecRequest open(Optional<Sandbox.Size> terminal, String... argv) {
        return new Sandbox.ExecRequest(
                UUID.randomUUID(), List.of(argv), Map.of(), "", Optional.of(Duration.ofSeconds(60)), null, terminal);
    }

    private static Collected run(Sandbox.ExecRequest request) throws InterruptedException {
        return Collected.of(sandbox.exec(request));
    }

    @Test
    void tellsOutputErrorsAndExitCodeApart() throws Exception {
        var ran = run(shell("echo out; echo err >&2; exit 7"));

        assertThat(ran.text()).isEqualTo("out\n");
        assertThat(ran.errorText()).isEqualTo("err\n");
        assertThat(ran.exit().code()).isEqualTo(7);
        assertThat(ran.exit().timedOut()).isFalse();
    }

    @Test
    void saysBySignalNumberThatACommandWasKilled() throws Exception {
        assertThat(run(shell("kill -9 $$")).exit().code()).isEqualTo(128 + 9);
    }

    @Test
    void addsEnvironmentAndStartsInTheDirectory() throws Exception {
        Files.createDirectories(local.workspace().resolve("inner"));

        var ran = run(new Sandbox.ExecRequest(
                UUID.randomUUID(),
                List.of("sh", "-c", "echo $WORD $(basename $PWD)"),
                Map.of("WORD", "grün"),
                "inner",
                Optional.empty(),
                new byte[0],
                Optional.empty()));

        assertThat(ran.text()).isEqualTo("grün inner\n");
    }

    @Test
    void refusesAProgramThatIsNotThereAndADirectoryThatIsNotThere() {
        assertThatThrownBy(() -> run(open(Optional.empty(), "no-such-program")))
                .isInstanceOfSatisfying(
                        FileProblem.class,
                        problem -> assertThat(problem.reason()).isEqualTo(FileProblem.Reason.NOT_FOUND));
        var elsewhere = new Sandbox.ExecRequest(
                UUID.randomUUID(),
                List.of("true"),
                Map.of(),
                "nowhere",
                Optional.empty(),
                new byte[0],
                Optional.empty());
        assertThatThrownBy(() -> run(elsewhere)).isInstanceOf(FileProblem.class);
    }

    @Test
    void refusesNulInAnArgument() {
        assertThatThrownBy(() -> run(open(Optional.empty(), "echo", "a\0b")))
                .isInstanceOfSatisfying(
                        FileProblem.class,
                        problem -> assertThat(problem.reason()).isEqualTo(FileProblem.Reason.INVALID));
    }

    @Test
    void givesInputAsItIsWritten() throws Exception {
        var exec = sandbox.exec(open(Optional.empty(), "cat"));
        var collecting = Collected.listen(exec);

        exec.write("one ".getBytes(StandardCharsets.UTF_8));
        Eventually.isTrue(() -> collecting.text().equals("one "));
        exec.write("two".getBytes(StandardCharsets.UTF_8));
        exec.closeInput();

        assertThat(exec.await().code()).isZero();
        assertThat(collecting.text()).isEqualTo("one two");
    }

    @Test
    void givesInputThatIsLargerThanEveryWindow() throws Exception {
        var bytes = new byte[5_000_000];
        new Random(1).nextBytes(bytes);

        var ran = run(new Sandbox.ExecRequest(
                UUID.randomUUID(), List.of("cat"), Map.of(), "", Optional.empty(), bytes, Optional.empty()));

        assertThat(ran.output()).isEqualTo(bytes);
    }

    @Test
    void isNotStuckOnACommandThatDoesNotReadItsInput() throws Exception {
        var ran = run(new Sandbox.ExecRequest(
                UUID.randomUUID(),
                List.of("true"),
                Map.of(),
                "",
                Optional.empty(),
                new byte[3_000_000],
                Optional.empty()));

        assertThat(ran.exit().code()).isZero();
    }

    @Test
    void passesOnTenMegabytesOfAnyBytes() throws Exception {
        var bytes = new byte[10_000_000];
        new Random(2).nextBytes(bytes); // most of it is not UTF-8
        Files.write(local.workspace().resolve("random"), bytes);

        assertThat(run(shell("cat random")).output()).isEqualTo(bytes);
    }

    @Test
    void endsACommandThatNeverEndsWithAllItsGroup() throws Exception {
        var endless = Sandbox.ExecRequest.of(
                UUID.randomUUID(), Duration.ofMillis(300), "bash", "-c", "echo started; sleep 1000 | sleep 1000");

        var ran = run(endless);

        assertThat(ran.exit().timedOut()).isTrue();
        assertThat(ran.exit().code()).isEqualTo(128 + 15);
        assertThat(ran.text()).isEqualTo("started\n");
    }

    @Test
    void killsWhatIgnoresTheFirstSignal() throws Exception {
        var stubborn = Sandbox.ExecRequest.of(
                UUID.randomUUID(),
                Duration.ofMillis(200),
                "bash",
                "-c",
                "trap '' TERM; while true; do sleep 0.1; done");

        assertThat(run(stubborn).exit().code()).isEqualTo(128 + 9);
    }

    @Test
    void leavesNothingOfTheGroupWhenTheLimitPassed() throws Exception {
        var request = Sandbox.ExecRequest.of(
                UUID.randomUUID(), Duration.ofMillis(300), "bash", "-c", "(trap '' TERM; sleep 1000) & echo $!; wait");

        var ran = run(request);

        assertThat(ran.exit().timedOut()).isTrue();
        int pid = Integer.parseInt(ran.text().strip());
        Eventually.isTrue(() -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void doesNotWaitForAServerThatACommandLeavesBehind() throws Exception {
        var ran = run(shell("sleep 1000 & echo $!"));

        assertThat(ran.exit().code()).isZero();
        assertThat(ran.exit().duration()).isLessThan(Duration.ofSeconds(20));
        int pid = Integer.parseInt(ran.text().strip());
        assertThat(ProcessHandle.of(pid))
                .hasValueSatisfying(process -> assertThat(process.isAlive()).isTrue());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void signalsTheGroup() throws Exception {
        var exec = sandbox.exec(shell("trap 'echo caught; exit 5' TERM; echo ready; while true; do sleep 0.05; done"));
        var collecting = Collected.listen(exec);
        Eventually.isTrue(() -> collecting.text().contains("ready"));

        exec.kill(15);

        assertThat(exec.await().code()).isEqualTo(5);
        assertThat(collecting.text()).isEqualTo("ready\ncaught\n");
    }

    @Test
    void killsEverythingThatTheSandboxRuns() throws Exception {
        var first = sandbox.exec(shell("setsid sleep 1000 & wait"));
        var second = sandbox.exec(shell("sleep 1000"));

        sandbox.killAll();

        assertThat(first.await().code()).isEqualTo(128 + 9);
        assertThat(second.await().code()).isEqualTo(128 + 9);
        assertThat(run(shell("echo alive")).text()).isEqualTo("alive\n");
    }

    @Test
    void givesATerminalItsSizeAndItsChanges() throws Exception {
        var exec = sandbox.exec(open(Optional.of(new Sandbox.Size(80, 24)), "bash", "--norc"));
        var collecting = Collected.listen(exec);

        exec.write("stty size\n".getBytes(StandardCharsets.UTF_8));
        Eventually.isTrue(() -> collecting.text().contains("24 80"));
        exec.resize(new Sandbox.Size(132, 50));
        exec.write("stty size\n".getBytes(StandardCharsets.UTF_8));
        Eventually.isTrue(() -> collecting.text().contains("50 132"));
        exec.write("exit 42\n".getBytes(StandardCharsets.UTF_8));

        assertThat(exec.await().code()).isEqualTo(42);
    }

    @Test
    void interruptsWhatRunsInATerminalByControlC() throws Exception {
        var exec = sandbox.exec(open(Optional.of(new Sandbox.Size(80, 24)), "bash", "-c", "echo ready; sleep 1000"));
        var collecting = Collected.listen(exec);
        Eventually.isTrue(() -> collecting.text().contains("ready"));

        exec.write(new byte[] {3});

        assertThat(exec.await().code()).isEqualTo(128 + 2);
    }

    @Test
    void joinsACommandThatWasStartedUnderTheSameId() throws Exception {
        var request = shell("echo ran >> runs; cat runs");

        var first = run(request);
        var again = sandbox.exec(request).await();

        assertThat(again).isEqualTo(first.exit());
        assertThat(Files.readString(local.workspace().resolve("runs"))).isEqualTo("ran\n");
    }

    @Test
    void neverRunsAgainWhatWasAcknowledged() throws Exception {
        var request = shell("echo ran >> once");
        var exec = sandbox.exec(request);
        exec.await();
        assertThat(sandbox.state(request.id())).isEqualTo(Sandbox.ExecState.FINISHED);

        exec.acknowledge();

        assertThat(sandbox.state(request.id())).isEqualTo(Sandbox.ExecState.FINISHED);
        assertThatThrownBy(() -> sandbox.exec(request)).isInstanceOf(SandboxException.class);
        assertThat(Files.readString(local.workspace().resolve("once"))).isEqualTo("ran\n");
    }

    @Test
    void knowsWhatRunsAndWhatItNeverHeardOf() throws Exception {
        var request = open(Optional.empty(), "cat");
        var exec = sandbox.exec(request);

        assertThat(sandbox.state(request.id())).isEqualTo(Sandbox.ExecState.RUNNING);
        assertThat(sandbox.state(UUID.randomUUID())).isEqualTo(Sandbox.ExecState.UNKNOWN);
        exec.closeInput();
        exec.await();
    }

    @Test
    void slowsACommandDownForASlowListenerAndNobodyElse() throws Exception {
        var goOn = new CountDownLatch(1);
        var exec = sandbox.exec(shell("for i in $(seq 200); do head -c 65536 /dev/zero; echo x >> progress; done"));
        exec.listen((stream, offset, bytes) -> {
            try {
                goOn.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        var progress = local.workspace().resolve("progress");
        Eventually.settles(() -> Files.exists(progress) ? Files.size(progress) : 0);

        assertThat(Files.size(progress) / 2).isLessThan(60); // of 200: window, pipe and one read
        assertThat(run(shell("echo free")).text()).isEqualTo("free\n");
        goOn.countDown();
        assertThat(exec.await().code()).isZero();
        assertThat(Files.size(progress) / 2).isEqualTo(200);
    }

    @Test
    void runsManyAtOnce() throws Exception {
        var execs = new java.util.ArrayList<Sandbox.Exec>();
        for (int i = 0; i < 100; i++) {
            execs.add(sandbox.exec(shell("echo " + i + "; exit " + i)));
        }
        for (int i = 0; i < 100; i++) {
            var ran = Collected.of(execs.get(i));
            assertThat(ran.text()).isEqualTo(i + "\n");
            assertThat(ran.exit().code()).isEqualTo(i);
        }
    }

    @Test
    void connectsToAPortInsideAndSaysWhenNobodyListens() throws Exception {
        try (var server = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (java.io.IOException over) {
                    // the test is over
                }
            });
            var bytes = new byte[2_000_000];
            new Random(3).nextBytes(bytes);
            try (var stream = sandbox.connect(server.getLocalPort())) {
                Thread.ofVirtual().start(() -> {
                    try (var out = stream.output()) {
                        out.write(bytes);
                    } catch (java.io.IOException over) {
                        // seen by the reader
                    }
                });
                assertThat(stream.input().readAllBytes()).isEqualTo(bytes);
            }
        }
        assertThatThrownBy(() -> sandbox.connect(1)).isInstanceOf(FileProblem.class);
    }
}
