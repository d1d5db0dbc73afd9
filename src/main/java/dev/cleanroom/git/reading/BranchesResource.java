package dev.cleanroom.git.reading;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.jboss.resteasy.reactive.RestQuery;

/** The branches of a project, the default one first, then by their newest commit. */
@Path("/api/v1/projects/{id}/repository/branches")
@RunOnVirtualThread
class BranchesResource {
    static final int MAX = 100; // of one answer: each is counted against the default branch

    private final Reading reading;
    private final BranchSessions sessions;

    BranchesResource(Reading reading, BranchSessions sessions) {
        this.reading = reading;
        this.sessions = sessions;
    }

    /** @param q part of the name */
    @GET
    public Page<Branches.Branch> list(
            UUID id, @RestQuery String q, @RestQuery String cursor, @RestQuery @DefaultValue("50") int limit)
            throws IOException {
        try (var repository = reading.open(id);
                var branches = new Branches(repository)) {
            var page = Page.of(branches.tips(Constants.R_HEADS, q), cursor, limit, MAX);
            var refs = page.items().stream().map(Branches.Tip::ref).toList();
            return page.with(branches.described(page.items(), sessions.of(id, refs)));
        }
    }
}
