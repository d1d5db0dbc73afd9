package dev.cleanroom.project;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code project_member}. Never leaves this package. */
@Entity
@Table(name = "project_member")
class MemberEntity {
    @Embeddable
    record Key(UUID projectId, UUID personId) {}

    @EmbeddedId
    Key key;

    @Enumerated(EnumType.STRING)
    Role role;

    Instant createdAt;
}
