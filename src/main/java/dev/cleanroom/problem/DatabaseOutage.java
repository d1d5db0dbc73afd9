package dev.cleanroom.problem;

import java.time.Instant;
import java.util.Optional;

/**
 * Fired when the database stops answering, and when it answers again.
 *
 * @param since when it stopped; empty: it answers again
 */
public record DatabaseOutage(Optional<Instant> since) {}
