package dev.cleanroom.share;

import dev.cleanroom.session.SessionRole;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A link to a session that can be redeemed. @param createdBy empty: his account is gone. @param guests how many redeemed it */
record Link(
        UUID id,
        UUID session,
        SessionRole role,
        Optional<UUID> createdBy,
        Instant createdAt,
        Instant expiresAt,
        long guests) {}
