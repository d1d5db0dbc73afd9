package dev.cleanroom.bench;

import dev.cleanroom.sandbox.SandboxFigures;
import dev.cleanroom.sandbox.SandboxFigures.Figures;
import java.util.List;

/** From the wish for a sandbox to its runner's answer, and a command through it; with the argument {@code docker} by Docker, as root. */
public final class SandboxBench {
    private static final int STARTS = 20;
    private static final int EXECS = 200;

    private SandboxBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean docker = List.of(arguments).contains("docker");
        var figures = SandboxFigures.measure(docker, STARTS, EXECS);
        var name = docker ? "sandbox-docker" : "sandbox";
        print(name + "-ready-p50", Figures.quantile(figures.ready(), 0.5), docker ? "  (aim 500)" : "  (aim 100)");
        print(name + "-ready-p99", Figures.quantile(figures.ready(), 0.99), "");
        print(name + "-ready-min", figures.ready().getFirst(), "");
        print(name + "-exec-true-p50", Figures.quantile(figures.execTrue(), 0.5), "  (aim 2)");
        print(name + "-exec-true-p99", Figures.quantile(figures.execTrue(), 0.99), "");
    }

    private static void print(String name, double milliseconds, String aim) {
        System.out.printf("%s %.2f ms%s%n", name, milliseconds, aim);
    }
}
