package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The commit that a repository begins with. An empty project has none until a session needs something to stand on, so that
 * the first push can bring a history of its own.
 */
@ApplicationScoped
public class FirstCommit {
    private final Repositories repositories;
    private final ProjectStore projects;

    FirstCommit(Repositories repositories, ProjectStore projects) {
        this.repositories = repositories;
        this.projects = projects;
    }

    /** A README on the default branch, unless it has a commit. @return the one that it is at */
    public String make(UUID project, RefAuthor author) {
        String name = projects.find(project).map(Project::name).orElse("Project");
        var readme = Map.of("README.md", ("# " + name + "\n").getBytes(StandardCharsets.UTF_8));
        try (var repository = repositories.openStored(project, author)) {
            make(repository, new TreeMap<>(readme)); // where somebody else was first, theirs stands
            return Optional.ofNullable(repository.resolve(Constants.HEAD))
                    .map(ObjectId::name)
                    .orElseThrow(() -> new ProblemException(
                            Kind.CONFLICT,
                            "git.branch-moved",
                            "Somebody else changed the branch meanwhile. Try again."));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** One commit of these files, by path. */
    static void make(StoredRepository repository, SortedMap<String, byte[]> files) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var index = DirCache.newInCore();
            var builder = index.builder();
            for (var file : files.entrySet()) {
                var entry = new DirCacheEntry(file.getKey());
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, file.getValue()));
                builder.add(entry);
            }
            builder.finish();
            ObjectId id = Commits.insert(inserter, index.writeTree(inserter), List.of(), "Begin");
            inserter.flush();
            Refs.move(repository, repository.getFullBranch(), Optional.empty(), Optional.of(id));
        }
    }
}
