package dev.cleanroom.testing;

import java.io.IOException;
import java.nio.file.Path;

/** A git server as a program: {@code GitServerMain FOLDER} serves the repositories below it until it is stopped. */
public final class GitServerMain {
    private GitServerMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var server = GitServer.start(Path.of(arguments[0]));
        System.out.println("GIT_URL=" + server.url(""));
        Thread.currentThread().join();
    }
}
