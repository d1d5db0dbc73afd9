package dev.cleanroom.account;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The only door to the {@code access_token} table. */
@ApplicationScoped
@Transactional
class AccessTokenStore {
    private static final String PREFIX = "clr_"; // lets scanners of leaked secrets recognize ours
    private static final Duration SEEN_RESOLUTION = Duration.ofMinutes(5); // a write for each request would be waste

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<AccessTokenEntity, UUID> {}

    /** @param token shown once */
    record Created(UUID id, String token) {}

    private final Rows rows;
    private final PersonStore people;

    AccessTokenStore(Rows rows, PersonStore people) {
        this.rows = rows;
        this.people = people;
    }

    Created create(UUID person, String name, Set<Caller.Scope> scopes, Set<UUID> projects, Instant expiresAt) {
        var secret = PREFIX + Secrets.random();
        var row = new AccessTokenEntity();
        row.id = UUID.randomUUID();
        row.personId = person;
        row.name = name;
        row.secretHash = Secrets.hash(secret);
        row.scopes = scopes.stream().map(AccessTokenStore::word).sorted().toArray(String[]::new);
        row.projects = projects.toArray(UUID[]::new);
        row.createdAt = Instant.now();
        row.expiresAt = expiresAt;
        rows.persist(row);
        return new Created(row.id, secret);
    }

    /** Whose token this is, if it is still good. */
    Optional<Caller> caller(String secret) {
        var now = Instant.now();
        return rows.find("secretHash = ?1 and expiresAt > ?2", Secrets.hash(secret), now)
                .firstResultOptional()
                .flatMap(row -> {
                    if (row.lastUsedAt == null
                            || row.lastUsedAt.plus(SEEN_RESOLUTION).isBefore(now)) {
                        rows.update("lastUsedAt = ?1 where id = ?2", now, row.id); // it may be gone meanwhile
                    }
                    var scopes = Arrays.stream(row.scopes)
                            .map(word -> Caller.Scope.valueOf(word.toUpperCase(Locale.ROOT)))
                            .collect(Collectors.toUnmodifiableSet());
                    return people.find(row.personId)
                            .map(person -> new Caller(
                                    Caller.Kind.PERSON,
                                    person.id(),
                                    row.id,
                                    person.name(),
                                    person.administrator()
                                            && scopes.contains(Caller.Scope.ALL)
                                            && row.projects.length == 0,
                                    Optional.empty(),
                                    scopes,
                                    Set.of(row.projects)));
                });
    }

    /** Newest first, expired ones included. */
    List<AccessToken> list(UUID person) {
        return rows.list("personId = ?1 order by createdAt desc", person).stream()
                .map(row -> new AccessToken(
                        row.id,
                        row.name,
                        Set.of(row.scopes),
                        Set.of(row.projects),
                        row.createdAt,
                        row.lastUsedAt,
                        row.expiresAt))
                .toList();
    }

    /** @return false if this person has no such token */
    boolean end(UUID person, UUID id) {
        return rows.delete("id = ?1 and personId = ?2", id, person) > 0;
    }

    boolean isLive(UUID id) {
        return rows.count("id = ?1 and expiresAt > ?2", id, Instant.now()) > 0;
    }

    static String word(Caller.Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}
