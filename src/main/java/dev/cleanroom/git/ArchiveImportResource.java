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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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

/** Makes a project from an uploaded zip or tar.gz, or brings an existing one to the archive's state by a commit. */
@Path("/api/v1/projects/import")
@RunOnVirtualThread
class ArchiveImportResource {
    private static final long MAX_UPLOAD_BYTES = 1L << 30; // packed; unpacked at most twice that

    record Imported(UUID id, String name, String status, boolean archived) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final Repositories repositories;
    private final RefStore refs;
    private final Housekeeping housekeeping;
    private final AuditLog audit;

    ArchiveImportResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectStore projects,
            Repositories repositories,
            RefStore refs,
            Housekeeping housekeeping,
            AuditLog audit) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.repositories = repositories;
        this.refs = refs;
        this.housekeeping = housekeeping;
        this.audit = audit;
    }

    /** @param into a project that is there already and gets a commit; absent: a new one of this name */
    @POST
    @ResponseStatus(201)
    public Imported upload(@RestQuery String name, @RestQuery UUID into, InputStream body) throws IOException {
        var caller = current.person();
        var archive = Files.createTempFile("cleanroom-import", null);
        try {
            if (into != null) {
                var project = access.require(caller, into, Role.EDITOR);
                Files.copy(new LimitedInput(body, MAX_UPLOAD_BYTES), archive, StandardCopyOption.REPLACE_EXISTING);
                commit(project.id(), archive);
                return view(project);
            }
            mayCreate(caller);
            Files.copy(new LimitedInput(body, MAX_UPLOAD_BYTES), archive, StandardCopyOption.REPLACE_EXISTING);
            return view(create(caller, name, archive));
        } finally {
            Files.delete(archive);
        }
    }

    private static void mayCreate(Caller caller) {
        if (!caller.projects().isEmpty()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.token-projects", "This access token is for other projects only.");
        }
    }

    /** A bad archive leaves no project. */
    private Project create(Caller caller, String name, java.nio.file.Path archive) throws IOException {
        var project = projects.create(caller.id(), name == null ? "" : name);
        boolean done = false;
        try {
            repositories.create(project.id());
            commit(project.id(), archive);
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

    private void commit(UUID project, java.nio.file.Path archive) throws IOException {
        try (var repository = repositories.openStored(project);
                var inserter = repository.newObjectInserter();
                var walk = new RevWalk(repository)) {
            var tree = UploadedArchive.insert(archive, inserter);
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
