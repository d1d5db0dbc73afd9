package dev.cleanroom.git;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.UUID;

/** The files of a project's default branch as one zip. */
@Path("/api/v1/projects/{id}/archive.zip")
@RunOnVirtualThread
class ArchiveResource {
    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Refs refs;
    private final Archives archives;

    ArchiveResource(CurrentCaller current, ProjectAccess access, Refs refs, Archives archives) {
        this.current = current;
        this.access = access;
        this.refs = refs;
        this.archives = archives;
    }

    @GET
    public Response zip(UUID id) {
        access.require(current.person(), id, Role.VIEWER);
        String commit = refs.resolve(id, "HEAD")
                .orElseThrow(() -> new ProblemException(
                        Kind.CONFLICT,
                        "git.no-content",
                        "The project has no content yet. Wait for its import to end."));
        StreamingOutput zip = out -> archives.zip(id, commit, out);
        return Response.ok(zip, "application/octet-stream")
                .header("Content-Disposition", "attachment; filename=\"" + commit.substring(0, 10) + ".zip\"")
                .header("Content-Security-Policy", "sandbox")
                .build();
    }
}
