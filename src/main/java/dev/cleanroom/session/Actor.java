package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Who did it.
 *
 * @param id of the person or guest; null for agent and system
 * @param name of the person or guest; of the system: of the people whose work it tells, if it knows them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Actor(Kind kind, UUID id, String name) {
    private static final int MAX_NAMES = 200; // UTF-16 units; who comes first in the alphabet, and that there are more

    public static final Actor AGENT = new Actor(Kind.agent, null, null);
    public static final Actor SYSTEM = new Actor(Kind.system, null, null);

    /** The person or guest who asks. */
    public static Actor of(Caller caller) {
        return new Actor(caller.isPerson() ? Kind.person : Kind.guest, caller.id(), caller.name());
    }

    /** Several people of whom nobody can tell who did what; the system if there is none. */
    public static Actor together(Collection<Actor> people) {
        return people.isEmpty()
                ? SYSTEM
                : new Actor(
                        Kind.system,
                        null,
                        Storable.text(
                                people.stream().map(Actor::name).sorted().collect(Collectors.joining(", ")),
                                MAX_NAMES));
    }

    public enum Kind {
        person,
        guest,
        agent,
        system
    }
}
