package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Caller.Scope;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** A member's role follows from the project; a guest's from his grant. Who may not watch is told that there is nothing. */
@ApplicationScoped
class SessionRoles implements SessionAccess {
    private final SessionStore sessions;
    private final ProjectStore projects;
    private final Guests guests;

    SessionRoles(SessionStore sessions, ProjectStore projects, Guests guests) {
        this.sessions = sessions;
        this.projects = projects;
        this.guests = guests;
    }

    @Override
    public Session require(Caller caller, UUID id, SessionRole needed) {
        Session session = sessions.find(id).orElseThrow(SessionRoles::notFound);
        SessionRole role = role(caller, session).orElseThrow(SessionRoles::notFound);
        if (!role.includes(needed)) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "session.role", "You are watching this session. Ask a member to let you drive.");
        }
        return session;
    }

    @Override
    public Optional<SessionRole> role(Caller caller, UUID id) {
        return sessions.find(id).flatMap(session -> role(caller, session));
    }

    private Optional<SessionRole> role(Caller caller, Session session) {
        return Optional.ofNullable(roles(caller, List.of(session)).get(session.id()));
    }

    @Override
    public Map<UUID, SessionRole> roles(Caller caller, Collection<Session> asked) {
        var roles = new HashMap<UUID, SessionRole>();
        if (!caller.isPerson()) {
            var guest = guests.find(caller.id());
            for (var session : asked) {
                guest.filter(found -> found.session().equals(session.id()))
                        .flatMap(Guest::granted)
                        .ifPresent(role -> roles.put(session.id(), role));
            }
            return roles;
        }
        boolean tokenAllows =
                caller.scopes().contains(Scope.ALL) || caller.scopes().contains(Scope.SESSIONS);
        if (!tokenAllows) {
            return roles;
        }
        var open = asked.stream()
                .filter(session ->
                        caller.projects().isEmpty() || caller.projects().contains(session.project()))
                .toList();
        var ofProjects = projects.rolesOf(
                caller.id(), open.stream().map(Session::project).collect(Collectors.toSet()));
        for (var session : open) {
            Optional.ofNullable(ofProjects.get(session.project())).ifPresent(role -> roles.put(session.id(), of(role)));
        }
        return roles;
    }

    private static SessionRole of(Role role) {
        return switch (role) {
            case VIEWER -> SessionRole.WATCH;
            case EDITOR -> SessionRole.DRIVE;
            case OWNER -> SessionRole.OWN;
        };
    }

    private static ProblemException notFound() {
        return new ProblemException(
                Kind.NOT_FOUND, "session.not-found", "This session does not exist, or is not yours to see.");
    }
}
