package dev.cleanroom.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Row of {@code invitation}. Never leaves this package. */
@Entity
@Table(name = "invitation")
class InvitationEntity {
    @Id
    UUID id;

    byte[] secretHash;
    String email;
    boolean administrator;
    UUID personId;
    UUID projectId;
    String projectRole;
    UUID invitedBy;
    Instant createdAt;
    Instant expiresAt;
    Instant usedAt;

    Invitation toInvitation() {
        return new Invitation(
                id,
                Optional.ofNullable(email),
                administrator,
                Optional.ofNullable(personId),
                Optional.ofNullable(projectId),
                Optional.ofNullable(projectRole),
                Optional.ofNullable(invitedBy),
                createdAt,
                expiresAt);
    }
}
