package dev.cleanroom.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/api/v1/projects")
@RunOnVirtualThread
class ProjectResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 500;
    private static final Duration FILL_LIMIT = Duration.ofSeconds(5); // some small files on a busy machine

    /** @param source absent: empty */
    record NewProject(@NotNull String name, @Valid NewSource source) {}

    record NewSource(
            @NotNull String kind,
            @Size(max = 2_000) String url,
            @Size(max = 2_000) String token,
            String name) {}

    /** What is absent stays. @param defaultModel {@code provider/name}, and {@code defaultMode}; "": what the server chooses */
    record ProjectChange(String name, Boolean archived, String defaultModel, String defaultMode) {}

    /** @param name typed by hand by whoever deletes it */
    record ProgressView(
            String phase,
            long done,
            @JsonInclude(JsonInclude.Include.NON_NULL) Long total) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProjectView(
            UUID id,
            String name,
            String status,
            ProgressView progress,
            boolean archived,
            Problem problem,
            String defaultBranch,
            String defaultModel,
            String defaultMode,
            String role,
            Instant createdAt,
            Instant changedAt) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProjectPage(List<ProjectView> items, String next) {}

    private final CurrentCaller current;
    private final ProjectStore projects;
    private final ProjectAccess access;
    private final MemberStore members;
    private final Templates templates;
    private final AuditLog audit;
    private final Instance<SessionDefaults> defaults;
    private final Event<ProjectCreated> created;
    private final Event<AccessChanged> accessChanged;

    ProjectResource(
            CurrentCaller current,
            ProjectStore projects,
            ProjectAccess access,
            MemberStore members,
            Templates templates,
            AuditLog audit,
            @Any Instance<SessionDefaults> defaults,
            Event<ProjectCreated> created,
            Event<AccessChanged> accessChanged) {
        this.current = current;
        this.projects = projects;
        this.access = access;
        this.members = members;
        this.templates = templates;
        this.audit = audit;
        this.defaults = defaults;
        this.created = created;
        this.accessChanged = accessChanged;
    }

    @GET
    public ProjectPage list(@RestQuery UUID cursor, @RestQuery Integer limit) {
        var caller = current.person();
        int size = limit == null ? DEFAULT_PAGE : Math.clamp(limit, 1, MAX_PAGE);
        var all = projects.list(caller.id()).stream()
                .filter(project ->
                        caller.projects().isEmpty() || caller.projects().contains(project.id()))
                .toList();
        var rest = all.stream()
                .dropWhile(project -> cursor != null && !project.id().equals(cursor))
                .skip(cursor == null ? 0 : 1)
                .toList();
        var page =
                rest.stream().limit(size).map(project -> view(project, caller)).toList();
        return new ProjectPage(page, rest.size() > size ? page.getLast().id().toString() : null);
    }

    @POST
    @ResponseStatus(201)
    public ProjectView create(@NotNull @Valid NewProject request) {
        var caller = current.person();
        if (!caller.projects().isEmpty()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.token-projects", "This access token is for other projects only.");
        }
        var source = source(request.source());
        var project = projects.create(caller.id(), request.name());
        audit.record(caller.name(), caller.id(), "project.created", project.id().toString(), project.name());
        fill(project.id(), source);
        return view(projects.find(project.id()).orElse(project), caller);
    }

    /** What takes no time is there when this returns; an import from elsewhere has begun. */
    private void fill(UUID project, Source source) {
        try {
            created.fireAsync(new ProjectCreated(project, source))
                    .toCompletableFuture()
                    .get(FILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException later) {
            // the project's status says how it went
        }
    }

    @GET
    @Path("/{id}")
    public ProjectView get(UUID id) {
        var caller = current.person();
        return view(access.require(caller, id, Role.VIEWER), caller);
    }

    @PATCH
    @Path("/{id}")
    public ProjectView change(UUID id, @NotNull @Valid ProjectChange change) {
        var caller = current.person();
        var project = access.require(caller, id, Role.OWNER);
        check(change);
        if (change.name() != null) {
            project = projects.rename(id, change.name());
            audit.record(caller.name(), caller.id(), "project.renamed", id.toString(), project.name());
        }
        if (change.archived() != null) {
            project = projects.archive(id, change.archived());
            audit.record(caller.name(), caller.id(), "project.archived", id.toString(), "" + project.archived());
        }
        if (change.defaultModel() != null || change.defaultMode() != null) {
            project = projects.defaults(id, change.defaultModel(), change.defaultMode());
            audit.record(
                    caller.name(),
                    caller.id(),
                    "project.defaults-changed",
                    id.toString(),
                    project.defaultModel().orElse("any model") + ", "
                            + project.defaultMode().orElse("any mode"));
        }
        return view(project, caller);
    }

    /** All is judged before anything changes. */
    private void check(ProjectChange change) {
        for (var each : defaults) {
            if (change.defaultModel() != null && !change.defaultModel().isEmpty()) {
                each.checkModel(change.defaultModel());
            }
            if (change.defaultMode() != null && !change.defaultMode().isEmpty()) {
                each.checkMode(change.defaultMode());
            }
        }
    }

    /** @param name typed by the person: nobody deletes a project by a wrong click */
    @DELETE
    @Path("/{id}")
    public void delete(UUID id, @RestQuery String name) {
        var caller = current.fullPerson();
        var project = access.require(caller, id, Role.OWNER);
        if (!Objects.equals(project.name(), name)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.name-mismatch",
                    "To delete this project for good, send its name: ?name=" + project.name());
        }
        var concerned = members.list(id).keySet();
        projects.delete(id);
        audit.record(caller.name(), caller.id(), "project.deleted", id.toString(), project.name());
        concerned.forEach(person -> accessChanged.fire(new AccessChanged(person, Optional.empty())));
    }

    private ProjectView view(Project project, Caller caller) {
        return new ProjectView(
                project.id(),
                project.name(),
                word(project.status()),
                project.progress()
                        .map(it -> new ProgressView(
                                it.phase(), it.done(), it.total().orElse(null)))
                        .orElse(null),
                project.archived(),
                project.problem().orElse(null),
                project.defaultBranch().orElse(null),
                project.defaultModel().orElse(null),
                project.defaultMode().orElse(null),
                projects.roleOf(project.id(), caller.id())
                        .map(ProjectResource::word)
                        .orElse(null),
                project.createdAt(),
                project.changedAt());
    }

    private Source source(NewSource asked) {
        if (asked == null) {
            return new Source.Empty();
        }
        return switch (asked.kind()) {
            case "empty" -> new Source.Empty();
            case "git" ->
                new Source.Git(
                        gitUrl(asked.url()), Optional.ofNullable(asked.token()).filter(it -> !it.isBlank()));
            case "template" -> template(asked.name());
            default ->
                throw new ProblemException(
                        Kind.INVALID,
                        "project.source-unknown",
                        "A project's source is of kind \"empty\", \"git\" or \"template\".");
        };
    }

    private Source.Template template(String name) {
        var template = templates.require(name);
        var missing = templates.missing(template);
        if (!missing.isEmpty()) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "project.template-tools",
                    "%s needs %s, which sandboxes lack here. Ask an administrator to install it, or take another template."
                            .formatted(template.title(), String.join(" and ", missing)));
        }
        return new Source.Template(template.name());
    }

    private static String gitUrl(String url) {
        try {
            var uri = new URI(url == null ? "" : url.strip());
            var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getUserInfo() != null) {
                throw new ProblemException(
                        Kind.INVALID,
                        "project.source-url",
                        "Leave the password out of the URL, and send it as the token.");
            }
            if (uri.getHost() != null && Set.of("http", "https").contains(scheme)) {
                return uri.toString();
            }
        } catch (URISyntaxException unreadable) {
            // said below
        }
        throw new ProblemException(
                Kind.INVALID,
                "project.source-url",
                "Send the repository's http(s) address, such as https://github.com/owner/name.git.");
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
