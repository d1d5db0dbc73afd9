package dev.cleanroom.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Row of {@code access_token}. Never leaves this package. */
@Entity
@Table(name = "access_token")
class AccessTokenEntity {
    @Id
    UUID id;

    UUID personId;
    String name;
    byte[] secretHash;

    @JdbcTypeCode(SqlTypes.ARRAY)
    String[] scopes;

    @JdbcTypeCode(SqlTypes.ARRAY)
    UUID[] projects;

    Instant createdAt;
    Instant lastUsedAt;
    Instant expiresAt;
}
