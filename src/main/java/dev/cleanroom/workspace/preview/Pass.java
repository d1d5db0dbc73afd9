package dev.cleanroom.workspace.preview;

import dev.cleanroom.account.Caller;
import dev.cleanroom.workspace.preview.PreviewAddress.Target;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Whose browser looks at which preview. Sealed in that preview's own cookie, so it holds after a restart of the server.
 *
 * @param credential that the preview was asked for with: the pass ends with it
 * @param opener origin of the page that shows the preview and is told of its errors
 * @param until seconds since 1970
 */
record Pass(
        UUID session,
        int port,
        UUID person,
        UUID credential,
        Set<Caller.Scope> scopes,
        Set<UUID> projects,
        String opener,
        long until) {
    Target target() {
        return new Target(session, port);
    }

    /** As far as roles ask. */
    Caller caller() {
        return new Caller(Caller.Kind.PERSON, person, credential, "", false, Optional.empty(), scopes, projects);
    }
}
