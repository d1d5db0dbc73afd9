package dev.cleanroom.git;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Which branch a clone checks out and new sessions begin at. */
@Path("/api/v1/projects/{project}/repository/default-branch")
@RunOnVirtualThread
class DefaultBranchResource {
    private static final int MAX_NAME = 1_000; // characters; longer than any file system's path of a ref

    record Choice(@NotNull @Size(max = MAX_NAME) String branch) {}

    /** @param branches that it could be, by name; sessions' are not among them */
    record Branches(String branch, List<String> branches) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Repositories repositories;
    private final DefaultBranch defaultBranch;
    private final AuditLog audit;

    DefaultBranchResource(
            CurrentCaller current,
            ProjectAccess access,
            Repositories repositories,
            DefaultBranch defaultBranch,
            AuditLog audit) {
        this.current = current;
        this.access = access;
        this.repositories = repositories;
        this.defaultBranch = defaultBranch;
        this.audit = audit;
    }

    @GET
    public Branches get(UUID project) throws IOException {
        access.require(current.person(), project, Role.VIEWER);
        try (var repository = repositories.openStored(project)) {
            return branches(repository);
        }
    }

    @PUT
    public Branches set(UUID project, @NotNull @Valid Choice request) throws IOException {
        var caller = current.fullPerson();
        access.require(caller, project, Role.OWNER);
        try (var repository = repositories.openStored(project)) {
            if (!branches(repository).branches().contains(request.branch())) {
                throw new ProblemException(
                        Kind.NOT_FOUND,
                        "git.no-branch",
                        "This project has no branch " + request.branch() + ". Push it first.");
            }
            defaultBranch.set(repository, Constants.R_HEADS + request.branch());
            audit.record(
                    caller.name(), caller.id(), "git.default-branch-changed", project.toString(), request.branch());
            return branches(repository);
        }
    }

    private static Branches branches(StoredRepository repository) throws IOException {
        return new Branches(
                Repository.shortenRefName(repository.getFullBranch()),
                DefaultBranch.branches(repository).stream()
                        .map(ref -> Repository.shortenRefName(ref.getName()))
                        .toList());
    }
}
