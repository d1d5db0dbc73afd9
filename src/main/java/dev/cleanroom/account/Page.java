package dev.cleanroom.account;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URISyntaxException;

/** Answers of pages without script. */
public final class Page {
    private Page() {}

    /** Never kept by the browser: forms hold names and addresses. */
    public static Response of(TemplateInstance page, int status) {
        return Response.status(status)
                .entity(page)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header("Cache-Control", "no-store")
                .build();
    }

    /** A place of ours, or the list of projects: where a form leads must not be chosen by another site. */
    public static String placeOrProjects(String next) {
        if (next != null && next.startsWith("/") && !next.startsWith("//") && next.indexOf('\\') < 0) {
            try {
                var uri = new URI(next);
                if (uri.getHost() == null && uri.getScheme() == null) {
                    return next;
                }
            } catch (URISyntaxException notAPlace) {
                // to the projects
            }
        }
        return "/projects";
    }

    /** Relative as it is: an absolute one would name the scheme that a proxy speaks to us. */
    public static Response.ResponseBuilder goTo(String place) {
        return Response.status(Response.Status.SEE_OTHER)
                .header("Location", place)
                .header("Cache-Control", "no-store");
    }
}
