package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.LocalSandbox;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunnerExecTest {
    @Test
    void runs() throws Exception {
        try (var local = LocalSandbox.start()) {
            var sandbox = local.sandbox();
            var exec = sandbox.exec(Sandbox.ExecRequest.of(
                    UUID.randomUUID(), Duration.ofSeconds(10), "sh", "-c", "echo hi; echo err >&2; exit 3"));
            var out = new StringBuilder();
            exec.listen((stream, offset, bytes) -> out.append(stream).append(new String(bytes)));
            var exit = exec.await();
            System.out.println(exit + " " + out);
            assertThat(exit.code()).isEqualTo(3);
            System.out.println(sandbox.write("a/b.txt", "hello".getBytes(), new Sandbox.WriteCondition.Always()));
            System.out.println(sandbox.list("", 10));
            System.out.println(new String(sandbox.read("a/b.txt", 1, 3).bytes()));
            for (int i = 0; i < 5; i++) System.out.println(sandbox.ping());
        }
    }
}
