package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.UUID;

/** Lists a session's terminals and ends them; {@link TerminalSocket} opens them. */
@Path("/api/v1/sessions/{session}/terminals")
@RunOnVirtualThread
class TerminalResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final Terminals terminals;

    TerminalResource(CurrentCaller callers, SessionAccess access, Terminals terminals) {
        this.callers = callers;
        this.access = access;
        this.terminals = terminals;
    }

    /** @param typist name of who has the keyboard */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(String name, String typist, int viewers) {}

    record Items(List<Item> items) {}

    @GET
    public Items list(@PathParam("session") UUID session) {
        access.require(callers.caller(), session, SessionRole.WATCH);
        return new Items(terminals.list(session).entrySet().stream()
                .map(entry -> new Item(
                        entry.getKey(),
                        entry.getValue().typistName().orElse(null),
                        entry.getValue().viewers()))
                .toList());
    }

    @DELETE
    @Path("/{name}")
    public void end(@PathParam("session") UUID session, @PathParam("name") String name) {
        var caller = callers.person();
        access.require(caller, session, SessionRole.DRIVE);
        var terminal = terminals.list(session).get(name);
        if (terminal == null) {
            throw new ProblemException(Kind.NOT_FOUND, "terminal.not-found", "There is no terminal of this name.");
        }
        Refusals.told(() -> {
            terminal.kill();
            return null;
        });
    }
}
