package dev.cleanroom.git.reading;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;

/** The history of a project, of a folder or of a file. */
@Path("/api/v1/projects/{id}/repository/commits")
@RunOnVirtualThread
class CommitsResource {
    private final Reading reading;

    CommitsResource(Reading reading) {
        this.reading = reading;
    }

    @GET
    public CommitLog list(
            UUID id,
            @RestQuery String at,
            @RestQuery String path,
            @RestQuery String author,
            @RestQuery String cursor,
            @RestQuery @DefaultValue("50") int limit)
            throws IOException {
        try (var repository = reading.open(id)) {
            return CommitLog.read(repository, new CommitLog.Query(at, path, author, cursor, limit));
        }
    }
}
