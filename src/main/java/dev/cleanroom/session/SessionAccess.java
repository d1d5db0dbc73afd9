package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import java.util.Optional;
import java.util.UUID;

/** Who may do what in a session. */
public interface SessionAccess {
    /** @throws dev.cleanroom.problem.ProblemException {@code session.not-found} (404) for who may not even watch, {@code session.role} (403) otherwise */
    Session require(Caller caller, UUID session, SessionRole needed);

    Optional<SessionRole> role(Caller caller, UUID session);
}
