package dev.cleanroom.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A Docker daemon of the tests' own, without any network, and an image with what sandboxes need, made by debootstrap. One a test
 * JVM, ended with it; images are kept from run to run. Needs root and the packages docker.io and debootstrap. Another daemon,
 * such as Podman's, which has the image: {@code -Dcleanroom.test.docker=SOCKET}.
 */
public final class DockerDaemon {
    public static final String IMAGE = "cleanroom-test:1";

    private static final Path KEPT = Path.of("/var/tmp/cleanroom-docker-tests"); // overlay2 needs a disk below it
    private static final String SOCKET = "cleanroom.test.docker"; // each test profile loads this class anew

    private DockerDaemon() {}

    /** Skips the test, saying why, where there can be no daemon. */
    public static Path socket() throws Exception {
        synchronized (Runtime.class) {
            if (System.getProperty(SOCKET) == null) {
                missing().ifPresent(reason -> Assumptions.abort("No Docker here: " + reason));
                System.setProperty(SOCKET, start().toString());
            }
            return Path.of(System.getProperty(SOCKET));
        }
    }

    /** Why there can be no daemon. */
    public static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root starts a daemon");
        }
        return Stream.of("dockerd", "docker", "debootstrap")
                .filter(program -> Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin")
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .map(program -> program + " is missing: apt-get install docker.io debootstrap")
                .findFirst();
    }

    private static Path start() throws Exception {
        Files.createDirectories(KEPT);
        FileChannel.open(KEPT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .lock(); // until this JVM ends: two daemons cannot share their images
        var folder = Files.createTempDirectory("docker");
        var socket = folder.resolve("s");
        var daemon = new ProcessBuilder(
                        "dockerd",
                        "--host=unix://" + socket,
                        "--data-root=" + KEPT.resolve("data"),
                        "--exec-root=" + folder.resolve("exec"),
                        "--pidfile=" + folder.resolve("pid"),
                        "--bridge=none",
                        "--iptables=false",
                        "--ip6tables=false",
                        "--ip-forward=false",
                        "--log-level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon)));
        Eventually.isTrue(() -> Files.exists(socket) && succeeds(List.of("docker", "version"), socket));
        if (!succeeds(List.of("docker", "image", "inspect", IMAGE), socket)) {
            System.out.println("Making the image of the Docker tests, some minutes");
            var made = new ProcessBuilder("sh", "-c", """
                    set -e
                    root=$(mktemp -d /var/tmp/cleanroom-image.XXXXXX)
                    trap 'rm -rf "$root"' EXIT
                    debootstrap --variant=minbase --include=ca-certificates,git,ripgrep,python3 bookworm "$root"
                    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
                    tar -C "$root" --numeric-owner -c . | docker import - "$1"
                    """, "sh", IMAGE);
            made.environment().put("DOCKER_HOST", "unix://" + socket);
            made.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("image.log").toFile());
            if (made.start().waitFor() != 0) {
                throw new IllegalStateException("no image, see " + folder.resolve("image.log"));
            }
        }
        return socket;
    }

    /** What the client prints, one argument a word. */
    public static String docker(String... arguments) throws Exception {
        var argv = Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
        var client = client(argv, socket()).redirectErrorStream(true).start();
        var words = new String(client.getInputStream().readAllBytes());
        if (client.waitFor() != 0) {
            throw new IllegalStateException(argv + ": " + words);
        }
        return words.strip();
    }

    private static boolean succeeds(List<String> argv, Path socket) throws IOException, InterruptedException {
        return client(argv, socket)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static ProcessBuilder client(List<String> argv, Path socket) {
        var client = new ProcessBuilder(argv);
        client.environment().put("DOCKER_HOST", "unix://" + socket);
        return client;
    }

    private static void stop(Process daemon) {
        daemon.destroy();
        try {
            daemon.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
