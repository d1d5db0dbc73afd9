package dev.cleanroom.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code guest_credential}. Never leaves this package. */
@Entity
@Table(name = "guest_credential")
class GuestCredentialEntity {
    @Id
    UUID id;

    UUID guestId;
    UUID sessionId;
    String name;
    byte[] secretHash;
    Instant createdAt;
    Instant expiresAt;
}
