package dev.cleanroom.git;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Refs that people see have moved; fired asynchronously, after the move is committed. */
public record RefsUpdated(UUID project, List<Moved> refs, RefAuthor author) {
    /** @param from, to 40 hex digits; empty: absent */
    public record Moved(String ref, Optional<String> from, Optional<String> to) {}
}
