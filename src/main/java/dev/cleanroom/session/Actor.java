package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import java.util.UUID;

/** Who did it. @param id of the person or guest; null for agent and system */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Actor(Kind kind, UUID id, String name) {
    public static final Actor AGENT = new Actor(Kind.agent, null, null);
    public static final Actor SYSTEM = new Actor(Kind.system, null, null);

    /** The person or guest who asks. */
    public static Actor of(Caller caller) {
        return new Actor(caller.isPerson() ? Kind.person : Kind.guest, caller.id(), caller.name());
    }

    public enum Kind {
        person,
        guest,
        agent,
        system
    }
}
