package dev.cleanroom.model;

import dev.cleanroom.account.Caller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.secret.Vault;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The only door to the {@code model_provider} table. Keys are sealed in it. */
@ApplicationScoped
@Transactional
class ProviderStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<ProviderEntity, String> {}

    private final Rows rows;
    private final Vault vault;
    private final AuditLog audit;

    ProviderStore(Rows rows, Vault vault, AuditLog audit) {
        this.rows = rows;
        this.vault = vault;
        this.audit = audit;
    }

    /** In the order in which they were set up, keys opened. */
    List<Endpoint> list() {
        return rows.list("order by createdAt, id").stream()
                .map(this::toEndpoint)
                .toList();
    }

    private Endpoint toEndpoint(ProviderEntity row) {
        return new Endpoint(
                row.id,
                WireName.of(row.wire).orElseThrow(),
                URI.create(row.baseUrl),
                Optional.ofNullable(row.sealedKey).map(value -> vault.open(value, context(row.id))));
    }

    private static String context(String id) {
        return "model.key:" + id;
    }

    void put(Endpoint endpoint, Caller by) {
        var known = rows.findById(endpoint.provider());
        var row = known == null ? new ProviderEntity() : known;
        row.wire = WireName.of(endpoint.format());
        row.baseUrl = endpoint.base().toString();
        row.sealedKey = endpoint.key()
                .map(key -> vault.seal(key, context(endpoint.provider())))
                .orElse(null);
        if (known == null) {
            row.id = endpoint.provider();
            row.createdAt = Instant.now();
            rows.persist(row);
        }
        audit.record(by.name(), by.id(), "model.provider-set", endpoint.provider(), row.wire + " " + row.baseUrl);
    }

    /** @return false if there was none */
    boolean delete(String id, Caller by) {
        boolean deleted = rows.deleteById(id);
        if (deleted) {
            audit.record(by.name(), by.id(), "model.provider-removed", id, "");
        }
        return deleted;
    }
}
