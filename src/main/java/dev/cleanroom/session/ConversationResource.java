package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;

/** Search over all conversations of a project. */
@Path("/api/v1/projects/{project}/conversations")
@RunOnVirtualThread
class ConversationResource {
    private final CurrentCaller current;
    private final ProjectAccess projects;
    private final ConversationSearch search;

    ConversationResource(CurrentCaller current, ProjectAccess projects, ConversationSearch search) {
        this.current = current;
        this.projects = projects;
        this.search = search;
    }

    record Items(List<ConversationSearch.Found> items) {}

    /** @param query words; an event has them all, or words that begin so. None: nothing is found */
    @GET
    public Items find(UUID project, @QueryParam("q") @DefaultValue("") String query) {
        projects.require(current.person(), project, Role.VIEWER);
        return new Items(search.find(project, query));
    }
}
