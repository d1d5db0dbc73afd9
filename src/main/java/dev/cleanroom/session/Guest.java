package dev.cleanroom.session;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who came by a link, in one session.
 *
 * @param wanted WATCH or DRIVE, as the link said
 * @param granted what he may now; a waiting driver watches; empty: his time is over
 */
public record Guest(
        UUID id, UUID session, String name, SessionRole wanted, Optional<SessionRole> granted, Instant expiresAt) {
    boolean isWaiting() {
        return wanted == SessionRole.DRIVE && granted.equals(Optional.of(SessionRole.WATCH));
    }
}
