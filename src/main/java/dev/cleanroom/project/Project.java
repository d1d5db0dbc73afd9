package dev.cleanroom.project;

import dev.cleanroom.problem.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A project as other capabilities see it: immutable, detached from the database.
 *
 * @param progress of the import, while it runs
 * @param problem why the import failed
 * @param defaultBranch a full ref name is not meant: {@code main}; empty until it is ready
 * @param defaultModel what its new sessions begin with, and {@code defaultMode}; empty: what the server chooses
 */
public record Project(
        UUID id,
        UUID owner,
        String name,
        Status status,
        Optional<Progress> progress,
        Optional<Problem> problem,
        Optional<String> defaultBranch,
        Optional<String> defaultModel,
        Optional<String> defaultMode,
        boolean archived,
        Instant createdAt,
        Instant changedAt) {

    /** On the wire in lower case. */
    public enum Status {
        IMPORTING,
        READY,
        FAILED
    }

    /** @param phase words for people: {@code Receiving objects}; {@code total} empty while it is unknown */
    public record Progress(String phase, long done, Optional<Long> total) {}
}
