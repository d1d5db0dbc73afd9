package dev.cleanroom.bench;

import dev.cleanroom.git.GitFigures;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.workspace.CheckpointFigures;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint of a tree of 50 000 files in which one changed, with all that takes part in it: server, database, runner and
 * git; a rewind of a wrecked tree; and a lost sandbox made anew. In the same run git's own {@code add -A} and {@code commit}
 * of the same change, which is what a checkpoint would cost without knowing what changed.
 */
public final class CheckpointBench {
    private static final int FOLDERS = 1_000;
    private static final int FILES = 50; // in each
    private static final int WARM = 20;
    private static final int MEASURED = 40;
    private static final int WRECKED = 60; // folders that are deleted: 3 000 files
    private static final double MOST_CPU = 100; // ms
    private static final double LONGEST_REWIND = 3_000; // ms

    private interface Action {
        void run() throws Exception;
    }

    private CheckpointBench() {}

    public static void main(String[] arguments) throws Exception {
        var database = BenchDatabase.start();
        var source = LocalGit.init(Files.createTempDirectory("checkpoint-bench").resolve("work"));
        for (int i = 0; i < FOLDERS * FILES; i++) {
            source.write(name(i), "file " + i + "\n" + "a line of it\n".repeat(i % 200));
        }
        var base = source.commit("base");
        var git = new GitFigures(database);
        try (var figures = new CheckpointFigures(git, git.receive(source.pack("HEAD"), base), base)) {
            figures.newSandbox();
            Figures.print("checkpoint.checkout", wall(figures::checkOut), "ms");
            Figures.print("checkpoint.first-scan", wall(figures::look), "ms");
            Figures.print("checkpoint.load", Figures.load(), "");
            one(figures);
            gits(source);
            rewind(figures, base);
            figures.newSandbox();
            Figures.print("checkpoint.new-sandbox", wall(figures::checkOut), "ms");
        }
        System.exit(0); // the database ends with the process
    }

    private static void one(CheckpointFigures figures) throws Exception {
        var wall = new ArrayList<Long>();
        Figures.Cpu before = null;
        for (int i = -WARM; i < MEASURED; i++) {
            if (i == 0) {
                before = Figures.Cpu.of(ProcessHandle.current());
            }
            Files.writeString(figures.files().resolve(name(Math.abs(i) * 997)), "changed " + i + "\n");
            long start = System.nanoTime();
            if (!figures.take()) {
                throw new IllegalStateException("The change was not seen");
            }
            if (i >= 0) {
                wall.add(System.nanoTime() - start);
            }
        }
        double cpu = Figures.Cpu.of(ProcessHandle.current()).since(before).all() / MEASURED;
        Figures.print("checkpoint.one-file-cpu", cpu, "ms", MOST_CPU);
        Figures.print("checkpoint.one-file-p50", Figures.quantile(wall, 0.5), "ms");
        Figures.print("checkpoint.one-file-p95", Figures.quantile(wall, 0.95), "ms");
    }

    private static void gits(LocalGit source) throws Exception {
        var before = Figures.Cpu.of(ProcessHandle.current());
        var wall = new ArrayList<Long>();
        for (int i = 0; i < MEASURED; i++) {
            source.write(name(i * 997), "changed " + i + "\n");
            long start = System.nanoTime();
            source.run("add", "-A");
            source.run("commit", "-q", "-m", "one file");
            wall.add(System.nanoTime() - start);
        }
        double cpu = Figures.Cpu.of(ProcessHandle.current()).since(before).all() / MEASURED;
        Figures.print("checkpoint.gits-own-cpu", cpu, "ms");
        Figures.print("checkpoint.gits-own-p50", Figures.quantile(wall, 0.5), "ms");
    }

    private static void rewind(CheckpointFigures figures, String base) throws Exception {
        for (int folder = 0; folder < WRECKED; folder++) {
            for (int file = 0; file < FILES; file++) {
                Files.delete(figures.files().resolve(name(folder * FILES + file)));
            }
        }
        Figures.print("checkpoint.rewind", wall(() -> figures.rewind(base)), "ms", LONGEST_REWIND);
    }

    private static String name(int i) {
        return "folder" + i / FILES % FOLDERS + "/sub/file" + i % FILES + ".txt";
    }

    private static double wall(Action action) throws Exception {
        long start = System.nanoTime();
        action.run();
        return Figures.quantile(List.of(System.nanoTime() - start), 0.5);
    }
}
