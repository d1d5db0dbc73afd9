package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ./cleanroom package}, unpacked on a machine that has neither a JDK nor Node.js nor Maven. */
class PackageIT {
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    /** Away for this process and its children; only root can hide them, others do without JAVA_HOME. */
    private static final String HIDDEN = """
            for place in /usr/lib/jvm /usr/share/maven /usr/share/nodejs; do
              [ ! -d $place ] || mount -t tmpfs none $place
            done
            exec "$@"
            """;

    private static Path folder;

    @BeforeAll
    static void unpack() throws Exception {
        folder = Files.createTempDirectory("cleanroom-package-");
        assertThat(run(Map.of(), "./cleanroom", "package")).contains("The archive is target/cleanroom-");
        try (var archives = Files.newDirectoryStream(Path.of("target"), "cleanroom-*-linux-*.tar.gz")) {
            for (var archive : archives) {
                run(Map.of(), "tar", "-C", folder.toString(), "--strip-components=1", "-xzf", archive.toString());
            }
        }
        if (IS_ROOT) { // as root unpacks in its home: closed to the user that the server runs as
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @AfterAll
    static void delete() {
        Shared.delete(folder);
    }

    @Test
    void servesATurnWithItsOwnJava() throws Exception {
        Shared.MODEL.script(
                "in the package",
                List.of(reply(call("Bash", "{\"command\":\"echo made > made.txt\"}")), reply(text("Made."))));
        var home = Files.createTempDirectory("cleanroom-installed-");
        var settings = Map.of(
                "ANTHROPIC_API_KEY",
                "scripted",
                "ANTHROPIC_BASE_URL",
                Shared.MODEL.anthropicBase().toString(),
                "CLEANROOM_MODEL",
                "anthropic/" + ScriptedModel.MODEL);
        var server = new WholeServer(bare(), home, settings);
        try {
            server.start();
            assertThat(server.log())
                    .contains("Preparing fast starts")
                    .doesNotContain("could not be prepared")
                    .doesNotContain("Building");
            assertThat(Files.readSymbolicLink(
                                    Path.of("/proc/" + server.process().pid() + "/exe"))
                            .toString())
                    .startsWith((IS_ROOT ? home : folder).toRealPath() + "/")
                    .endsWith("/java/bin/java");

            var session = server.session(server.project("packaged" + System.nanoTime()));
            server.prompt(session, "in the package");

            assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
            assertThat(server.file(session, "made.txt")).isEqualTo("made\n");
            assertThat(run(
                            Map.of(
                                    "CLEANROOM_HOME",
                                    home.toString(),
                                    "QUARKUS_MANAGEMENT_PORT",
                                    Integer.toString(server.managementPort())),
                            with(bare(), "admin-link")))
                    .contains(server.url().toString());
        } finally {
            Shared.end(server);
        }
    }

    @Test
    void saysWhatOnlyTheSourceCanDo() throws Exception {
        assertThat(run(Map.of(), folder.resolve("cleanroom").toString(), "test"))
                .contains("test is a command of its source");
    }

    private static List<String> bare() {
        var start = List.of(
                "env",
                "-u",
                "JAVA_HOME",
                "-u",
                "CLEANROOM_JAVA_HOME",
                folder.resolve("cleanroom").toString());
        if (!IS_ROOT) {
            return start;
        }
        return with(List.of("unshare", "--mount", "sh", "-ec", HIDDEN, "sh"), start.toArray(String[]::new));
    }

    private static List<String> with(List<String> first, String... more) {
        return Stream.concat(first.stream(), Arrays.stream(more)).toList();
    }

    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        return run(environment, List.of(command));
    }

    private static String run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }
}
