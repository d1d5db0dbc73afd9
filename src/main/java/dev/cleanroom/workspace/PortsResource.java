package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionBroadcast.Port;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.UUID;

/** The TCP ports that something in a session's sandbox listens on; the session's socket tells of changes. */
@Path("/api/v1/sessions/{session}/ports")
@RunOnVirtualThread
class PortsResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final Workspaces workspaces;

    PortsResource(CurrentCaller callers, SessionAccess access, Workspaces workspaces) {
        this.callers = callers;
        this.access = access;
        this.workspaces = workspaces;
    }

    /** In order of their numbers; empty while no sandbox runs. */
    record Listening(List<Port> ports) {}

    @GET
    public Listening list(@PathParam("session") UUID id) {
        access.require(callers.caller(), id, SessionRole.WATCH);
        return new Listening(workspaces
                .running(id)
                .map(workspace -> told(workspace.sandbox().ports()))
                .orElse(List.of()));
    }

    static List<Port> told(List<Sandbox.Port> ports) {
        return ports.stream()
                .map(port -> new Port(port.number(), port.program().isEmpty() ? null : port.program()))
                .toList();
    }
}
