package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.HostPreparation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine with a command of the test's in the runner's place: what it prints is in the sandbox's log. */
@Tag("engine")
class BubblewrapEngineTest {
    private static final BubblewrapEngine.Limits LIMITS = new BubblewrapEngine.Limits(512L << 20, 1, 256, 64L << 20);

    private final Engine.Box box = new Engine.Box(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), 1);
    private Path home;
    private BubblewrapEngine engine;

    @BeforeEach
    void prepare() throws Exception {
        HostPreparation.run();
        home = HostPreparation.home();
    }

    @AfterEach
    void destroy() throws Exception {
        if (engine != null) {
            engine.destroy(box);
        }
    }

    @Test
    void keepsTheWall() throws Exception {
        String probe = Files.readString(Path.of("src/test/resources/sandbox/wall.py"));

        try (var canaries = new Canaries()) {
            var command = new ArrayList<>(List.of("/usr/bin/python3", "-c", probe, "alone", "absent:" + home));
            command.addAll(canaries.arguments());

            assertThat(output(command.toArray(String[]::new)))
                    .endsWith(" 0 failures")
                    .doesNotContain("FAIL");
            assertThat(canaries.heardNothing()).isTrue();
        }
    }

    @Test
    void findsARunningSandboxAgain() throws Exception {
        engine("/usr/bin/sleep", "1000").start(box);

        var later = engine("/usr/bin/sleep", "1000");
        assertThat(later.list()).containsExactly(box.session());
        later.stop(box.session());
        assertThat(later.list()).isEmpty();
        assertThat(later.isAlive(box.session())).isFalse();
    }

    private String output(String... command) throws Exception {
        engine(command).start(box);
        Eventually.isTrue(() -> !engine.isAlive(box.session()));
        return Files.readString(engine.folder(box.session()).log()).strip();
    }

    private BubblewrapEngine engine(String... command) {
        engine = new BubblewrapEngine(home, Path.of("target/classes"), List.of(command), LIMITS);
        return engine;
    }
}
