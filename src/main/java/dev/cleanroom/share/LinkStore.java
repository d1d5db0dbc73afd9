package dev.cleanroom.share;

import dev.cleanroom.account.Secrets;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionRole;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The only door to the {@code session_link} table. Every method is one transaction and returns detached values. */
@ApplicationScoped
@Transactional
class LinkStore {
    private static final int MAX_GUESTS = 100; // of one link: more is a link that got around

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<LinkEntity, UUID> {}

    /** @param token shown once, as part of the link */
    record Created(UUID id, String token) {}

    private final Rows rows;

    LinkStore(Rows rows) {
        this.rows = rows;
    }

    Created create(UUID session, SessionRole role, UUID createdBy, Instant expiresAt) {
        var token = Secrets.random();
        var row = new LinkEntity();
        row.id = UUID.randomUUID();
        row.sessionId = session;
        row.secretHash = Secrets.hash(token);
        row.role = role;
        row.createdBy = createdBy;
        row.createdAt = Instant.now();
        row.expiresAt = expiresAt;
        rows.persist(row);
        return new Created(row.id, token);
    }

    /** @throws ProblemException 410 {@code share.link-ended} if it was revoked, has expired or never was */
    Link require(String token) {
        return rows.find("secretHash = ?1 and expiresAt > ?2", Secrets.hash(token), Instant.now())
                .firstResultOptional()
                .map(LinkEntity::toLink)
                .orElseThrow(() -> new ProblemException(
                        Kind.GONE,
                        "share.link-ended",
                        "It was revoked or has expired. Ask whoever sent it for a new one."));
    }

    /** Those that can be redeemed, newest first. */
    List<Link> list(UUID session) {
        return rows.list("sessionId = ?1 and expiresAt > ?2 order by createdAt desc", session, Instant.now()).stream()
                .map(LinkEntity::toLink)
                .toList();
    }

    /** Those that can be redeemed, of all sessions. */
    List<Link> madeBy(UUID person) {
        return rows.list("createdBy = ?1 and expiresAt > ?2", person, Instant.now()).stream()
                .map(LinkEntity::toLink)
                .toList();
    }

    /**
     * Remembers whom a link let in.
     *
     * @return false if the link was revoked meanwhile
     * @throws ProblemException {@code share.link-full}
     */
    boolean redeemed(UUID link, UUID guest) {
        var row = rows.findById(link, LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            return false;
        }
        requireRoom(row.toLink()); // under the lock: many may come at once
        return row.guests.add(guest);
    }

    /** @throws ProblemException {@code share.link-full} */
    void requireRoom(Link link) {
        if (link.guests() >= MAX_GUESTS) {
            throw new ProblemException(
                    Kind.LIMIT,
                    "share.link-full",
                    "This link has let " + MAX_GUESTS + " guests in. Ask whoever sent it for a new one.");
        }
    }

    /** @return the guests that it let in; empty if the session has no such link */
    Optional<Set<UUID>> revoke(UUID session, UUID link) {
        var row = rows.findById(link, LockModeType.PESSIMISTIC_WRITE);
        if (row == null || !row.sessionId.equals(session)) {
            return Optional.empty();
        }
        var guests = Set.copyOf(row.guests);
        rows.delete(row);
        return Optional.of(guests);
    }
}
