package dev.cleanroom.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleanroom.project.ProjectDeleted;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sandboxes do on every engine. */
abstract class SandboxesContract {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Singleton
    static class Losses {
        final BlockingQueue<Sandboxes.SandboxLost> seen = new LinkedBlockingQueue<>();

        void see(@ObservesAsync Sandboxes.SandboxLost lost) {
            seen.add(lost);
        }

        /** The next one of this session: other servers of this JVM tell of theirs. */
        Sandboxes.SandboxLost of(UUID session) throws InterruptedException {
            while (true) {
                var lost = seen.poll(30, TimeUnit.SECONDS);
                if (lost == null || lost.session().equals(session)) {
                    return lost;
                }
            }
        }
    }

    @Inject
    Rooms rooms;

    @Inject
    Losses losses;

    /** Its name. */
    abstract String engine();

    /** More arguments for {@code wall.py}. */
    abstract List<String> ofTheWall();

    /** Host id of the sandbox's first process. */
    abstract long firstProcess(UUID session) throws Exception;

    /** As somebody does who makes room on the host. */
    abstract void takeAway(UUID session) throws Exception;

    abstract boolean partsPeopleByUid();

    abstract boolean hasCaches(Sandboxes.Spec spec) throws Exception;

    @AfterEach
    void destroyAll() throws Exception {
        rooms.destroyAll();
    }

    @Test
    void keepsTheWallAroundTheRunner() throws Exception {
        var sandbox = rooms.start();
        byte[] probe = Files.readAllBytes(Path.of("src/test/resources/sandbox/wall.py"));
        sandbox.write("wall.py", probe, new Sandbox.WriteCondition.IsNew());

        try (var canaries = new Canaries()) {
            var command = new ArrayList<>(List.of("python3", "wall.py", "runner", "absent:" + rooms.home()));
            command.addAll(canaries.arguments());
            command.addAll(ofTheWall());
            var ran = Rooms.run(sandbox, LIMIT, command.toArray(String[]::new));

            assertThat(ran.output().strip()).endsWith(" 0 failures").doesNotContain("FAIL");
            assertThat(canaries.heardNothing()).isTrue();
        }
        for (var link : new String[] {"shadow", "up/etc/passwd", "memory", "socket", "host0/master.key"}) {
            assertThat(refusal(() -> sandbox.read(link, 0, 1))).as(link).isEqualTo(FileProblem.Reason.OUTSIDE);
            assertThat(refusal(() -> sandbox.write(link, new byte[1], new Sandbox.WriteCondition.Always())))
                    .as(link)
                    .isEqualTo(FileProblem.Reason.OUTSIDE);
        }
        for (var special : new String[] {"fifo", "listener"}) {
            assertThat(refusal(() -> sandbox.read(special, 0, 1))).isEqualTo(FileProblem.Reason.NOT_REGULAR);
        }
        assertThat(sandbox.read("sparse", 9L << 40, 3).bytes()).isEqualTo(new byte[3]);
        assertThat(sandbox.list("", 100)).extracting(Sandbox.FileStat::path).contains("-rf", "new\nline", "deep");
    }

    private static FileProblem.Reason refusal(ThrowingCallable call) {
        return catchThrowableOfType(FileProblem.class, call).reason();
    }

    @Test
    void startsOnceForAllWhoAsk() throws Exception {
        var spec = rooms.spec();

        var sandbox = rooms.server().start(spec);

        assertThat(rooms.server().start(spec)).isSameAs(sandbox);
        assertThat(rooms.server().status(spec.session()))
                .isEqualTo(new Sandboxes.Status(Sandboxes.State.READY, engine(), java.util.Optional.empty()));
    }

    @Test
    void goesOnWithItsCommandWhenTheServerIsRestarted() throws Exception {
        var spec = rooms.spec();
        var sandbox = rooms.server().start(spec);
        var id = UUID.randomUUID();
        var request = Sandbox.ExecRequest.of(
                id, LIMIT, "sh", "-c", "echo started; while [ ! -e go ]; do sleep 0.05; done; echo ended");
        sandbox.exec(request);
        var epoch = sandbox.epoch();

        rooms.restart().compare();
        var adopted = rooms.server().running(spec.session()).orElseThrow();
        adopted.write("go", new byte[0], new Sandbox.WriteCondition.IsNew());
        var exec = adopted.exec(request);
        var output = new StringBuffer();
        exec.listen((stream, offset, bytes) -> output.append(new String(bytes, UTF_8)));

        assertThat(exec.await().code()).isZero();
        assertThat(output).hasToString("started\nended\n");
        assertThat(adopted.epoch()).isEqualTo(epoch);
    }

    @Test
    void takesOverWhatAnEarlierServerLeftRunningAndStartsNothing() throws Exception {
        var spec = rooms.spec();
        assertThat(rooms.server().takeOver(spec.session())).isEmpty();
        var epoch = rooms.server().start(spec).epoch();

        var next = rooms.restart();

        assertThat(next.running(spec.session())).isEmpty(); // it has not looked yet
        assertThat(next.takeOver(spec.session())).map(Sandbox::epoch).contains(epoch);
    }

    @Test
    void startsAgainAfterItsRunnerWasKilledAndKeepsTheFiles() throws Exception {
        var spec = rooms.spec();
        var sandbox = rooms.server().start(spec);
        var epoch = sandbox.epoch();
        sandbox.write("kept", "text".getBytes(UTF_8), new Sandbox.WriteCondition.IsNew());

        killFirstProcess(spec.session());

        assertThat(losses.of(spec.session())).isEqualTo(new Sandboxes.SandboxLost(spec.session(), epoch));
        assertThat(rooms.server().status(spec.session()).state()).isEqualTo(Sandboxes.State.FAILED);
        var again = rooms.server().start(spec);
        assertThat(again.epoch()).isNotEqualTo(epoch);
        assertThat(again.read("kept", 0, 10).bytes()).isEqualTo("text".getBytes(UTF_8));
    }

    @Test
    void startsAgainAfterItWasTakenAway() throws Exception {
        var spec = rooms.spec();
        var epoch = rooms.server().start(spec).epoch();
        takeAway(spec.session());

        rooms.server().compare();

        assertThat(losses.of(spec.session())).isEqualTo(new Sandboxes.SandboxLost(spec.session(), epoch));
        assertThat(Rooms.run(rooms.server().start(spec), LIMIT, "touch", "made").code())
                .isZero();
    }

    @Test
    void partsThePeopleAndSharesOnePersonsCaches() throws Exception {
        var mine = rooms.start();
        var mineToo = rooms.start();
        var theirs = rooms.server().start(rooms.spec(UUID.randomUUID()));

        Rooms.run(mine, LIMIT, "sh", "-c", "echo secret > ~/note; chmod 644 ~/note; id -u; cat /proc/self/uid_map");

        assertThat(Rooms.run(mineToo, LIMIT, "sh", "-c", "cat ~/note").output()).isEqualTo("secret\n");
        assertThat(Rooms.run(theirs, LIMIT, "sh", "-c", "cat ~/note").code()).isNotZero();
        assertThat(Rooms.run(theirs, LIMIT, "sh", "-c", "ls -A ~ /workspace").output())
                .doesNotContain("note");
        assertThat(hostUid(mine)).isEqualTo(hostUid(mineToo)).isNotEqualTo(0);
        assertThat(hostUid(mine) != hostUid(theirs)).isEqualTo(partsPeopleByUid());
    }

    @Test
    void stopsWithAllItsProcessesAndDestroysItsFiles() throws Exception {
        var spec = rooms.spec();
        var sandbox = rooms.server().start(spec);
        Rooms.run(
                sandbox, LIMIT, "sh", "-c", "mkdir -p a/b; touch a/b/c; setsid nohup sleep 1234567 >/dev/null 2>&1 &");

        rooms.server().stop(spec.session(), Duration.ofSeconds(5));

        assertThat(rooms.engine().isAlive(spec.session())).isFalse();
        assertThat(commandsOfTheHost()).noneMatch(command -> command.contains("1234567"));
        assertThat(rooms.server().status(spec.session()).state()).isEqualTo(Sandboxes.State.STOPPED);
        rooms.server().destroy(spec.session());
        assertThat(rooms.engine().folder(spec.session()).path()).doesNotExist();
        assertThat(rooms.server().status(spec.session()).state()).isEqualTo(Sandboxes.State.ABSENT);
    }

    @Test
    void destroysTheSandboxesAndCachesOfADeletedProject() throws Exception {
        var spec = rooms.spec();
        var sandbox = rooms.server().start(spec);
        Rooms.run(sandbox, LIMIT, "sh", "-c", "echo x > ~/kept");
        assertThat(hasCaches(spec)).isTrue();

        rooms.server().forget(new ProjectDeleted(spec.project()));
        rooms.server().compare();

        assertThat(rooms.engine().folder(spec.session()).path()).doesNotExist();
        assertThat(hasCaches(spec)).isFalse();
    }

    @Test
    void survivesAForkBombAMemoryHogAndAFullTmp() throws Exception {
        var sandbox = (RunnerSandbox) rooms.start();

        var bomb = sandbox.exec(Sandbox.ExecRequest.of(UUID.randomUUID(), LIMIT, "python3", "-c", """
                import os, time
                while True:
                    try:
                        os.fork()
                    except OSError:
                        time.sleep(0.01)
                """));
        var slowest = slowestPing(sandbox, 20);
        sandbox.killAll();
        bomb.await();
        var hog = Rooms.run(
                sandbox, LIMIT, "python3", "-c", "x = []\nwhile True: x.append(bytearray(b'x' * (16 << 20)))");
        var full = Rooms.run(
                sandbox, LIMIT, "sh", "-c", "head -c 200M /dev/zero > /tmp/fill; stat -c %s /tmp/fill; rm /tmp/fill");

        assertThat(slowest).isLessThan(Duration.ofSeconds(10)); // how quick it is, is the benchmark's
        assertThat(hog.code()).isIn(137, 1);
        assertThat(full.output()).contains("No space left").contains("" + Rooms.LIMITS.tmpBytes());
        assertThat(Rooms.run(sandbox, LIMIT, "true").code()).isZero();
    }

    private static Duration slowestPing(RunnerSandbox sandbox, int times) throws InterruptedException {
        var slowest = Duration.ZERO;
        for (int i = 0; i < times; i++) {
            var ping = sandbox.ping();
            slowest = ping.compareTo(slowest) > 0 ? ping : slowest;
        }
        return slowest;
    }

    private void killFirstProcess(UUID session) throws Exception {
        ProcessHandle.of(firstProcess(session)).orElseThrow().destroyForcibly();
    }

    private int hostUid(Sandbox sandbox) throws Exception {
        try (var lines = Files.lines(Path.of("/proc", "" + firstProcess(sandbox.session()), "status"))) {
            return lines.filter(line -> line.startsWith("Uid:"))
                    .map(line -> Integer.parseInt(line.split("\\s+")[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> commandsOfTheHost() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .toList();
    }
}
