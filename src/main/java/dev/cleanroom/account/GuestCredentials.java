package dev.cleanroom.account;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a guest shows to prove that he is the guest: the only door to the {@code guest_credential} table. */
@ApplicationScoped
public class GuestCredentials {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<GuestCredentialEntity, UUID> {}

    private final Rows rows;
    private final Event<AccessChanged> changed;

    GuestCredentials(Rows rows, Event<AccessChanged> changed) {
        this.rows = rows;
        this.changed = changed;
    }

    /** @return the value for {@link Cookies#guest} */
    @Transactional
    public String issue(UUID guest, UUID session, String name, Instant expiresAt) {
        rows.delete("expiresAt < ?1", Instant.now());
        var secret = Secrets.random();
        var row = new GuestCredentialEntity();
        row.id = UUID.randomUUID();
        row.guestId = guest;
        row.sessionId = session;
        row.name = name;
        row.secretHash = Secrets.hash(secret);
        row.createdAt = Instant.now();
        row.expiresAt = expiresAt;
        rows.persist(row);
        return secret;
    }

    /** The guests' credentials end; {@link AccessChanged} is fired for each. Call it outside of a transaction. */
    public void revoke(Collection<UUID> guests) {
        if (!guests.isEmpty()) {
            QuarkusTransaction.joiningExisting().run(() -> rows.delete("guestId in ?1", guests));
        }
        guests.forEach(guest -> changed.fire(new AccessChanged(guest, Optional.empty())));
    }

    @Transactional
    Optional<Caller> caller(String secret, Optional<UUID> session) {
        return rows.find("secretHash = ?1 and expiresAt > ?2", Secrets.hash(secret), Instant.now())
                .firstResultOptional()
                .filter(row -> session.isEmpty() || session.get().equals(row.sessionId))
                .map(row -> new Caller(
                        Caller.Kind.GUEST,
                        row.guestId,
                        row.id,
                        row.name,
                        false,
                        Optional.of(row.sessionId),
                        Set.of(Caller.Scope.SESSIONS),
                        Set.of()));
    }

    @Transactional
    boolean isLive(UUID id) {
        return rows.count("id = ?1 and expiresAt > ?2", id, Instant.now()) > 0;
    }
}
