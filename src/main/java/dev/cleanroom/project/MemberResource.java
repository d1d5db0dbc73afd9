package dev.cleanroom.project;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Email;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/v1/projects/{project}/members")
@RunOnVirtualThread
class MemberResource {
    record NewMember(@NotNull String email, @NotNull String role) {}

    record RoleChange(@NotNull String role) {}

    record MemberView(UUID id, String name, String email, String role) {}

    record MemberList(List<MemberView> items) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final MemberStore members;
    private final PersonStore people;
    private final Invitations invitations;
    private final AuditLog audit;
    private final Event<AccessChanged> accessChanged;

    MemberResource(
            CurrentCaller current,
            ProjectAccess access,
            MemberStore members,
            PersonStore people,
            Invitations invitations,
            AuditLog audit,
            Event<AccessChanged> accessChanged) {
        this.current = current;
        this.access = access;
        this.members = members;
        this.people = people;
        this.invitations = invitations;
        this.audit = audit;
        this.accessChanged = accessChanged;
    }

    @GET
    public MemberList list(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        var roles = members.list(project);
        var byId = people.findAll(roles.keySet()).stream().collect(Collectors.toMap(Person::id, Function.identity()));
        return new MemberList(roles.entrySet().stream()
                .map(each -> view(byId.get(each.getKey()), each.getValue()))
                .toList());
    }

    /** Somebody with an account is a member from now on ({@link MemberView}); for others there is a link ({@link Invitations.Link}). */
    @POST
    @ResponseStatus(201)
    public Object add(UUID project, @NotNull @Valid NewMember request) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.OWNER);
        var role = role(request.role());
        var found = people.findByEmail(Email.clean(request.email()));
        if (found.isEmpty()) {
            return invitations.invite(caller, Optional.of(request.email()), Optional.of(project), Optional.of(role));
        }
        var person = found.get();
        if (members.roleOf(project, person.id()).isPresent()) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "project.member-exists",
                    person.name() + " is a member already. Change the role instead.");
        }
        members.put(project, person.id(), role);
        audit.record(
                caller.name(), caller.id(), "project.member-added", project.toString(), person.email() + " as " + role);
        return view(person, role);
    }

    @PATCH
    @Path("/{id}")
    public MemberView change(UUID project, UUID id, @NotNull @Valid RoleChange change) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.OWNER);
        var role = role(change.role());
        var person = require(project, id);
        members.put(project, id, role);
        audit.record(
                caller.name(), caller.id(), "project.role-changed", project.toString(), person.email() + " to " + role);
        accessChanged.fire(new AccessChanged(id, Optional.empty()));
        return view(person, role);
    }

    /** Owners remove anybody; everybody may leave. */
    @DELETE
    @Path("/{id}")
    public void remove(UUID project, UUID id) {
        var caller = current.fullPerson();
        access.require(caller, project, caller.id().equals(id) ? Role.VIEWER : Role.OWNER);
        var person = require(project, id);
        members.remove(project, id);
        audit.record(caller.name(), caller.id(), "project.member-removed", project.toString(), person.email());
        accessChanged.fire(new AccessChanged(id, Optional.empty()));
    }

    private Person require(UUID project, UUID id) {
        return members.roleOf(project, id)
                .flatMap(role -> people.find(id))
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND, "project.member-unknown", "This project has no such member."));
    }

    static Role role(String word) {
        for (var role : Role.values()) {
            if (role.name().equals(word.toUpperCase(Locale.ROOT))) {
                return role;
            }
        }
        throw new ProblemException(
                Kind.INVALID, "project.role-unknown", "Roles are \"owner\", \"editor\" and \"viewer\".");
    }

    private static MemberView view(Person person, Role role) {
        return new MemberView(person.id(), person.name(), person.email(), ProjectResource.word(role));
    }
}
