package dev.cleanroom.git.reading;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.jboss.resteasy.reactive.RestQuery;

/** The tags of a project that stand for a commit, newest commit first. */
@Path("/api/v1/projects/{id}/repository/tags")
@RunOnVirtualThread
class TagsResource {
    private final Reading reading;

    TagsResource(Reading reading) {
        this.reading = reading;
    }

    /** @param q part of the name */
    @GET
    public Page<Branches.Branch> list(
            UUID id, @RestQuery String q, @RestQuery String cursor, @RestQuery @DefaultValue("50") int limit)
            throws IOException {
        try (var repository = reading.open(id);
                var branches = new Branches(repository)) {
            var page = Page.of(branches.tips(Constants.R_TAGS, q), cursor, limit, BranchesResource.MAX);
            return page.with(branches.described(page.items(), Map.of()));
        }
    }
}
