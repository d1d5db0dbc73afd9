package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.FirstCommit;
import dev.cleanroom.git.RefAuthor;
import dev.cleanroom.git.Refs;
import dev.cleanroom.model.Models;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/**
 * The sessions of one project. A class of its own, since Quarkus REST looks for a method only in the classes with the
 * longest matching paths, and below a project other classes have such.
 */
@Path("/api/v1/projects/{project}/sessions")
@RunOnVirtualThread
class ProjectSessionResource {
    private final CurrentCaller current;
    private final ProjectAccess projects;
    private final SessionPages pages;
    private final SessionStore sessions;
    private final Refs refs;
    private final FirstCommit firstCommit;
    private final Models models;

    ProjectSessionResource(
            CurrentCaller current,
            ProjectAccess projects,
            SessionPages pages,
            SessionStore sessions,
            Refs refs,
            FirstCommit firstCommit,
            Models models) {
        this.current = current;
        this.projects = projects;
        this.pages = pages;
        this.sessions = sessions;
        this.refs = refs;
        this.firstCommit = firstCommit;
        this.models = models;
    }

    /** @param base branch or commit; null: the default branch */
    record NewSession(String title, String model, String mode, String base) {}

    record Created(UUID id, Session.Status status) {}

    @GET
    public SessionView.Page list(
            UUID project,
            @QueryParam("status") Session.Status status,
            @QueryParam("q") String text,
            @QueryParam("archived") boolean archived,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        var caller = current.person();
        projects.require(caller, project, Role.VIEWER);
        return pages.page(caller, List.of(project), status, text, archived, cursor, limit);
    }

    @POST
    @ResponseStatus(201)
    public Created create(UUID project, NewSession asked) {
        var caller = current.person();
        var request = asked == null ? new NewSession(null, null, null, null) : asked;
        Project found = projects.require(caller, project, Role.EDITOR);
        if (found.status() != Project.Status.READY) {
            throw new ProblemException(
                    Kind.CONFLICT, "project.not-ready", "The project is still being imported, or its import failed.");
        }
        String title = request.title() == null || request.title().isBlank() ? null : LogText.title(request.title());
        String model = request.model() == null
                ? found.defaultModel().orElseGet(models::defaultModel)
                : LogText.model(request.model());
        String mode = request.mode() == null ? found.defaultMode().orElse("default") : LogText.mode(request.mode());
        String defaultBranch = refs.defaultBranch(project);
        String base = request.base() == null ? defaultBranch : request.base();
        String commit = refs.resolve(project, base)
                .or(() -> base.equals(defaultBranch)
                        ? Optional.of(firstCommit.make(project, RefAuthor.of(caller)))
                        : Optional.empty())
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "session.base-unknown",
                        "There is no branch or commit \"" + base + "\" in this project."));
        UUID id = UUID.randomUUID();
        Session session = sessions.create(id, project, caller.id(), title, model, mode, commit);
        return new Created(id, session.status());
    }
}
