package dev.cleanroom.bench;

import dev.cleanroom.git.GitFigures;
import dev.cleanroom.testing.GitServer;
import dev.cleanroom.testing.LocalGit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/** Import, and what a clone and a new sandbox are sent, of this repository's own history. */
public final class GitBench {
    private static final int WARM = 3;
    private static final int MEASURED = 15;

    private interface Action {
        void run() throws Exception;
    }

    private GitBench() {}

    public static void main(String[] arguments) throws Exception {
        var database = BenchDatabase.start();
        var folder = Files.createTempDirectory("git-bench");
        LocalGit.in(Path.of("").toAbsolutePath())
                .run(
                        "clone",
                        "-q",
                        "--bare",
                        "--no-hardlinks",
                        ".",
                        folder.resolve("own.git").toString());
        try (var server = GitServer.start(folder)) {
            var figures = new GitFigures(database);
            var imported = new UUID[1];
            measure("git.import", () -> imported[0] = figures.importFrom(server.url("own.git")));
            measure("git.clone-pack", () -> figures.sendHistory(imported[0]));
            measure("git.sandbox-pack", () -> figures.sendTree(imported[0]));
            measure("git.diff-all-files", () -> figures.diffAgainstNothing(imported[0]));
        }
        System.exit(0); // the database ends with the process
    }

    private static void measure(String name, Action action) throws Exception {
        var nanos = new long[MEASURED];
        for (int i = -WARM; i < MEASURED; i++) {
            long start = System.nanoTime();
            action.run();
            if (i >= 0) {
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%s-p50 %.1f ms%n", name, nanos[MEASURED / 2] / 1e6);
    }
}
