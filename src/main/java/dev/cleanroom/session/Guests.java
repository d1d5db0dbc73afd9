package dev.cleanroom.session;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.GuestCredentials;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.GuestWaiting;
import dev.cleanroom.session.SessionEvent.MemberJoined;
import dev.cleanroom.session.SessionEvent.MemberLeft;
import dev.cleanroom.session.SessionLog.Entry;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Guests and what each was granted in his session. Minting and redeeming links is {@code share}'s. */
@ApplicationScoped
public class Guests {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<GuestEntity, UUID> {}

    private final Rows rows;
    private final SessionLog log;
    private final GuestCredentials credentials;
    private final Event<AccessChanged> accessChanged;

    Guests(Rows rows, SessionLog log, GuestCredentials credentials, Event<AccessChanged> accessChanged) {
        this.rows = rows;
        this.log = log;
        this.credentials = credentials;
        this.accessChanged = accessChanged;
    }

    /**
     * Lets somebody in who came by a link: to watch at once; a driver waits, watching, until a member lets him drive.
     *
     * @param wanted WATCH or DRIVE
     * @return the guest's id
     */
    public UUID admit(UUID session, String name, SessionRole wanted, UUID link, Instant expiresAt) {
        UUID id = UUID.randomUUID();
        QuarkusTransaction.requiringNew().run(() -> {
            var row = new GuestEntity();
            row.id = id;
            row.session = session;
            row.link = link;
            row.name = name;
            row.wanted = wanted;
            row.granted = SessionRole.WATCH;
            row.joinedAt = Instant.now();
            row.expiresAt = expiresAt;
            rows.persist(row);
        });
        Actor guest = new Actor(Actor.Kind.guest, id, name);
        log.append(
                session,
                guest,
                List.of(
                        wanted == SessionRole.DRIVE
                                ? Entry.of(new GuestWaiting(id, name, "drive"))
                                : Entry.of(new MemberJoined(guest, "watch"))));
        return id;
    }

    /** Ends every guest of a link that was revoked; their connections close within a second. */
    public void endOfLink(UUID link) {
        List<Guest> ended = QuarkusTransaction.requiringNew().call(() -> {
            var all = rows.list("link = ?1 and granted is not null", link);
            all.forEach(row -> row.granted = null);
            return all.stream().map(GuestEntity::toGuest).toList();
        });
        ended.forEach(this::left);
    }

    Optional<Guest> find(UUID id) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.findByIdOptional(id).map(GuestEntity::toGuest));
    }

    List<Guest> of(UUID session) {
        return QuarkusTransaction.requiringNew()
                .call(() -> rows.list("session = ?1 and granted is not null order by joinedAt", session).stream()
                        .map(GuestEntity::toGuest)
                        .filter(guest -> guest.granted().isPresent())
                        .toList());
    }

    /** A member decides what a guest may; never more than his link said. */
    void grant(UUID session, UUID id, SessionRole role, Actor by) {
        Guest guest = change(session, id, role);
        if (role.includes(SessionRole.DRIVE) && !guest.wanted().includes(SessionRole.DRIVE)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "session.guest-role",
                    "This guest came by a link that only watches. Send a drive link.");
        }
        Actor actor = new Actor(Actor.Kind.guest, id, guest.name());
        log.append(
                session,
                by,
                List.of(Entry.of(new MemberJoined(actor, role.name().toLowerCase(Locale.ROOT)))));
        accessChanged.fire(new AccessChanged(id, Optional.empty()));
    }

    /** @throws ProblemException {@code session.guest-not-found} if he is not there any more */
    public void end(UUID session, UUID id) {
        left(change(session, id, null));
    }

    private Guest change(UUID session, UUID id, SessionRole role) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var row = rows.findByIdOptional(id)
                    .filter(guest -> guest.session.equals(session) && guest.granted != null)
                    .orElseThrow(() -> new ProblemException(
                            Kind.NOT_FOUND, "session.guest-not-found", "This guest is not in this session any more."));
            if (role == null || row.wanted.includes(role)) {
                row.granted = role;
            }
            return row.toGuest();
        });
    }

    private void left(Guest guest) {
        Actor actor = new Actor(Actor.Kind.guest, guest.id(), guest.name());
        log.append(guest.session(), actor, List.of(Entry.of(new MemberLeft(actor))));
        credentials.revoke(Set.of(guest.id()));
    }
}
