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
import org.junit.jupiter.api.Test;

/** What every engine does, with a command of the test's in the runner's place: what it prints is in the sandbox's log. */
abstract class EngineContract {
    static final Engine.Limits LIMITS = new Engine.Limits(512L << 20, 1, 256, 64L << 20);

    private final Engine.Box box = new Engine.Box(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), 1);
    private final List<Engine.Box> boxes = new ArrayList<>(List.of(box));
    private Path home;
    private Engine engine;

    abstract Engine engine(Path home, List<String> command) throws Exception;

    /** More arguments for {@code wall.py}. */
    abstract List<String> ofTheWall();

    @BeforeEach
    void prepare() throws Exception {
        HostPreparation.run();
        home = HostPreparation.home();
    }

    @AfterEach
    void destroy() throws Exception {
        if (engine != null) {
            for (var each : boxes) {
                engine.destroy(each);
            }
            for (var each : boxes) {
                engine.deleteCaches(each.caches());
            }
        }
    }

    @Test
    void keepsTheWall() throws Exception {
        String probe = Files.readString(Path.of("src/test/resources/sandbox/wall.py"));

        try (var canaries = new Canaries()) {
            var command = new ArrayList<>(List.of("/usr/bin/python3", "-c", probe, "alone", "absent:" + home));
            command.addAll(canaries.arguments());
            command.addAll(ofTheWall());

            assertThat(output(box, command.toArray(String[]::new)))
                    .endsWith(" 0 failures")
                    .doesNotContain("FAIL");
            assertThat(canaries.heardNothing()).isTrue();
        }
    }

    @Test
    void findsARunningSandboxAgain() throws Exception {
        use("/usr/bin/sleep", "1000").start(box);

        var later = use("/usr/bin/sleep", "1000");
        assertThat(later.list()).containsExactly(box.session());
        later.stop(box.session());
        assertThat(later.list()).isEmpty();
        assertThat(later.isAlive(box.session())).isFalse();
    }

    @Test
    void keepsFilesOverAStopAndDeletesThemWithTheSandbox() throws Exception {
        var lookAndWrite = new String[] {"/bin/sh", "-c", "cat kept ~/kept; echo file >kept; echo cached >~/kept"};

        assertThat(output(box, lookAndWrite)).doesNotContain("file\n");
        engine.stop(box.session());
        assertThat(output(box, lookAndWrite)).isEqualTo("file\ncached");
        engine.destroy(box);
        assertThat(output(box, lookAndWrite)).contains("cached").doesNotContain("file\n");
        engine.destroy(box);
        engine.deleteCaches(box.caches());
        assertThat(output(box, lookAndWrite)).doesNotContain("cached\n").doesNotContain("file\n");
    }

    @Test
    void sharesTheHomeOfAPersonsSandboxesInAProjectOnly() throws Exception {
        var second = box(box.owner(), box.project(), 1);
        var theirs = box(UUID.randomUUID(), box.project(), 2);

        output(box, "/bin/sh", "-c", "echo mine >~/note; chmod 644 ~/note");

        assertThat(output(second, "/bin/cat", "/home/dev/note")).isEqualTo("mine");
        assertThat(output(theirs, "/bin/cat", "/home/dev/note")).contains("No such file");
    }

    @Test
    void knowsTheProgramsInside() throws Exception {
        use("/bin/true").preflight();

        assertThat(engine.has("git")).isTrue();
        assertThat(engine.has("no-such-program")).isFalse();
    }

    private Engine.Box box(UUID owner, UUID project, int slot) {
        var more = new Engine.Box(UUID.randomUUID(), owner, project, slot);
        boxes.add(more);
        return more;
    }

    private String output(Engine.Box box, String... command) throws Exception {
        use(command).start(box);
        Eventually.isTrue(() -> !engine.isAlive(box.session()));
        return engine.lastWords(box.session());
    }

    private Engine use(String... command) throws Exception {
        engine = engine(home, List.of(command));
        return engine;
    }
}
