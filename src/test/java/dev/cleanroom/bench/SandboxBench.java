package dev.cleanroom.bench;

import dev.cleanroom.sandbox.SandboxFigures;
import dev.cleanroom.sandbox.SandboxFigures.Figures;

/** From the wish for a sandbox to its runner's answer, and a command through it. */
public final class SandboxBench {
    private static final int STARTS = 20;
    private static final int EXECS = 200;

    private SandboxBench() {}

    public static void main(String[] arguments) throws Exception {
        var figures = SandboxFigures.measure(STARTS, EXECS);
        print("sandbox-ready-p50", Figures.quantile(figures.ready(), 0.5));
        print("sandbox-ready-p99", Figures.quantile(figures.ready(), 0.99));
        print("sandbox-ready-min", figures.ready().getFirst());
        print("sandbox-exec-true-p50", Figures.quantile(figures.execTrue(), 0.5));
        print("sandbox-exec-true-p99", Figures.quantile(figures.execTrue(), 0.99));
    }

    private static void print(String name, double milliseconds) {
        System.out.printf("%s %.2f ms%n", name, milliseconds);
    }
}
