package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.DepthWalk;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Commits on their way to and from a sandbox, as one pack each. What comes in is hostile until it was checked. */
@ApplicationScoped
public class Packs {
    private static final int FIXED_DEPTH = 1; // commits of a shallow pack; a worktree needs no history

    private final Repositories repositories;
    private final Housekeeping housekeeping;

    Packs(Repositories repositories, Housekeeping housekeeping) {
        this.repositories = repositories;
        this.housekeeping = housekeeping;
    }

    /**
     * Writes one pack with all that the wanted commits reach and the others do not.
     *
     * @param haves commits that the receiver has whole; those that are unknown here are skipped
     * @throws ProblemException {@code git.no-commit} if a wanted one is not here
     * @throws IOException if the receiver is gone
     */
    public void send(UUID project, List<String> wants, List<String> haves, OutputStream pack) throws IOException {
        try (var repository = repositories.open(project);
                var reader = repository.newObjectReader();
                var writer = new PackWriter(sending(), reader)) {
            writer.setDeltaBaseAsOffset(true);
            writer.setUseBitmaps(true);
            writer.setIgnoreMissingUninteresting(true);
            writer.preparePack(NullProgressMonitor.INSTANCE, ids(wants), known(reader, haves));
            writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, pack);
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        }
    }

    /**
     * Writes one pack with a commit and its tree but none of its parents; the receiver's {@code .git/shallow} must name the
     * commit.
     *
     * @throws ProblemException {@code git.no-commit}
     * @throws IOException if the receiver is gone
     */
    public void sendShallow(UUID project, String commit, OutputStream pack) throws IOException {
        try (var repository = repositories.open(project);
                var reader = repository.newObjectReader();
                var writer = new PackWriter(sending(), reader);
                var walk = new DepthWalk.ObjectWalk(reader, FIXED_DEPTH - 1)) {
            walk.markRoot(walk.parseCommit(Refs.id(commit)));
            writer.setDeltaBaseAsOffset(true);
            writer.setShallowPack(FIXED_DEPTH, Set.of());
            writer.preparePack(NullProgressMonitor.INSTANCE, walk, Set.of(Refs.id(commit)), Set.of(), Set.of());
            writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, pack);
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        }
    }

    /**
     * Takes in a pack and moves a ref to a commit of it. The pack is parsed and each object checked; the ref moves only if
     * all that the commit reaches is here then.
     *
     * @param pack to its end; may be thin (deltas against objects that are here)
     * @param expected what the ref must be at; empty: it must not exist
     * @return false if the ref is not at {@code expected}: somebody else moved it
     * @throws ProblemException {@code git.pack-too-large}, {@code git.pack-broken} or {@code git.pack-incomplete}
     */
    public boolean receive(UUID project, InputStream pack, String ref, Optional<String> expected, String commit) {
        return receive(project, pack, ref, Optional.empty(), expected, commit);
    }

    /**
     * The same for a ref that was claimed.
     *
     * @throws Refs.ClaimLost if somebody else has claimed it since
     */
    public boolean receive(UUID project, InputStream pack, Refs.Claim claim, Optional<String> expected, String commit) {
        return receive(project, pack, claim.ref(), Optional.of(claim), expected, commit);
    }

    private boolean receive(
            UUID project,
            InputStream pack,
            String ref,
            Optional<Refs.Claim> claim,
            Optional<String> expected,
            String commit) {
        var id = Refs.id(commit);
        var from = expected.map(Refs::id);
        try (var repository = repositories.openStored(project)) {
            parse(repository, pack);
            if (from.isEmpty() || !isOnlyChildHere(repository, id, from.get())) {
                checkConnected(repository, Set.of(id));
            }
            boolean moved = Refs.move(repository, ref, from, Optional.of(id), claim);
            housekeeping.grown(project);
            return moved;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void parse(StoredRepository repository, InputStream pack) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var parser = inserter.newPackParser(PackLimits.limit(pack));
            parser.setAllowThin(true);
            parser.setObjectChecker(PackLimits.checker());
            parser.setCheckEofAfterPackFooter(true);
            parser.parse(PackLimits.deadline());
            inserter.flush();
        } catch (StorageException storage) {
            throw storage;
        } catch (TooLargeObjectInPackException tooLarge) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "git.pack-too-large",
                    "A file is larger than " + (PackLimits.MAX_OBJECT_BYTES >> 20) + " MiB, the limit here.");
        } catch (IOException broken) {
            throw new ProblemException(
                    Kind.INVALID, "git.pack-broken", "These commits cannot be read: " + broken.getMessage() + ".");
        }
    }

    /** Whether it is one commit on top of one that is here whole, with all objects that differ: cheap where little does. */
    private static boolean isOnlyChildHere(StoredRepository repository, ObjectId commit, ObjectId parent)
            throws IOException {
        try (var reader = repository.newObjectReader();
                var walk = new RevWalk(reader);
                var trees = new TreeWalk(reader)) {
            var child = walk.parseCommit(commit);
            if (child.getParentCount() != 1 || !child.getParent(0).equals(parent)) {
                return false;
            }
            trees.setFilter(TreeFilter.ANY_DIFF);
            trees.addTree(child.getTree());
            trees.addTree(walk.parseCommit(parent).getTree());
            while (trees.next()) {
                boolean isNew = trees.getFileMode(0) != FileMode.MISSING && !trees.idEqual(0, 1);
                if (trees.getFileMode(0) == FileMode.TREE) {
                    trees.enterSubtree();
                } else if (isNew && trees.getFileMode(0) != FileMode.GITLINK && !reader.has(trees.getObjectId(0))) {
                    return false;
                }
            }
            return true;
        } catch (MissingObjectException | CorruptObjectException incomplete) {
            return false;
        }
    }

    /** Walks from the commit to what refs reach already: each object between must be here. */
    static void checkConnected(StoredRepository repository, Collection<? extends ObjectId> commits) throws IOException {
        try (var walk = new ObjectWalk(repository)) {
            for (var commit : commits) {
                walk.markStart(walk.parseAny(commit));
            }
            for (var ref : repository.getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null) {
                    walk.markUninteresting(walk.parseAny(ref.getObjectId()));
                }
            }
            walk.checkConnectivity();
        } catch (MissingObjectException | CorruptObjectException incomplete) {
            throw new ProblemException(
                    Kind.INVALID,
                    "git.pack-incomplete",
                    "An object of the commit is missing: " + incomplete.getMessage() + ".");
        }
    }

    static PackConfig sending() {
        var config = new PackConfig();
        config.setThreads(1);
        config.setDeltaCompress(false); // stored deltas are reused; finding new ones costs more than the pipe
        return config;
    }

    private static Set<ObjectId> ids(List<String> commits) {
        var ids = new HashSet<ObjectId>();
        commits.forEach(commit -> ids.add(Refs.id(commit)));
        return ids;
    }

    private static Set<ObjectId> known(ObjectReader reader, List<String> commits) throws IOException {
        var known = new HashSet<ObjectId>();
        for (var id : ids(commits)) {
            if (reader.has(id)) {
                known.add(id);
            }
        }
        return known;
    }
}
