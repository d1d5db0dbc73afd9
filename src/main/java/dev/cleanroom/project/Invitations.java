package dev.cleanroom.project;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Email;
import dev.cleanroom.account.Invitation;
import dev.cleanroom.account.InvitationStore;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Invitations by link, and the membership that comes with them. */
@ApplicationScoped
class Invitations {
    /** @param url shown once */
    record Link(UUID id, String url) {}

    private final InvitationStore store;
    private final MemberStore members;
    private final PublicUrl url;
    private final AuditLog audit;

    Invitations(InvitationStore store, MemberStore members, PublicUrl url, AuditLog audit) {
        this.store = store;
        this.members = members;
        this.url = url;
        this.audit = audit;
    }

    /** Whether the inviter may is decided before. */
    Link invite(Caller inviter, Optional<String> email, Optional<UUID> project, Optional<Role> role) {
        var created = store.create(inviter.id(), email.map(Email::clean), project, role.map(Enum::name));
        audit.record(
                inviter.name(), inviter.id(), "project.invited", created.id().toString(), email.orElse("anybody"));
        return new Link(created.id(), url.resolve("/invite/" + created.token()));
    }

    /** In the transaction that uses the invitation up. */
    void join(Invitation invitation, Person person) {
        invitation.project().ifPresent(project -> {
            boolean mayStill = invitation
                    .invitedBy()
                    .map(by -> members.roleOf(project, by).equals(Optional.of(Role.OWNER)))
                    .orElse(true); // the operator of the machine
            if (!mayStill) {
                throw new ProblemException(
                        Kind.GONE,
                        "account.link-ended",
                        "Who sent this link does not own the project any more. Ask one of its owners for a new link.");
            }
            var role = Role.valueOf(invitation.projectRole().orElseThrow());
            members.raise(project, person.id(), role);
            audit.record(
                    person.name(),
                    person.id(),
                    "project.member-added",
                    project.toString(),
                    "as " + role + " by invitation " + invitation.id());
        });
    }
}
