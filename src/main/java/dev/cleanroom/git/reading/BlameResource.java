package dev.cleanroom.git.reading;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;

/** Who wrote the lines of a file. */
@Path("/api/v1/projects/{id}/repository/blame")
@RunOnVirtualThread
class BlameResource {
    private final Reading reading;

    BlameResource(Reading reading) {
        this.reading = reading;
    }

    @GET
    public Blame read(UUID id, @RestQuery String at, @RestQuery String path) throws IOException {
        try (var repository = reading.open(id)) {
            return Blame.of(repository, at, path);
        }
    }
}
