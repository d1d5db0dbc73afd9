package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who may do what in a session. */
public interface SessionAccess {
    /** @throws dev.cleanroom.problem.ProblemException {@code session.not-found} (404) for who may not even watch, {@code session.role} (403) otherwise */
    Session require(Caller caller, UUID session, SessionRole needed);

    Optional<SessionRole> role(Caller caller, UUID session);

    /** By session; those that he may not even watch are left out. */
    Map<UUID, SessionRole> roles(Caller caller, Collection<Session> sessions);
}
