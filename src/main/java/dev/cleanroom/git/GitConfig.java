package dev.cleanroom.git;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "cleanroom.git")
interface GitConfig {
    /** Bytes that an import may fetch; more is refused with {@code project.import-too-large}. */
    @WithDefault("2147483648")
    long importMaxBytes();
}
