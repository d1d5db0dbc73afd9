package dev.cleanroom.account;

import java.util.Optional;
import java.util.UUID;

/**
 * Fired (CDI, synchronously after commit) when somebody's access may have become less: sign-out, token or link revoked,
 * role changed, member removed. Whoever holds a connection of this person or guest looks at its right anew within a second.
 *
 * @param who person or guest
 * @param credential the one that ended; empty: look at all of {@code who}'s
 */
public record AccessChanged(UUID who, Optional<UUID> credential) {}
