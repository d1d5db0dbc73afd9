package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/** Reads files of a commit, without any sandbox. */
@ApplicationScoped
public class Trees {
    private static final int MAX_BYTES = 16 << 20; // of one file in memory; more is for an archive or a clone

    /** One file of a tree. A directory is not listed, only what is in it. */
    public record Entry(String path, Kind kind, String blob) {
        public enum Kind {
            FILE,
            EXECUTABLE,
            SYMLINK,
            SUBMODULE
        }
    }

    private final Repositories repositories;

    Trees(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * A file's bytes; a symbolic link's target.
     *
     * @return empty if there is no such file
     * @throws ProblemException {@code git.no-commit}, or {@code git.file-too-large} above 16 MiB
     */
    public Optional<byte[]> read(UUID project, String commit, String path) {
        try (var repository = repositories.open(project);
                var revisions = new RevWalk(repository)) {
            var tree = revisions.parseCommit(Refs.id(commit)).getTree();
            try (var walk = TreeWalk.forPath(revisions.getObjectReader(), path, tree)) {
                if (walk == null || walk.isSubtree() || walk.getFileMode() == FileMode.GITLINK) {
                    return Optional.empty();
                }
                var blob = revisions.getObjectReader().open(walk.getObjectId(0));
                if (blob.getSize() > MAX_BYTES) {
                    throw new ProblemException(
                            ProblemException.Kind.TOO_LARGE,
                            "git.file-too-large",
                            path + " is larger than " + (MAX_BYTES >> 20) + " MiB. Clone the repository to read it.");
                }
                return Optional.of(blob.getCachedBytes(MAX_BYTES));
            }
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * All files below a directory ({@code ""}: of the whole tree), in git's order.
     *
     * @throws ProblemException {@code git.no-commit}
     */
    public List<Entry> list(UUID project, String commit, String directory) {
        try (var repository = repositories.open(project)) {
            return list(repository, commit, directory);
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static List<Entry> list(Repository repository, String commit, String directory) throws IOException {
        try (var revisions = new RevWalk(repository);
                var walk = new TreeWalk(revisions.getObjectReader())) {
            walk.addTree(revisions.parseCommit(Refs.id(commit)).getTree());
            walk.setRecursive(true);
            if (!directory.isEmpty()) {
                walk.setFilter(PathFilter.create(directory));
            }
            var entries = new ArrayList<Entry>();
            while (walk.next()) {
                entries.add(new Entry(
                        walk.getPathString(),
                        kind(walk.getFileMode()),
                        walk.getObjectId(0).name()));
            }
            return entries;
        }
    }

    private static Entry.Kind kind(FileMode mode) {
        if (mode == FileMode.SYMLINK) {
            return Entry.Kind.SYMLINK;
        }
        if (mode == FileMode.GITLINK) {
            return Entry.Kind.SUBMODULE;
        }
        return mode == FileMode.EXECUTABLE_FILE ? Entry.Kind.EXECUTABLE : Entry.Kind.FILE;
    }
}
