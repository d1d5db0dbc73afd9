package dev.cleanroom.share;

import dev.cleanroom.session.SessionRole;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Row of {@code session_link}, with its {@code session_link_guest}. Never leaves this package. */
@Entity
@Table(name = "session_link")
class LinkEntity {
    @Id
    UUID id;

    UUID sessionId;
    byte[] secretHash;

    @Enumerated(EnumType.STRING)
    SessionRole role;

    UUID createdBy;
    Instant createdAt;
    Instant expiresAt;

    @ElementCollection
    @CollectionTable(name = "session_link_guest", joinColumns = @JoinColumn(name = "link_id"))
    @Column(name = "guest_id")
    Set<UUID> guests = new HashSet<>();

    Link toLink() {
        return new Link(id, sessionId, role, Optional.ofNullable(createdBy), createdAt, expiresAt, guests.size());
    }
}
