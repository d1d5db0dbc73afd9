package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Locale;
import java.util.UUID;

/** How a session's sandbox is. */
@Path("/api/v1/sessions/{session}/sandbox")
@RunOnVirtualThread
class SandboxResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final Sandboxes sandboxes;

    SandboxResource(CurrentCaller callers, SessionAccess access, Sandboxes sandboxes) {
        this.callers = callers;
        this.access = access;
        this.sandboxes = sandboxes;
    }

    /** @param state absent, starting, ready, detached, stopped or failed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(String state, String engine, String problem) {}

    @GET
    public Status status(@PathParam("session") UUID id) {
        access.require(callers.caller(), id, SessionRole.WATCH);
        var status = sandboxes.status(id);
        return new Status(
                status.state().name().toLowerCase(Locale.ROOT),
                status.engine(),
                status.problem().orElse(null));
    }
}
