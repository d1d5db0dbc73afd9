package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to the {@code invitation} table. Every method is one transaction, or joins the caller's. */
@ApplicationScoped
@Transactional
public class InvitationStore {
    /** Of links between people. */
    public static final Duration LIFETIME = Duration.ofHours(24);
    /** Of links that the operator prints. */
    static final Duration OPERATORS_LIFETIME = Duration.ofHours(1);

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<InvitationEntity, UUID> {}

    /** @param token shown once, as part of the link */
    public record Created(UUID id, String token) {}

    private final Rows rows;
    private final PersonStore people;

    InvitationStore(Rows rows, PersonStore people) {
        this.rows = rows;
        this.people = people;
    }

    /** @param projectRole a word of the project capability, kept and given back as it is */
    public Created create(
            UUID invitedBy, Optional<String> email, Optional<UUID> project, Optional<String> projectRole) {
        var row = new InvitationEntity();
        row.email = email.orElse(null);
        row.projectId = project.orElse(null);
        row.projectRole = projectRole.orElse(null);
        row.invitedBy = invitedBy;
        return persist(row, LIFETIME);
    }

    /** The operator's: for a new administrator, or a new password (and the administrator's rights) for a person. */
    Created createForAdministrator(Optional<String> email, Optional<UUID> person) {
        rows.delete("administrator and usedAt is null and email is not distinct from ?1", email.orElse(null));
        var row = new InvitationEntity();
        row.administrator = true;
        row.email = email.orElse(null);
        row.personId = person.orElse(null);
        return persist(row, OPERATORS_LIFETIME);
    }

    /** @throws ProblemException 410 {@code account.link-ended} if it was used, has expired or never was */
    public Invitation require(String token) {
        return row(token).toInvitation();
    }

    /** Who can give a new link: the name of whoever gave this one, also when it has ended. */
    public Optional<String> inviter(String token) {
        return rows.find("secretHash", Secrets.hash(token))
                .firstResultOptional()
                .flatMap(row -> Optional.ofNullable(row.invitedBy))
                .flatMap(people::find)
                .map(Person::name);
    }

    /** Makes it used, once. @throws ProblemException 410 {@code account.link-ended} */
    public Invitation use(String token) {
        var invitation = row(token).toInvitation();
        var now = Instant.now();
        if (rows.update("usedAt = ?1 where id = ?2 and usedAt is null and expiresAt > ?1", now, invitation.id()) == 0) {
            throw ended(token);
        }
        if (invitation.administrator()) {
            rows.delete("administrator and usedAt is null and personId is null"); // the first one wins
        }
        return invitation;
    }

    /** Those that can still be used, newest first; of one person, or everybody's. */
    public List<Invitation> list(Optional<UUID> invitedBy) {
        var open = invitedBy
                .map(by -> rows.list(
                        "usedAt is null and expiresAt > ?1 and invitedBy = ?2 order by createdAt desc",
                        Instant.now(),
                        by))
                .orElseGet(() -> rows.list("usedAt is null and expiresAt > ?1 order by createdAt desc", Instant.now()));
        return open.stream().map(InvitationEntity::toInvitation).toList();
    }

    /** @param invitedBy whose it must be; empty: anybody's. @return false if there is none */
    public boolean delete(UUID id, Optional<UUID> invitedBy) {
        return invitedBy
                        .map(by -> rows.delete("id = ?1 and invitedBy = ?2", id, by))
                        .orElseGet(() -> rows.delete("id", id))
                > 0;
    }

    private Created persist(InvitationEntity row, Duration lifetime) {
        var token = Secrets.random();
        row.id = UUID.randomUUID();
        row.secretHash = Secrets.hash(token);
        row.createdAt = Instant.now();
        row.expiresAt = row.createdAt.plus(lifetime);
        rows.persist(row);
        return new Created(row.id, token);
    }

    private InvitationEntity row(String token) {
        return rows.find("secretHash = ?1 and usedAt is null and expiresAt > ?2", Secrets.hash(token), Instant.now())
                .firstResultOptional()
                .orElseThrow(() -> ended(token));
    }

    private ProblemException ended(String token) {
        return new ProblemException(
                Kind.GONE,
                "account.link-ended",
                "This link was used or is older than %d h. Ask %s for a new one."
                        .formatted(LIFETIME.toHours(), inviter(token).orElse("whoever sent it")));
    }
}
