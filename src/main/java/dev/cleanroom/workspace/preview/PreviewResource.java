package dev.cleanroom.workspace.preview;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.workspace.preview.PreviewAddress.Target;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import java.util.regex.Pattern;

/** Opens a preview of a port for one browser. */
@Path("/api/v1/sessions/{session}/previews")
@RunOnVirtualThread
class PreviewResource {
    private static final Pattern PATH =
            Pattern.compile("/(?![/\\\\])[!-~]{0,2000}"); // as a browser's address line has it

    private final CurrentCaller callers;
    private final SessionAccess access;
    private final PublicUrl url;
    private final PreviewAddress address;
    private final Passes passes;

    PreviewResource(CurrentCaller callers, SessionAccess access, PublicUrl url, PreviewAddress address, Passes passes) {
        this.callers = callers;
        this.access = access;
        this.url = url;
        this.address = address;
        this.passes = passes;
    }

    /** @param path with its query, percent-encoded; null: {@code /} */
    record Asked(int port, String path) {}

    /**
     * @param url for one use within 60 s, in a frame or a tab; each needs its own
     * @param origin of the page, and of the messages that it sends to who shows it
     */
    record Opened(String url, String origin) {}

    @POST
    public Opened open(@PathParam("session") UUID session, @HeaderParam("Origin") String opener, Asked asked) {
        var caller = callers.person();
        access.require(caller, session, SessionRole.WATCH);
        if (asked == null || !PreviewAddress.isPort(asked.port())) {
            throw new ProblemException(Kind.INVALID, "preview.port", "A port is a number between 1 and 65535.");
        }
        var path = asked.path() == null ? "/" : asked.path();
        if (!PATH.matcher(path).matches()) {
            throw new ProblemException(
                    Kind.INVALID,
                    "preview.path",
                    "A path begins with one slash, is percent-encoded and has at most 2000 characters.");
        }
        if (!address.isKnown()) {
            throw new ProblemException(
                    Kind.UNAVAILABLE,
                    "preview.no-address",
                    "Previews need an address of their own. Whoever runs this server sets CLEANROOM_PREVIEW_URL, such as"
                            + " https://{id}.preview.example.org, with DNS and a certificate for *.preview.example.org.");
        }
        var target = new Target(session, asked.port());
        var ticket = passes.ticket(caller, target, path, url.isOurOrigin(opener) ? opener : url.base());
        var origin = address.origin(target);
        return new Opened(origin + PreviewProxy.OPEN + "?ticket=" + ticket, origin);
    }
}
