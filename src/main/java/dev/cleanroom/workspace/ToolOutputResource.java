package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** "Show all": a call's output as far as it was kept, also while it still runs. */
@Path("/api/v1/sessions/{session}/calls/{call}/output")
@RunOnVirtualThread
class ToolOutputResource {
    private final CurrentCaller callers;
    private final SessionAccess access;
    private final ToolOutput output;

    ToolOutputResource(CurrentCaller callers, SessionAccess access, ToolOutput output) {
        this.callers = callers;
        this.access = access;
        this.output = output;
    }

    /** @param from first byte wanted, from 0 */
    @GET
    public Response read(
            @PathParam("session") UUID session,
            @PathParam("call") UUID call,
            @QueryParam("from") @DefaultValue("0") long from) {
        access.require(callers.caller(), session, SessionRole.WATCH);
        StreamingOutput bytes = target -> {
            long next = Math.max(0, from);
            var slice = output.read(session, call, next);
            while (slice.bytes().length > 0) {
                if (slice.from() > next) {
                    target.write("\n[… %,d bytes were left out …]\n"
                            .formatted(slice.from() - next)
                            .getBytes(StandardCharsets.UTF_8));
                }
                target.write(slice.bytes());
                next = slice.next();
                slice = output.read(session, call, next);
            }
        };
        return Untrusted.attachment(Response.ok(bytes), "output.txt").build();
    }
}
