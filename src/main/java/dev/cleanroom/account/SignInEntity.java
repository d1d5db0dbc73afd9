package dev.cleanroom.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code sign_in}: one browser of one person. Never leaves this package. */
@Entity
@Table(name = "sign_in")
class SignInEntity {
    @Id
    UUID id;

    UUID personId;
    byte[] secretHash;
    String userAgent;
    String address;
    Instant createdAt;
    Instant lastSeenAt;
    Instant expiresAt;
}
