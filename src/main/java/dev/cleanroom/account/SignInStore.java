package dev.cleanroom.account;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The only door to the {@code sign_in} table. */
@ApplicationScoped
@Transactional
class SignInStore {
    static final Duration LIFETIME = Duration.ofDays(30);
    private static final Duration SEEN_RESOLUTION = Duration.ofMinutes(5); // a write for each request would be waste
    private static final int MAX_USER_AGENT_CHARACTERS = 200; // shown in a list of sign-ins

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<SignInEntity, UUID> {}

    private final Rows rows;
    private final PersonStore people;

    SignInStore(Rows rows, PersonStore people) {
        this.rows = rows;
        this.people = people;
    }

    /** @return the cookie's value */
    String create(Person person, String userAgent, String address) {
        rows.delete("expiresAt < ?1", Instant.now());
        var secret = Secrets.random();
        var row = new SignInEntity();
        row.id = UUID.randomUUID();
        row.personId = person.id();
        row.secretHash = Secrets.hash(secret);
        row.userAgent = userAgent == null
                ? ""
                : userAgent.substring(0, Math.min(userAgent.length(), MAX_USER_AGENT_CHARACTERS));
        row.address = address;
        row.createdAt = row.lastSeenAt = Instant.now();
        row.expiresAt = row.createdAt.plus(LIFETIME);
        rows.persist(row);
        return secret;
    }

    /** Whose cookie this is, if it is still good. */
    Optional<Caller> caller(String secret) {
        var now = Instant.now();
        return rows.find("secretHash = ?1 and expiresAt > ?2", Secrets.hash(secret), now)
                .firstResultOptional()
                .flatMap(row -> {
                    if (row.lastSeenAt.plus(SEEN_RESOLUTION).isBefore(now)) {
                        rows.update("lastSeenAt = ?1 where id = ?2", now, row.id); // it may be gone meanwhile
                    }
                    return people.find(row.personId)
                            .map(person -> new Caller(
                                    Caller.Kind.PERSON,
                                    person.id(),
                                    row.id,
                                    person.name(),
                                    person.administrator(),
                                    Optional.empty(),
                                    Set.of(Caller.Scope.ALL),
                                    Set.of()));
                });
    }

    /** Newest first. */
    List<SignIn> list(UUID person, UUID current) {
        return rows.list("personId = ?1 and expiresAt > ?2 order by lastSeenAt desc", person, Instant.now()).stream()
                .map(row -> new SignIn(
                        row.id, row.userAgent, row.address, row.createdAt, row.lastSeenAt, row.id.equals(current)))
                .toList();
    }

    /** @return false if this person has no such sign-in */
    boolean end(UUID person, UUID id) {
        return rows.delete("id = ?1 and personId = ?2", id, person) > 0;
    }

    /** @return those that ended */
    List<UUID> endOthers(UUID person, UUID current) {
        var others = rows.list("personId = ?1 and id <> ?2", person, current).stream()
                .map(row -> row.id)
                .toList();
        rows.delete("personId = ?1 and id <> ?2", person, current);
        return others;
    }

    void endAll(UUID person) {
        rows.delete("personId", person);
    }

    boolean isLive(UUID id) {
        return rows.count("id = ?1 and expiresAt > ?2", id, Instant.now()) > 0;
    }
}
