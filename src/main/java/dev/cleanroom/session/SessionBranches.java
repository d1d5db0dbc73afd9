package dev.cleanroom.session;

import dev.cleanroom.git.reading.BranchSessions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The sessions of a project by their branches. */
@ApplicationScoped
class SessionBranches implements BranchSessions {
    private final SessionStore sessions;

    SessionBranches(SessionStore sessions) {
        this.sessions = sessions;
    }

    @Override
    public Map<String, SessionOfBranch> of(UUID project, Collection<String> branches) {
        return sessions.onBranches(project, branches).stream()
                .collect(Collectors.toMap(
                        Session::branch, session -> new SessionOfBranch(session.id(), session.title())));
    }
}
