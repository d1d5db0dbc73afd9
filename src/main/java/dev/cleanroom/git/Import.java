package dev.cleanroom.git;

import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectCreated;
import dev.cleanroom.project.ProjectDeleted;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Source;
import dev.cleanroom.project.Templates;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Fills a new project's repository. Refs come last and in one transaction, so that an import which was cut off at any point
 * leaves a repository without refs, and packs that are swept.
 */
@ApplicationScoped
class Import {
    private static final Logger LOG = Logger.getLogger(Import.class);

    private final Repositories repositories;
    private final RefStore refs;
    private final ProjectStore projects;
    private final Templates templates;
    private final RemoteImport remotes;
    private final RemoteStore kept;
    private final Housekeeping housekeeping;
    private final Map<UUID, ImportProgress> running = new ConcurrentHashMap<>();

    Import(
            Repositories repositories,
            RefStore refs,
            ProjectStore projects,
            Templates templates,
            RemoteImport remotes,
            RemoteStore kept,
            Housekeeping housekeeping) {
        this.repositories = repositories;
        this.refs = refs;
        this.projects = projects;
        this.templates = templates;
        this.remotes = remotes;
        this.kept = kept;
        this.housekeeping = housekeeping;
    }

    /** Nothing is imported before the server has started: what is still marked so was cut off. */
    void giveUpOnInterrupted(@Observes StartupEvent started) {
        for (var project : projects.importing()) {
            projects.failed(
                    project.id(),
                    new Problem(
                            "project.import-interrupted",
                            Kind.UNAVAILABLE.status(),
                            "The server was restarted during the import. Delete this project and import it again."));
        }
    }

    void begin(@ObservesAsync ProjectCreated created) {
        if (created.source() instanceof Source.Git) {
            Thread.ofVirtual()
                    .name("import-" + created.project())
                    .start(() -> run(created.project(), created.source()));
        } else {
            run(created.project(), created.source()); // whoever made it may wait for a few files
        }
    }

    void forget(@Observes ProjectDeleted deleted) {
        Optional.ofNullable(running.get(deleted.project())).ifPresent(ImportProgress::cancel);
        repositories.delete(deleted.project());
    }

    private void run(UUID project, Source source) {
        var progress = new ImportProgress((phase, done, total) -> projects.progress(project, phase, done, total));
        running.put(project, progress);
        try {
            repositories.create(project);
            switch (source) {
                case Source.Empty() -> {
                    // its first commit comes with a push or a session
                }
                case Source.Git git -> fetch(project, git, progress);
                case Source.Template(var name) -> begin(project, templates.content(templates.require(name)));
                case Source.Archive() -> {
                    return; // whoever took the bytes fills it
                }
            }
            done(project);
        } catch (ProblemException refused) {
            projects.failed(project, refused.toProblem());
        } catch (IOException | RuntimeException bug) {
            if (progress.isCancelled()) {
                return; // the project is gone, and so is what was fetched
            }
            LOG.errorf(bug, "The import of project %s failed", project);
            projects.failed(
                    project,
                    new Problem(
                            "project.import-failed",
                            Kind.UNAVAILABLE.status(),
                            "The import failed for a reason that the server's log has. Delete this project and try again."));
        } finally {
            running.remove(project);
        }
    }

    private void done(UUID project) throws IOException {
        refs.filled(project);
        projects.ready(project, repositories.defaultBranch(project));
    }

    private void fetch(UUID project, Source.Git source, ImportProgress progress) throws IOException {
        try (var repository = repositories.openStored(project)) {
            remotes.fetch(repository, source, progress);
            kept.add(
                    project,
                    RemoteStore.ORIGIN,
                    Remote.Address.of(source.url()).base().toString(),
                    Optional.empty(),
                    Optional.empty());
        }
        housekeeping.imported(project);
    }

    private void begin(UUID project, SortedMap<String, byte[]> files) throws IOException {
        try (var repository = repositories.openStored(project)) {
            FirstCommit.make(repository, files);
        }
    }
}
