package dev.cleanroom.git;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Repositories somewhere else that a project fetches from and pushes to. What their hosts refuse is told as they say it. */
@Path("/api/v1/projects/{project}/remotes")
@RunOnVirtualThread
class RemoteResource {
    /** @param url without user and password; {@code token}: asked for by {@code user}; kept sealed and never told again */
    record Wanted(String name, String url, String user, String token) {}

    /** @param total missing where it is not known yet */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Progress(String phase, long done, Long total) {}

    /**
     * @param branches of it that are here, as {@code name/branch}
     * @param fetching while a fetch runs
     * @param problem why the last fetch failed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String name,
            String url,
            String host,
            String user,
            boolean hasToken,
            int branches,
            Instant fetchedAt,
            Progress fetching,
            Problem problem) {}

    record Views(List<View> items) {}

    /** @param branch of the project; {@code to}: its name there, absent: the same */
    record Push(String branch, String to) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Pushed(String remote, String branch, String pullRequestUrl) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Remotes remotes;
    private final Refs refs;
    private final AuditLog audit;

    RemoteResource(CurrentCaller current, ProjectAccess access, Remotes remotes, Refs refs, AuditLog audit) {
        this.current = current;
        this.access = access;
        this.remotes = remotes;
        this.refs = refs;
        this.audit = audit;
    }

    @GET
    public Views list(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        return new Views(
                remotes.list(project).stream().map(row -> view(project, row)).toList());
    }

    /** Asks the host first: one that it refuses is not kept. */
    @POST
    @ResponseStatus(201)
    public View add(UUID project, Wanted wanted) {
        var caller = editor(project);
        if (wanted == null || wanted.name() == null || wanted.url() == null) {
            throw new ProblemException(
                    Kind.INVALID, "git.remote", "Send a \"name\" and a \"url\", and a \"token\" where one is needed.");
        }
        var made =
                remotes.add(project, wanted.name().strip(), wanted.url(), given(wanted.user()), given(wanted.token()));
        audited(caller, project, "git.remote-added", made);
        return view(project, made);
    }

    /** What is absent stays; an empty user or token is taken away, and the token also with a new host. */
    @PATCH
    @Path("/{name}")
    public View change(UUID project, String name, Wanted wanted) {
        var caller = editor(project);
        if (wanted == null || wanted.name() != null) {
            throw new ProblemException(
                    Kind.INVALID, "git.remote", "Send a \"url\", \"user\" or \"token\". A name is for good.");
        }
        var changed = remotes.change(
                project,
                name,
                Optional.ofNullable(wanted.url()),
                Optional.ofNullable(wanted.user()),
                Optional.ofNullable(wanted.token()));
        audited(caller, project, "git.remote-changed", changed);
        return view(project, changed);
    }

    /** Its branches here go with it. */
    @DELETE
    @Path("/{name}")
    public void remove(UUID project, String name) {
        var caller = editor(project);
        audited(caller, project, "git.remote-removed", remotes.remove(project, name, RefAuthor.of(caller)));
    }

    /** Begins; {@code fetching} and then {@code fetchedAt} or {@code problem} of the list say how it goes. */
    @POST
    @Path("/{name}/fetch")
    @ResponseStatus(202)
    public void fetch(UUID project, String name) {
        remotes.fetch(project, name, RefAuthor.of(editor(project)));
    }

    /** Makes or moves a branch there, forwards only. */
    @POST
    @Path("/{name}/push")
    public Pushed push(UUID project, String name, Push push) {
        var caller = editor(project);
        if (push == null || push.branch() == null) {
            throw new ProblemException(Kind.INVALID, "git.branch", "Say which \"branch\" is pushed.");
        }
        var commit = refs.resolve(project, Refs.HEADS + push.branch())
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND, "git.no-branch", "This project has no branch " + push.branch() + "."));
        var to = push.to() == null || push.to().isBlank()
                ? push.branch()
                : push.to().strip();
        var pushed = remotes.push(project, name, commit, to, Optional.empty());
        audit.record(caller.name(), caller.id(), "git.pushed", project.toString(), to + " to " + pushed.remote());
        return new Pushed(
                pushed.remote().toString(), to, pushed.pullRequestUrl().orElse(null));
    }

    private Caller editor(UUID project) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        return caller;
    }

    private void audited(Caller caller, UUID project, String what, RemoteStore.Row row) {
        audit.record(caller.name(), caller.id(), what, project.toString(), row.name() + " " + row.url());
    }

    private View view(UUID project, RemoteStore.Row row) {
        return new View(
                row.name(),
                row.url(),
                URI.create(row.url()).getHost(),
                row.user().orElse(null),
                row.sealedToken().isPresent(),
                refs.list(project, Remotes.prefix(row.name())).size(),
                row.fetchedAt().orElse(null),
                remotes.fetching(project, row.name())
                        .map(at -> new Progress(at.phase(), at.done(), at.total()))
                        .orElse(null),
                row.problem().orElse(null));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).map(String::strip).filter(word -> !word.isEmpty());
    }
}
