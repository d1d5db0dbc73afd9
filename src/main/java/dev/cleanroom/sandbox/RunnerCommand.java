package dev.cleanroom.sandbox;

import java.util.ArrayList;
import java.util.List;

/** How a runner is started from the runtime that {@code docker/runner/build-runtime.sh} made. */
final class RunnerCommand {
    /** The flags that the AOT cache was made with; others would leave it unused (hello 45 instead of 25 ms). */
    static final List<String> JVM_FLAGS = List.of(
            "-Xlog:disable", // JVM messages go to standard output by default
            "-Xlog:all=warning:stderr",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xss256k",
            "-XX:-UsePerfData",
            "-Xmx32m",
            "--enable-native-access=ALL-UNNAMED");

    private RunnerCommand() {}

    /**
     * @param runtime where the runtime's directory is seen from inside the sandbox, such as {@code /opt/runner}
     * @param socket the server's unix socket, as seen from inside
     * @param spool a directory for output that outgrows memory, best on a disk: files there are unlinked at once
     */
    static List<String> dial(String runtime, String socket, String spool) {
        var argv = new ArrayList<String>();
        argv.add(runtime + "/bin/java");
        argv.addAll(JVM_FLAGS);
        argv.add("-XX:AOTCache=" + runtime + "/lib/runner.aot");
        argv.addAll(List.of("-cp", runtime + "/lib/runner.jar", "dev.cleanroom.runner.RunnerMain"));
        // --sandboxed: the runner may end every process that it can see
        argv.addAll(List.of("dial", socket, "--root", "/workspace", "--spool", spool, "--sandboxed"));
        return List.copyOf(argv);
    }
}
