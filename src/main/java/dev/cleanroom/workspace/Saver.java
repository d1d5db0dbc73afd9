package dev.cleanroom.workspace;

import dev.cleanroom.account.Caller;
import dev.cleanroom.session.Actor;

/** Who changes files through us, as the log and the checkpoint name him. */
final class Saver {
    private Saver() {}

    static Actor of(Caller caller) {
        return new Actor(caller.isPerson() ? Actor.Kind.person : Actor.Kind.guest, caller.id(), caller.name());
    }
}
