package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/** A piece of streaming text or output: broadcast, never logged. A client replaces from {@code offset} (UTF-16 units). */
public sealed interface Delta {
    /** @param attempt a higher one discards what lower ones showed of this step */
    record Block(UUID turnId, int step, int attempt, int block, Kind kind, int offset, String text) implements Delta {}

    record Output(UUID callId, Stream stream, int offset, String text) implements Delta {}

    enum Kind {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("thinking")
        THINKING
    }

    enum Stream {
        @JsonProperty("stdout")
        STDOUT,
        @JsonProperty("stderr")
        STDERR
    }
}
