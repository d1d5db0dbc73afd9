package dev.cleanroom.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Invitation;
import dev.cleanroom.account.InvitationStore;
import dev.cleanroom.account.Joining;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/v1/invitations")
@RunOnVirtualThread
class InvitationResource {
    /** @param role of a member who is to work with the others, unless said otherwise: editor */
    record NewInvitation(String email, UUID projectId, String role) {}

    record Acceptance(String name, String email, @NotNull String password) {}

    record Accepted(UUID id, String name, String email) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record InvitationView(UUID id, String email, UUID projectId, String role, Instant createdAt, Instant expiresAt) {}

    record InvitationList(List<InvitationView> items) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Invitations invitations;
    private final InvitationStore store;
    private final Joining joining;

    InvitationResource(
            CurrentCaller current,
            ProjectAccess access,
            Invitations invitations,
            InvitationStore store,
            Joining joining) {
        this.current = current;
        this.access = access;
        this.invitations = invitations;
        this.store = store;
        this.joining = joining;
    }

    /** Owners invite into their projects, administrators into the server. */
    @POST
    @ResponseStatus(201)
    public Invitations.Link invite(@NotNull @Valid NewInvitation request) {
        var caller = current.fullPerson();
        var email = Optional.ofNullable(request.email()).filter(it -> !it.isBlank());
        if (request.projectId() == null) {
            if (request.role() != null) {
                throw new ProblemException(
                        Kind.INVALID, "project.role-without-project", "A role needs a projectId beside it.");
            }
            return invitations.invite(current.administrator(), email, Optional.empty(), Optional.empty());
        }
        var role = request.role() == null ? Role.EDITOR : MemberResource.role(request.role());
        access.require(caller, request.projectId(), Role.OWNER);
        return invitations.invite(caller, email, Optional.of(request.projectId()), Optional.of(role));
    }

    /** Administrators see all that are open, others their own. */
    @GET
    public InvitationList list() {
        var caller = current.accountHolder();
        var open = store.list(caller.administrator() ? Optional.empty() : Optional.of(caller.id()));
        return new InvitationList(open.stream()
                .filter(invitation -> invitation.invitedBy().isPresent())
                .map(InvitationResource::view)
                .toList());
    }

    @DELETE
    @Path("/{id}")
    public void withdraw(UUID id) {
        var caller = current.accountHolder();
        if (!store.delete(id, caller.administrator() ? Optional.empty() : Optional.of(caller.id()))) {
            throw new ProblemException(Kind.NOT_FOUND, "account.invitation-unknown", "There is no such invitation.");
        }
    }

    @POST
    @Path("/{token}/accept")
    @ResponseStatus(201)
    public Accepted accept(String token, @NotNull @Valid Acceptance request) {
        var person = joining.accept(token, request.name(), request.email(), request.password(), invitations::join);
        return new Accepted(person.id(), person.name(), person.email());
    }

    private static InvitationView view(Invitation invitation) {
        return new InvitationView(
                invitation.id(),
                invitation.email().orElse(null),
                invitation.project().orElse(null),
                invitation.projectRole().map(it -> it.toLowerCase(Locale.ROOT)).orElse(null),
                invitation.createdAt(),
                invitation.expiresAt());
    }
}
