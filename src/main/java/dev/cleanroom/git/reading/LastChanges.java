package dev.cleanroom.git.reading;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Finds the newest commit that changed each entry of a folder: one walk through the history, in which a commit counts for an
 * entry that none of its parents had like this.
 */
final class LastChanges {
    private static final long LIMIT = Duration.ofMillis(100).toNanos(); // a list of files waits no longer for it

    private final ObjectReader reader;
    private final String folder;
    private final Map<ObjectId, Optional<ObjectId>> trees = new HashMap<>(); // the folder by commit; empty: not there

    LastChanges(ObjectReader reader, String folder) {
        this.reader = reader;
        this.folder = folder;
    }

    /** By name; without those that took too long. @param wanted the entries as they are in {@code start} */
    Map<String, Folder.Last> of(RevCommit start, Map<String, ObjectId> wanted) throws IOException {
        var open = new HashMap<>(wanted);
        var found = new HashMap<String, Folder.Last>();
        long end = System.nanoTime() + LIMIT;
        try (var walk = new RevWalk(reader)) {
            walk.markStart(walk.parseCommit(start));
            for (var commit = walk.next();
                    commit != null && !open.isEmpty() && System.nanoTime() < end;
                    commit = walk.next()) {
                take(walk, commit, open, found);
            }
        }
        return found;
    }

    private void take(RevWalk walk, RevCommit commit, Map<String, ObjectId> open, Map<String, Folder.Last> found)
            throws IOException {
        var tree = tree(commit);
        if (tree.isEmpty()) {
            return;
        }
        try (var entries = new TreeWalk(reader)) {
            entries.addTree(tree.get());
            for (var parent : commit.getParents()) {
                walk.parseHeaders(parent);
                var other = tree(parent);
                if (other.equals(tree)) {
                    return;
                }
                if (other.isPresent()) {
                    entries.addTree(other.get());
                }
            }
            entries.setFilter(TreeFilter.ANY_DIFF);
            if (entries.getTreeCount() == 1) {
                entries.setFilter(TreeFilter.ALL);
            }
            while (entries.next()) {
                String name = entries.getNameString();
                if (entries.getFileMode(0) != FileMode.MISSING
                        && isNew(entries)
                        && open.remove(name, entries.getObjectId(0))) {
                    var view = CommitView.of(commit);
                    found.put(
                            name,
                            new Folder.Last(
                                    view.id(), view.subject(), view.author().name(), view.at()));
                }
            }
        }
    }

    private static boolean isNew(TreeWalk entries) {
        for (int parent = 1; parent < entries.getTreeCount(); parent++) {
            if (entries.idEqual(0, parent) && entries.getRawMode(0) == entries.getRawMode(parent)) {
                return false;
            }
        }
        return true;
    }

    private Optional<ObjectId> tree(RevCommit commit) throws IOException {
        if (folder.isEmpty()) {
            return Optional.of(commit.getTree());
        }
        var known = trees.get(commit);
        if (known != null) {
            return known;
        }
        Optional<ObjectId> tree;
        try (var at = TreeWalk.forPath(reader, folder, commit.getTree())) {
            tree = at == null || !at.isSubtree() ? Optional.empty() : Optional.of(at.getObjectId(0));
        }
        trees.put(commit.copy(), tree);
        return tree;
    }
}
