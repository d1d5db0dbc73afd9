package dev.cleanroom.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of a turn. */
@ConfigMapping(prefix = "cleanroom.agent")
public interface AgentConfig {
    /** Model requests allowed in one turn before it ends with {@code step-limit}. */
    @WithDefault("200")
    int maxSteps();
}
