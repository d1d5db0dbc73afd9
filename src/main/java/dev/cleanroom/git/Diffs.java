package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** What differs between two commits, file by file; a rename is a deleted and an added file. */
@ApplicationScoped
public class Diffs {
    private static final int MAX_FILES = 5_000; // of one list; a patch has no limit
    private static final int MAX_BINARY_PATCH =
            1 << 20; // bytes of a file whose binary patch is worth putting in a list

    private static final int MAX_TEXT = 16 << 20; // bytes of all patches of a list, held at once; nobody reads more

    private final Repositories repositories;

    Diffs(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * The files that differ, by path; at most 5 000. Patches have at most 16 MiB and those of one more file together: what
     * comes after is told as {@link FileDiff#binary}.
     *
     * @param from empty: against nothing, so that every file is added
     * @throws ProblemException {@code git.no-commit}
     */
    public List<FileDiff> between(UUID project, Optional<String> from, String to) {
        return between(project, from, to, MAX_TEXT);
    }

    /** The same without patches. */
    public List<FileDiff> counted(UUID project, Optional<String> from, String to) {
        return between(project, from, to, 0);
    }

    private List<FileDiff> between(UUID project, Optional<String> from, String to, int maxText) {
        var diffs = new ArrayList<FileDiff>();
        var text = new AtomicInteger();
        try (var repository = repositories.open(project)) {
            walk(repository, from, to, patch -> {
                var described = describe(patch, maxText, text.get());
                text.addAndGet(described.patch().length());
                diffs.add(described);
                return diffs.size() < MAX_FILES;
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return diffs;
    }

    /**
     * Writes all differences as one patch that {@code git apply} takes, binary files included.
     *
     * @throws ProblemException {@code git.no-commit}, before anything was written
     * @throws IOException if the receiver is gone
     */
    public void write(UUID project, Optional<String> from, String to, OutputStream target) throws IOException {
        try (var repository = repositories.open(project)) {
            walk(repository, from, to, patch -> {
                patch.write(target);
                return true;
            });
        }
    }

    private interface Visitor {
        /** @return whether to go on */
        boolean visit(FilePatch patch) throws IOException;
    }

    private static void walk(Repository repository, Optional<String> from, String to, Visitor visitor)
            throws IOException {
        try (var revisions = new RevWalk(repository);
                var walk = new TreeWalk(revisions.getObjectReader())) {
            if (from.isPresent()) {
                walk.addTree(tree(revisions, from.get()));
            } else {
                walk.addTree(new EmptyTreeIterator());
            }
            walk.addTree(tree(revisions, to));
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next()) {
                var before = new FilePatch.Side(walk.getFileMode(0), walk.getObjectId(0));
                var after = new FilePatch.Side(walk.getFileMode(1), walk.getObjectId(1));
                if (!visitor.visit(FilePatch.of(revisions.getObjectReader(), walk.getPathString(), before, after))) {
                    return;
                }
            }
        }
    }

    private static RevTree tree(RevWalk revisions, String commit) throws IOException {
        try {
            return revisions.parseCommit(Refs.id(commit)).getTree();
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(commit);
        }
    }

    private static FileDiff describe(FilePatch patch, int maxText, int textBefore) throws IOException {
        boolean withText = textBefore < maxText;
        var text = new ByteArrayOutputStream();
        if (withText && (!patch.binary() || patch.sizeBytes() <= MAX_BINARY_PATCH)) {
            patch.write(text);
        }
        return new FileDiff(
                patch.path(),
                patch.kind(),
                patch.added(),
                patch.removed(),
                text.toString(StandardCharsets.UTF_8),
                patch.binary() || maxText > 0 && !withText);
    }
}
