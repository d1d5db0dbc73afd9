package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A session's guests: who is in, and what members who drive let them do. */
@Path("/api/v1/sessions/{session}/guests")
@RunOnVirtualThread
class GuestResource {
    private final CurrentCaller current;
    private final SessionAccess access;
    private final Guests guests;

    GuestResource(CurrentCaller current, SessionAccess access, Guests guests) {
        this.current = current;
        this.access = access;
        this.guests = guests;
    }

    record Shown(UUID id, String name, String role, boolean waiting) {}

    record Grant(String role) {}

    record Items(List<Shown> items) {}

    @GET
    public Items list(UUID session) {
        access.require(current.caller(), session, SessionRole.WATCH);
        return new Items(guests.of(session).stream()
                .map(guest -> new Shown(
                        guest.id(),
                        guest.name(),
                        guest.granted().orElseThrow().name().toLowerCase(Locale.ROOT),
                        guest.isWaiting()))
                .toList());
    }

    @POST
    @Path("/{guest}")
    public void grant(UUID session, UUID guest, Grant grant) {
        var member = current.person();
        access.require(member, session, SessionRole.DRIVE);
        SessionRole role = switch (grant == null || grant.role() == null ? "" : grant.role()) {
            case "watch" -> SessionRole.WATCH;
            case "drive" -> SessionRole.DRIVE;
            default ->
                throw new ProblemException(
                        Kind.INVALID, "session.guest-role", "A guest's role is \"watch\" or \"drive\".");
        };
        guests.grant(session, guest, role, Commands.actor(member));
    }

    @DELETE
    @Path("/{guest}")
    public void end(UUID session, UUID guest) {
        access.require(current.person(), session, SessionRole.DRIVE);
        guests.end(session, guest);
    }
}
