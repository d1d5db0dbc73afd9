package dev.cleanroom.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What the launcher does for production when root starts it: the server user, its ids and its cgroups. */
public final class HostPreparation {
    private HostPreparation() {}

    /** Runs the script where the tests are run by root; an ordinary user has what he has. */
    public static void run() throws IOException, InterruptedException {
        if ("root".equals(System.getProperty("user.name"))) {
            var script = new ProcessBuilder("sh", "docker/sandbox/prepare-host.sh")
                    .inheritIO()
                    .start();
            if (script.waitFor() != 0) {
                throw new IllegalStateException("docker/sandbox/prepare-host.sh failed");
            }
        }
    }

    /** A data folder that the server user can reach, with a short path: a socket's has at most 107 bytes. */
    public static Path home() throws IOException {
        Path home = Files.createTempDirectory("cleanroom");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }
}
