package dev.cleanroom.git;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;

/** Checks a project's repository now, for owners; a large one takes a minute. */
@Path("/api/v1/projects/{project}/repository/check")
@RunOnVirtualThread
class RepositoryCheckResource {
    private final CurrentCaller current;
    private final ProjectAccess access;
    private final RepositoryCheck check;

    RepositoryCheckResource(CurrentCaller current, ProjectAccess access, RepositoryCheck check) {
        this.current = current;
        this.access = access;
        this.check = check;
    }

    @POST
    public RepositoryCheck.Report check(UUID project) {
        access.require(current.person(), project, Role.OWNER);
        return check.check(project);
    }
}
