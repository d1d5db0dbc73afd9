package dev.cleanroom.account;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who is asking, as far as this one request proves: a person by cookie or access token, or a guest by a link's cookie.
 *
 * @param id the person's or the guest's
 * @param credential the sign-in, token or guest grant that was shown; sockets are closed when it ends
 * @param administrator only persons, and only with scope {@code all}
 * @param session the one session that a guest came for; empty for persons
 * @param scopes what an access token may do; a cookie has {@link Scope#ALL}
 * @param projects an access token may be limited to some; empty: all of the person's
 */
public record Caller(
        Kind kind,
        UUID id,
        UUID credential,
        String name,
        boolean administrator,
        Optional<UUID> session,
        Set<Scope> scopes,
        Set<UUID> projects) {

    public enum Kind {
        PERSON,
        GUEST
    }

    public enum Scope {
        GIT,
        SESSIONS,
        ALL
    }

    public boolean isPerson() {
        return kind == Kind.PERSON;
    }

    /** {@link Scope#ALL} includes every other. */
    public boolean may(Scope needed) {
        return scopes.contains(Scope.ALL) || scopes.contains(needed);
    }
}
