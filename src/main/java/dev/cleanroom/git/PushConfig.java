package dev.cleanroom.git;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "cleanroom.push")
interface PushConfig {
    /** Bytes of one push's pack; a larger one is refused, and the client says why. */
    @WithDefault("2147483648")
    long maxBytes();

    /** How long what a ref was at before stays here, so that a forced push can be undone. */
    @WithDefault("30D")
    Duration undoableFor();
}
