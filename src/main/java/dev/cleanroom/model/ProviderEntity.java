package dev.cleanroom.model;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Row of {@code model_provider}. Never leaves this package. */
@Entity
@Table(name = "model_provider")
class ProviderEntity {
    @Id
    String id;

    @Column(nullable = false)
    String wire;

    @Column(nullable = false)
    String baseUrl;

    String sealedKey;

    @Column(nullable = false)
    Instant createdAt;
}
