package dev.cleanroom.session;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Row of {@code session_guest}. */
@Entity
@Table(name = "session_guest")
class GuestEntity {
    @Id
    UUID id;

    UUID session;
    UUID link;
    String name;

    @Enumerated(EnumType.STRING)
    SessionRole wanted;

    @Enumerated(EnumType.STRING)
    SessionRole granted;

    Instant joinedAt;
    Instant expiresAt;

    Guest toGuest() {
        Optional<SessionRole> now = expiresAt.isAfter(Instant.now()) ? Optional.ofNullable(granted) : Optional.empty();
        return new Guest(id, session, name, wanted, now, expiresAt);
    }
}
