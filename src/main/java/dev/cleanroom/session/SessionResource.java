package dev.cleanroom.session;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.Refs;
import dev.cleanroom.model.Models;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Sessions: list, make, show, change. */
@Path("/api/v1")
@RunOnVirtualThread
class SessionResource {
    private static final int MAX_LIMIT = 200; // rows of a list in one answer

    private final CurrentCaller current;
    private final SessionStore sessions;
    private final SessionAccess access;
    private final Commands commands;
    private final ProjectStore projects;
    private final ProjectAccess projectAccess;
    private final Refs refs;
    private final Models models;

    SessionResource(
            CurrentCaller current,
            SessionStore sessions,
            SessionAccess access,
            Commands commands,
            ProjectStore projects,
            ProjectAccess projectAccess,
            Refs refs,
            Models models) {
        this.current = current;
        this.sessions = sessions;
        this.access = access;
        this.commands = commands;
        this.projects = projects;
        this.projectAccess = projectAccess;
        this.refs = refs;
        this.models = models;
    }

    record Listed<T>(List<T> items, String next) {}

    /** @param cost USD of the whole session, as far as prices are known; {@code role}: the asker's */
    record Shown(
            UUID id,
            UUID project,
            String title,
            Session.Status status,
            long sequence,
            String model,
            String mode,
            double cost,
            String branch,
            String baseCommit,
            String workspace,
            String role,
            Instant createdAt,
            Instant changedAt) {
        static Shown of(Session session, SessionRole role) {
            return new Shown(
                    session.id(),
                    session.project(),
                    session.title(),
                    session.status(),
                    session.sequence(),
                    session.model(),
                    session.mode(),
                    session.costUsd(),
                    session.branch(),
                    session.baseCommit(),
                    "/workspace",
                    role.name().toLowerCase(java.util.Locale.ROOT),
                    session.createdAt(),
                    session.changedAt());
        }
    }

    record NewSession(String title, String model, String mode, String base) {}

    record Created(UUID id, Session.Status status) {}

    record SessionChange(String title, String model, String mode) {}

    @GET
    @Path("/sessions")
    public Listed<Shown> all(
            @QueryParam("status") Session.Status status,
            @QueryParam("q") String text,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        var caller = current.person();
        var mine = projects.list(caller.id()).stream()
                .map(Project::id)
                .filter(id -> caller.projects().isEmpty() || caller.projects().contains(id))
                .toList();
        return page(mine, status, text, cursor, limit);
    }

    @GET
    @Path("/projects/{project}/sessions")
    public Listed<Shown> ofProject(
            UUID project,
            @QueryParam("status") Session.Status status,
            @QueryParam("q") String text,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        projectAccess.require(current.person(), project, Role.VIEWER);
        return page(List.of(project), status, text, cursor, limit);
    }

    private Listed<Shown> page(
            Collection<UUID> ofProjects, Session.Status status, String text, String cursor, int limit) {
        var caller = current.person();
        int offset = offset(cursor);
        int size = Math.clamp(limit, 1, MAX_LIMIT);
        var found = sessions.list(ofProjects, status, text, offset, size + 1);
        var shown = found.stream()
                .limit(size)
                .map(session ->
                        Shown.of(session, access.role(caller, session.id()).orElse(SessionRole.WATCH)))
                .toList();
        return new Listed<>(shown, found.size() > size ? "" + (offset + size) : null);
    }

    private static int offset(String cursor) {
        try {
            return cursor == null ? 0 : Math.max(0, Integer.parseInt(cursor));
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    Kind.INVALID, "session.cursor", "\"cursor\" takes what an earlier answer's \"next\" said.");
        }
    }

    @POST
    @Path("/projects/{project}/sessions")
    @ResponseStatus(201)
    public Created create(UUID project, NewSession asked) {
        var caller = current.person();
        var request = asked == null ? new NewSession(null, null, null, null) : asked;
        Project found = projectAccess.require(caller, project, Role.EDITOR);
        if (found.status() != Project.Status.READY) {
            throw new ProblemException(
                    Kind.CONFLICT, "project.not-ready", "The project is still being imported, or its import failed.");
        }
        String title =
                request.title() == null || request.title().isBlank() ? null : Commands.checkedTitle(request.title());
        String model = request.model() == null ? models.defaultModel() : Commands.checkedModel(request.model());
        String mode = request.mode() == null ? "default" : Commands.checkedMode(request.mode());
        String base = request.base() == null ? refs.defaultBranch(project) : request.base();
        String commit = refs.resolve(project, base)
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "session.base-unknown",
                        "There is no branch or commit \"" + base + "\" in this project."));
        UUID id = UUID.randomUUID();
        Session session = sessions.create(id, project, caller.id(), title, model, mode, commit);
        refs.create(project, session.branch(), commit);
        return new Created(id, session.status());
    }

    @GET
    @Path("/sessions/{session}")
    public Shown show(UUID session) {
        var caller = current.caller();
        Session found = access.require(caller, session, SessionRole.WATCH);
        return Shown.of(found, access.role(caller, session).orElse(SessionRole.WATCH));
    }

    @PATCH
    @Path("/sessions/{session}")
    public Shown change(UUID session, SessionChange change) {
        var caller = current.caller();
        access.require(caller, session, SessionRole.DRIVE);
        if (change == null) {
            throw new ProblemException(Kind.INVALID, "session.change", "Say what to change: title, model or mode.");
        }
        if (change.model() != null) {
            Commands.checkedModel(change.model());
        }
        if (change.mode() != null) {
            Commands.checkedMode(change.mode()); // all is judged before anything changes
        }
        if (change.title() != null) {
            commands.rename(caller, session, change.title());
        }
        if (change.model() != null) {
            commands.chooseModel(caller, session, change.model());
        }
        if (change.mode() != null) {
            commands.chooseMode(caller, session, change.mode());
        }
        return show(session);
    }
}
