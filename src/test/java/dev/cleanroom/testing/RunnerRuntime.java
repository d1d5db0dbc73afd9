package dev.cleanroom.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The runner's program for sandboxes of tests: built from this tree's classes, again when they have changed. */
public final class RunnerRuntime {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path RUNTIME = Path.of("target/runner");
    private static boolean built;

    private RunnerRuntime() {}

    public static synchronized Path path() throws IOException, InterruptedException {
        if (!built) {
            build();
            built = true;
        }
        return RUNTIME.toAbsolutePath();
    }

    private static void build() throws IOException, InterruptedException {
        Path log = Files.createTempFile("build-runtime", ".log");
        var script = new ProcessBuilder(
                        "timeout",
                        "300",
                        "bash",
                        "docker/runner/build-runtime.sh",
                        CLASSES.toString(),
                        RUNTIME.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int code = script.start().waitFor();
        String said = Files.readString(log, StandardCharsets.UTF_8);
        Files.delete(log);
        if (code != 0) {
            throw new IllegalStateException("build-runtime.sh ended with " + code + ": " + said);
        }
    }
}
