package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** All sessions that somebody may see. */
@Path("/api/v1/sessions")
@RunOnVirtualThread
class SessionListResource {
    private final CurrentCaller current;
    private final ProjectStore projects;
    private final SessionPages pages;

    SessionListResource(CurrentCaller current, ProjectStore projects, SessionPages pages) {
        this.current = current;
        this.projects = projects;
        this.pages = pages;
    }

    @GET
    public SessionView.Page list(
            @QueryParam("status") Session.Status status,
            @QueryParam("q") String text,
            @QueryParam("archived") boolean archived,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        var caller = current.person();
        var mine = projects.list(caller.id()).stream()
                .map(Project::id)
                .filter(id -> caller.projects().isEmpty() || caller.projects().contains(id))
                .toList();
        return pages.page(caller, mine, status, text, archived, cursor, limit);
    }
}
