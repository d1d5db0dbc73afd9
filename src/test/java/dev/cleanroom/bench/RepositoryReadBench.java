package dev.cleanroom.bench;

import dev.cleanroom.git.GitFigures;
import dev.cleanroom.git.reading.ReadingFigures;
import dev.cleanroom.testing.GitServer;
import dev.cleanroom.testing.LocalGit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.UUID;
import org.eclipse.jgit.lib.Repository;

/**
 * Reading a repository on the server: 3 000 files in 30 folders, 1 000 commits of which each changes a file of 1 000 lines and
 * two others. Cold: nothing of it is in the server's own cache; the database's is warm.
 */
public final class RepositoryReadBench {
    private static final int FILES = 3_000;
    private static final int FOLDERS = 30;
    private static final int COMMITS = 1_000;
    private static final int LINES = 1_000;
    private static final int WARM = 5;
    private static final int MEASURED = 25;

    private interface Read {
        long of(Repository repository) throws IOException;
    }

    private RepositoryReadBench() {}

    public static void main(String[] arguments) throws Exception {
        var database = BenchDatabase.start();
        var folder = Files.createTempDirectory("read-bench");
        make(folder.resolve("own.git"));
        try (var server = GitServer.start(folder)) {
            var figures = new GitFigures(database);
            var project = figures.importFrom(server.url("own.git"));
            measure(figures, project, "read.files-3000", FILES + 1, 10, ReadingFigures::files);
            measure(
                    figures,
                    project,
                    "read.folder-100",
                    100,
                    100,
                    repository -> ReadingFigures.folder(repository, "d7"));
            measure(figures, project, "read.log-1000", COMMITS, 15, repository -> ReadingFigures.log(repository, null));
            measure(
                    figures,
                    project,
                    "read.log-of-a-file",
                    COMMITS,
                    100,
                    repository -> ReadingFigures.log(repository, "big.txt"));
            measure(
                    figures,
                    project,
                    "read.blame-1000-lines",
                    LINES,
                    1_000,
                    repository -> ReadingFigures.blame(repository, "big.txt"));
            measure(
                    figures,
                    project,
                    "read.search-3000-files",
                    1,
                    500,
                    repository -> ReadingFigures.search(repository, "needle", false));
            measure(
                    figures,
                    project,
                    "read.search-regex",
                    1,
                    1_000,
                    repository -> ReadingFigures.search(repository, "need(le|y) ?$", true));
        }
        System.exit(0); // the database ends with the process
    }

    /** @param expected what the read must answer, so that nothing fast is measured that is wrong @param aim ms, warm */
    private static void measure(GitFigures figures, UUID project, String name, long expected, double aim, Read read)
            throws IOException {
        var warm = new ArrayList<Long>();
        var cold = new ArrayList<Long>();
        for (int i = -WARM; i < MEASURED; i++) {
            long nanos = once(figures, project, expected, read);
            if (i >= 0) {
                warm.add(nanos);
            }
        }
        for (int i = 0; i < MEASURED; i++) {
            ReadingFigures.forget();
            cold.add(once(figures, project, expected, read));
        }
        Figures.print(name + "-warm-p50", Figures.quantile(warm, 0.5), "ms", aim);
        Figures.print(name + "-cold-p50", Figures.quantile(cold, 0.5), "ms");
    }

    private static long once(GitFigures figures, UUID project, long expected, Read read) throws IOException {
        long start = System.nanoTime();
        try (var repository = figures.open(project)) {
            long found = read.of(repository);
            if (found != expected) {
                throw new AssertionError("expected " + expected + ", was " + found);
            }
        }
        return System.nanoTime() - start;
    }

    private static void make(Path bare) throws IOException {
        var git = LocalGit.init(bare.resolveSibling("work"));
        git.run("init", "-q", "--bare", "-b", "main", bare.toString());
        var stream = new StringBuilder();
        var lines = new String[LINES];
        for (int i = 0; i < LINES; i++) {
            lines[i] = "line " + i + " as it was";
        }
        for (int n = 0; n < COMMITS; n++) {
            stream.append("commit refs/heads/main\ncommitter Ada <ada@example.org> ")
                    .append(1_700_000_000 + n)
                    .append(" +0000\n");
            data(stream, "Commit " + n);
            for (int i = n == 0 ? 0 : n; i < (n == 0 ? FILES : n + 2); i++) {
                file(stream, "d" + i % FOLDERS + "/f" + i + ".txt", body(i, n));
            }
            lines[n % LINES] = "line " + n % LINES + " of commit " + n;
            file(stream, "big.txt", String.join("\n", lines) + "\n");
        }
        var made = LocalGit.in(bare)
                .attempt(
                        new ByteArrayInputStream(stream.toString().getBytes(StandardCharsets.UTF_8)),
                        "fast-import",
                        "--quiet");
        if (made.exitCode() != 0) {
            throw new IOException(made.stderr());
        }
    }

    private static String body(int file, int commit) {
        return ("a line of file " + file + " at " + commit + ", long enough to be one\n").repeat(60)
                + (file == FILES - 1 ? "the needle\n" : "");
    }

    private static void file(StringBuilder stream, String path, String text) {
        stream.append("M 100644 inline ").append(path).append('\n');
        data(stream, text);
    }

    private static void data(StringBuilder stream, String text) {
        stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
    }
}
