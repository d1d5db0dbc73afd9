package dev.cleanroom.sandbox;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Every engine that is configured: the one that {@code CLEANROOM_SANDBOX_ENGINE} names for new sandboxes, first, and others for those that have theirs. */
@Singleton
class Engines {
    private static final Duration DAEMON_LIMIT = Duration.ofSeconds(60); // a start at a load of 12 took 4 s

    private final List<Engine> all;

    @Inject
    Engines(
            SandboxConfig config,
            @ConfigProperty(name = "cleanroom.home") Path home,
            @ConfigProperty(name = "cleanroom.runner.runtime") Path runtime) {
        this(configured(config, home, runtime));
    }

    /** @param all the one of new sandboxes first */
    Engines(List<Engine> all) {
        this.all = List.copyOf(all);
    }

    private static List<Engine> configured(SandboxConfig config, Path home, Path runtime) {
        var bubblewrap = bubblewrap(home, runtime, limits(config));
        boolean preferred = config.engine().equals(DockerEngine.NAME);
        if (!preferred && !config.engine().equals(BubblewrapEngine.NAME)) {
            throw new IllegalStateException("CLEANROOM_SANDBOX_ENGINE is '" + config.engine()
                    + "', which is not there; those that are: " + BubblewrapEngine.NAME + ", " + DockerEngine.NAME);
        }
        var engines = new ArrayList<Engine>(List.of(bubblewrap));
        if (preferred || config.docker().socket().isPresent()) {
            var socket = config.docker().socket().orElseGet(Engines::socket);
            engines.add(preferred ? 0 : 1, docker(home, runtime, config.docker().image(), limits(config), socket));
        }
        return engines;
    }

    static BubblewrapEngine bubblewrap(Path home, Path runtime, Engine.Limits limits) {
        return new BubblewrapEngine(home, runtime, runner(), limits);
    }

    static DockerEngine docker(Path home, Path runtime, String image, Engine.Limits limits, Path socket) {
        return new DockerEngine(home, runtime, image, runner(), limits, new DockerSocket(socket, DAEMON_LIMIT));
    }

    private static List<String> runner() {
        return RunnerCommand.dial(Engine.RUNTIME, Engine.RUN + "/s", SandboxEnvironment.HOME); // on a disk
    }

    /** The first that is there of where daemons have theirs, those of ordinary users before root's. */
    private static Path socket() {
        var own = Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).map(Path::of);
        return Stream.concat(
                        own.stream()
                                .flatMap(folder ->
                                        Stream.of(folder.resolve("podman/podman.sock"), folder.resolve("docker.sock"))),
                        Stream.of(Path.of("/run/podman/podman.sock"), Path.of("/var/run/docker.sock")))
                .filter(Files::exists)
                .findFirst()
                .orElse(Path.of("/var/run/docker.sock"));
    }

    private static Engine.Limits limits(SandboxConfig config) {
        return new Engine.Limits(
                config.memory().asLongValue(),
                config.cpus(),
                config.pids(),
                config.tmp().asLongValue());
    }

    /** Of new sandboxes. */
    Engine preferred() {
        return all.getFirst();
    }

    List<Engine> all() {
        return all;
    }

    Optional<Engine> find(String name) {
        return all.stream().filter(engine -> engine.name().equals(name)).findFirst();
    }

    /** @throws SandboxException saying what to do if it is not configured */
    Engine named(String name) {
        return find(name)
                .orElseThrow(() -> new SandboxException("The engine " + name + " is not configured; those that are: "
                        + all.stream().map(Engine::name).collect(Collectors.joining(", "))
                        + ". Move the session to one of them, or name the daemon in CLEANROOM_SANDBOX_DOCKER_SOCKET"
                        + " and start the server again"));
    }
}
