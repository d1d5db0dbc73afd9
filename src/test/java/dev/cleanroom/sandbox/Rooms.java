package dev.cleanroom.sandbox;

import dev.cleanroom.testing.HostPreparation;
import dev.cleanroom.testing.RunnerRuntime;
import io.quarkus.arc.All;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Real sandboxes for tests, by bubblewrap unless another engine is chosen, in a data folder of their own; all are destroyed at the end. */
@Dependent
class Rooms {
    static final Engine.Limits LIMITS = new Engine.Limits(1L << 30, 2, 512, 64L << 20);

    /** @param code exit code; the output is cut at 1 MiB */
    record Ran(int code, String output) {}

    final UUID owner = UUID.randomUUID();
    UUID project = UUID.randomUUID(); // one that is in no database: its registries are closed

    private final SandboxStore store;
    private final List<StreamOpened> streams;
    private final SandboxConfig config;
    private final Event<Sandboxes.SandboxStarted> started;
    private final Event<Sandboxes.SandboxLost> lost;
    private final List<UUID> sessions = new ArrayList<>();
    private final Path home;
    private List<Engine> engines;
    private LiveSandboxes server;

    Rooms(
            SandboxStore store,
            @All List<StreamOpened> streams,
            SandboxConfig config,
            Event<Sandboxes.SandboxStarted> started,
            Event<Sandboxes.SandboxLost> lost)
            throws Exception {
        HostPreparation.run();
        this.home = HostPreparation.home();
        this.engines = List.of(Engines.bubblewrap(home, RunnerRuntime.path(), LIMITS));
        this.store = store;
        this.streams = streams;
        this.config = config;
        this.started = started;
        this.lost = lost;
    }

    /** The server of now. */
    LiveSandboxes server() throws Exception {
        if (server == null) {
            server = new LiveSandboxes(new Engines(engines), store, streams, config, started, lost);
        }
        return server;
    }

    Path home() {
        return home;
    }

    /** Of new sandboxes. */
    Engine engine() {
        return engines.getFirst();
    }

    /** @param chosen the one of new sandboxes first; to be called before anything is started */
    void use(Engine... chosen) {
        engines = List.of(chosen);
    }

    /** The server goes as by kill -9, and another one comes. */
    LiveSandboxes restart() throws Exception {
        server.letGo();
        server = null;
        return server();
    }

    Sandboxes.Spec spec() {
        return spec(owner);
    }

    Sandboxes.Spec spec(UUID person) {
        var spec = new Sandboxes.Spec(UUID.randomUUID(), person, project);
        sessions.add(spec.session());
        return spec;
    }

    Sandbox start() throws Exception {
        return server().start(spec());
    }

    /** Runs a command to its end, its output and errors together. */
    static Ran run(Sandbox sandbox, Duration limit, String... argv) throws InterruptedException {
        var exec = sandbox.exec(Sandbox.ExecRequest.of(UUID.randomUUID(), limit, argv));
        var output = new StringBuffer();
        exec.listen((stream, offset, bytes) -> {
            if (output.length() < 1 << 20) {
                output.append(new String(bytes, StandardCharsets.UTF_8));
            }
        });
        var exit = exec.await();
        return new Ran(exit.code(), output.toString());
    }

    void destroyAll() throws Exception {
        for (var session : sessions) {
            server().destroy(session);
        }
        if (server != null) {
            server.letGo();
        }
    }
}
