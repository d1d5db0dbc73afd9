package dev.cleanroom.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The engine that {@code CLEANROOM_SANDBOX_ENGINE} names. */
@ApplicationScoped
class Engines {
    @Produces
    @Singleton
    Engine engine(
            SandboxConfig config,
            @ConfigProperty(name = "cleanroom.home") Path home,
            @ConfigProperty(name = "cleanroom.runner.runtime") Path runtime) {
        if (!config.engine().equals(BubblewrapEngine.NAME)) {
            throw new IllegalStateException("CLEANROOM_SANDBOX_ENGINE is '" + config.engine()
                    + "', which is not there; the one that is: " + BubblewrapEngine.NAME);
        }
        return bubblewrap(home, runtime, limits(config));
    }

    static BubblewrapEngine bubblewrap(Path home, Path runtime, BubblewrapEngine.Limits limits) {
        var runner = RunnerCommand.dial(
                BubblewrapEngine.RUNTIME, BubblewrapEngine.RUN + "/s", SandboxEnvironment.HOME); // on a disk
        return new BubblewrapEngine(home, runtime, runner, limits);
    }

    private static BubblewrapEngine.Limits limits(SandboxConfig config) {
        return new BubblewrapEngine.Limits(
                config.memory().asLongValue(),
                config.cpus(),
                config.pids(),
                config.tmp().asLongValue());
    }
}
