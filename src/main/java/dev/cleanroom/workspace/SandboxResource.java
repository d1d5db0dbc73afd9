package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.sandbox.Sandboxes.EngineState;
import dev.cleanroom.session.Commands;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How a session's sandbox is, and what people do to it. A running turn is stopped first, and a checkpoint taken. Each answers
 * how it is then.
 */
@Path("/api/v1/sessions/{session}/sandbox")
@RunOnVirtualThread
class SandboxResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final SessionLog log;
    private final Commands commands;
    private final Sandboxes sandboxes;
    private final SessionWorkspaces workspaces;

    SandboxResource(
            CurrentCaller callers,
            SessionAccess access,
            SessionLog log,
            Commands commands,
            Sandboxes sandboxes,
            SessionWorkspaces workspaces) {
        this.callers = callers;
        this.access = access;
        this.log = log;
        this.commands = commands;
        this.sandboxes = sandboxes;
        this.workspaces = workspaces;
    }

    /** @param state absent, starting, ready, detached, stopped or failed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(String state, String engine, String problem) {}

    /** @param engine one of {@code GET /api/v1/sandbox-engines} */
    record Move(String engine) {}

    @GET
    public Status status(@PathParam("session") UUID id) {
        access.require(callers.caller(), id, SessionRole.WATCH);
        return status(sandboxes.status(id));
    }

    private static Status status(Sandboxes.Status status) {
        return new Status(
                status.state().name().toLowerCase(Locale.ROOT),
                status.engine(),
                status.problem().orElse(null));
    }

    /** Ends all its processes. Files stay, ignored ones, too; it starts again when it is next used. */
    @POST
    @Path("stop")
    public Status stop(@PathParam("session") UUID id) {
        return end(id, SessionRole.DRIVE, session -> workspaces.stop(id));
    }

    /** Stops and starts it: new processes, the same files. */
    @POST
    @Path("restart")
    public Status restart(@PathParam("session") UUID id) {
        end(id, SessionRole.DRIVE, session -> workspaces.stop(id));
        return started(id);
    }

    /** Makes it anew from its newest checkpoint: what git ignores is gone. */
    @POST
    @Path("rebuild")
    public Status rebuild(@PathParam("session") UUID id) {
        end(
                id,
                SessionRole.OWN,
                session -> workspaces.rebuild(session, sandboxes.status(id).engine()));
        return started(id);
    }

    /** Makes it anew on another engine, as {@link #rebuild}. */
    @POST
    @Path("move")
    public Status move(@PathParam("session") UUID id, Move wanted) {
        access.require(callers.caller(), id, SessionRole.OWN);
        var engine = engine(wanted);
        end(id, SessionRole.OWN, session -> workspaces.rebuild(session, engine.name()));
        return started(id);
    }

    private EngineState engine(Move wanted) {
        var engines = Refusals.told(sandboxes::engines);
        var engine = engines.stream()
                .filter(each -> wanted != null && each.name().equals(wanted.engine()))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "sandbox.engine",
                        "Name one of the engines that this server has in \"engine\": "
                                + engines.stream().map(EngineState::name).collect(Collectors.joining(", ")) + "."));
        engine.problem().ifPresent(problem -> {
            throw new ProblemException(Kind.UNAVAILABLE, "sandbox.unavailable", problem);
        });
        return engine;
    }

    private interface Ending {
        void of(Session session) throws InterruptedException;
    }

    private Status end(UUID id, SessionRole needed, Ending ending) {
        var caller = callers.caller();
        var session = access.require(caller, id, needed);
        return Refusals.told(() -> log.atRest(id, () -> commands.interrupt(caller, id), () -> {
            ending.of(session);
            return status(sandboxes.status(id));
        }));
    }

    private Status started(UUID id) {
        return Refusals.told(() -> {
            workspaces.open(id);
            return status(sandboxes.status(id));
        });
    }
}
