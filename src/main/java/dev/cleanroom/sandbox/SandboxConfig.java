package dev.cleanroom.sandbox;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code cleanroom.sandbox.…}: which engine, and the limits of each sandbox. */
@ConfigMapping(prefix = "cleanroom.sandbox")
interface SandboxConfig {
    /** For new sandboxes; an existing one keeps its own. */
    @WithDefault("bubblewrap")
    String engine();

    Docker docker();

    interface Docker {
        /** Of the API of Docker or Podman; sessions can be moved to the engine where it is named. */
        Optional<Path> socket();

        /** Any with glibc, git, ripgrep and bash; {@code docker/sandbox} makes one. */
        @WithDefault("cleanroom-sandbox")
        String image();
    }

    /** Of all processes of a sandbox together, files in {@code /tmp} included. */
    @WithDefault("2G")
    MemorySize memory();

    /** Processors' worth of time; 1.5 is one and a half. */
    @WithDefault("2")
    double cpus();

    /** Processes and threads. JVMs, language servers and Gradle need hundreds. */
    @WithDefault("1024")
    int pids();

    /** Of {@code /tmp}, which lives in memory. */
    @WithDefault("512M")
    MemorySize tmp();

    /** How long a runner may take from its start to its first contact. */
    @WithDefault("30s")
    Duration startTimeout();

    /** {@code host:port} that every project's sandboxes may reach, besides the package registries. */
    Optional<List<String>> egress();
}
