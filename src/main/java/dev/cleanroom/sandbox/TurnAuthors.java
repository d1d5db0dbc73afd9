package dev.cleanroom.sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Whose turn ran in a session. Implemented by the capability that knows the session's log. */
public interface TurnAuthors {
    /** A person or guest. */
    record Author(UUID id, String name) {}

    /** @return empty: no turn ran at that moment */
    Optional<Author> at(UUID session, Instant moment);
}
