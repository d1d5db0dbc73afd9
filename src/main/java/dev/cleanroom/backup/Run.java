package dev.cleanroom.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/** One backup that the server made or tried. @param endedAt null: it is under way, or the server died in it */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Run(Instant startedAt, Instant endedAt, String file, Long sizeBytes, String problem) {}
