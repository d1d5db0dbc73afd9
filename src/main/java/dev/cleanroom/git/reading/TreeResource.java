package dev.cleanroom.git.reading;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;

/** The files of a project at a revision, folder by folder. */
@Path("/api/v1/projects/{id}/repository/tree")
@RunOnVirtualThread
class TreeResource {
    private final Reading reading;

    TreeResource(Reading reading) {
        this.reading = reading;
    }

    /** @param at as in {@link Revisions#commit} @param path of a folder; absent: the whole tree */
    @GET
    public Folder list(
            UUID id,
            @RestQuery String at,
            @RestQuery String path,
            @RestQuery String cursor,
            @RestQuery @DefaultValue("1000") int limit)
            throws IOException {
        try (var repository = reading.open(id)) {
            return Folder.list(repository, at, path, cursor, limit);
        }
    }
}
