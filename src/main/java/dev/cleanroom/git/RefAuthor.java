package dev.cleanroom.git;

import dev.cleanroom.account.Caller;
import java.util.Optional;
import java.util.UUID;

/**
 * Who moves refs, as their log keeps it: the name stays readable when person, token or session are gone.
 *
 * @param person who did it, or whose turn did
 * @param token that a push was made with
 * @param session whose sandbox or turn did it
 */
public record RefAuthor(
        Kind kind,
        String name,
        Optional<UUID> person,
        Optional<UUID> token,
        Optional<UUID> session,
        Optional<UUID> turn) {

    public enum Kind {
        PERSON,
        SESSION,
        SERVER
    }

    /** The server by itself: imports, and what no person asked for. */
    public static final RefAuthor SERVER = new RefAuthor(
            Kind.SERVER, "Cleanroom", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public static RefAuthor of(Caller person) {
        return new RefAuthor(
                Kind.PERSON,
                person.name(),
                Optional.of(person.id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** @param name of whoever works there, for people to read */
    public static RefAuthor session(UUID session, Optional<UUID> turn, Optional<UUID> person, String name) {
        return new RefAuthor(Kind.SESSION, name, person, Optional.empty(), Optional.of(session), turn);
    }

    RefAuthor withToken(UUID id) {
        return new RefAuthor(kind, name, person, Optional.of(id), session, turn);
    }
}
