package dev.cleanroom.git;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestQuery;

/** Makes a project from an uploaded zip or tar.gz of files, or of another {@link ProjectArchive format}, or brings an existing one to the archive's state by a commit. */
@Path("/api/v1/projects/import")
@RunOnVirtualThread
class ArchiveImportResource {
    record Imported(UUID id, String name, String status, boolean archived) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final Repositories repositories;
    private final RefStore refs;
    private final Housekeeping housekeeping;
    private final AuditLog audit;
    private final Instance<ProjectArchive> formats;

    ArchiveImportResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectStore projects,
            Repositories repositories,
            RefStore refs,
            Housekeeping housekeeping,
            AuditLog audit,
            @Any Instance<ProjectArchive> formats) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.repositories = repositories;
        this.refs = refs;
        this.housekeeping = housekeeping;
        this.audit = audit;
        this.formats = formats;
    }

    /**
     * @param name of the new project; absent: the one that an export has, or else what is {@code proposed}, either made unique
     * @param proposed such as the archive's file name
     * @param into a project that is there already and gets a commit; absent: a new one of this name
     * @param keepFolder whether the one folder that everything in the archive is in stays; a project that is there keeps it
     */
    @POST
    @ResponseStatus(201)
    public Imported upload(
            @RestQuery String name,
            @RestQuery String proposed,
            @RestQuery UUID into,
            @RestQuery boolean keepFolder,
            @HeaderParam("Content-Length") Long length,
            @Context RoutingContext http,
            InputStream body)
            throws IOException {
        var caller = current.person();
        if (length != null && length > UploadedArchive.MAX_PACKED_BYTES) {
            endWithTheAnswer(http);
            throw UploadedArchive.tooLarge();
        }
        var archive = Files.createTempFile("cleanroom-import", null);
        try {
            if (into != null) {
                var project = access.require(caller, into, Role.EDITOR);
                Files.copy(
                        new LimitedInput(body, UploadedArchive.MAX_PACKED_BYTES),
                        archive,
                        StandardCopyOption.REPLACE_EXISTING);
                commit(project.id(), archive, false);
                return view(project);
            }
            mayCreate(caller);
            Files.copy(
                    new LimitedInput(body, UploadedArchive.MAX_PACKED_BYTES),
                    archive,
                    StandardCopyOption.REPLACE_EXISTING);
            var chosen = Optional.ofNullable(name).filter(text -> !text.isBlank());
            for (var format : formats) {
                if (format.recognises(archive)) {
                    return view(format.bringIn(caller, chosen, archive));
                }
            }
            return view(create(caller, chosen, proposed, archive, !keepFolder));
        } finally {
            Files.delete(archive);
        }
    }

    /** Nobody waits for what is left of such a body. */
    private static void endWithTheAnswer(RoutingContext http) {
        http.response().putHeader("Connection", "close");
        http.addEndHandler(sent -> http.request().connection().close());
        http.request().handler(discarded -> {}).resume();
    }

    private static void mayCreate(Caller caller) {
        if (!caller.projects().isEmpty()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.token-projects", "This access token is for other projects only.");
        }
    }

    /** A bad archive leaves no project. */
    private Project create(
            Caller caller, Optional<String> name, String proposed, java.nio.file.Path archive, boolean strip)
            throws IOException {
        var project = name.map(chosen -> projects.create(caller.id(), chosen))
                .orElseGet(() -> projects.createProposed(caller.id(), proposed));
        boolean done = false;
        try {
            repositories.create(project.id());
            commit(project.id(), archive, strip);
            refs.filled(project.id());
            projects.ready(project.id(), repositories.defaultBranch(project.id()));
            done = true;
        } finally {
            if (!done) {
                projects.delete(project.id());
            }
        }
        audit.record(caller.name(), caller.id(), "project.created", project.id().toString(), project.name());
        return projects.find(project.id()).orElseThrow();
    }

    private void commit(UUID project, java.nio.file.Path archive, boolean strip) throws IOException {
        try (var repository = repositories.openStored(project);
                var inserter = repository.newObjectInserter();
                var walk = new RevWalk(repository)) {
            var tree = UploadedArchive.insert(archive, strip, inserter);
            var head = Optional.ofNullable(repository.resolve("HEAD"));
            if (head.isPresent() && walk.parseCommit(head.get()).getTree().equals(tree)) {
                return;
            }
            var commit = Commits.insert(inserter, tree, head.map(List::of).orElse(List.of()), "Import an archive");
            inserter.flush();
            if (!Refs.move(repository, repository.getFullBranch(), head, Optional.of(commit))) {
                throw new ProblemException(
                        Kind.CONFLICT, "git.branch-moved", "Somebody else changed the branch meanwhile. Try again.");
            }
        }
        housekeeping.grown(project);
    }

    private static Imported view(Project project) {
        return new Imported(
                project.id(), project.name(), project.status().name().toLowerCase(Locale.ROOT), project.archived());
    }
}
