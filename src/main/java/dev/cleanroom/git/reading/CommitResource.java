package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cleanroom.git.ReadableDiff;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.revwalk.RevWalk;

/** One commit with what it changed against its first parent. */
@Path("/api/v1/projects/{id}/repository/commits/{commit}")
@RunOnVirtualThread
class CommitResource {
    private final Reading reading;

    CommitResource(Reading reading) {
        this.reading = reading;
    }

    /** @param limited files or patches were left out, as {@link ReadableDiff} says */
    record Commit(@JsonUnwrapped CommitView commit, List<ReadableDiff.File> files, boolean limited) {}

    /** @param commit an id or the beginning of it, a branch or a tag with its slashes as {@code %2F} */
    @GET
    public Commit read(UUID id, String commit) throws IOException {
        try (var repository = reading.open(id);
                var walk = new RevWalk(repository)) {
            var found = Revisions.commit(repository, walk, commit);
            var before = found.getParentCount() == 0
                    ? null
                    : walk.parseCommit(found.getParent(0)).getTree();
            var diff = ReadableDiff.between(repository, before, found.getTree());
            return new Commit(CommitView.of(found), diff.files(), diff.limited());
        }
    }
}
