package dev.cleanroom.git;

import dev.cleanroom.account.Caller;
import dev.cleanroom.project.Role;

/** Who speaks git to this server, and by what right. */
public sealed interface Pusher {
    /** Who the refs' log will say it was. */
    RefAuthor author();

    /** A member with an access token. */
    record Person(RefAuthor author, Role role) implements Pusher {
        Person(Caller caller, Role role) {
            this(RefAuthor.of(caller).withToken(caller.credential()), role);
        }
    }

    /**
     * A session's sandbox: reads what members read, and writes its own branch.
     *
     * @param branch whole: {@code refs/heads/session/…}
     */
    record Sandbox(RefAuthor author, String branch) implements Pusher {}
}
