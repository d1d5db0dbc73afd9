package dev.cleanroom.git.reading;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A file or folder in a commit.
 *
 * @param path as the list of files gives it; empty for the whole tree
 * @param isUtf8 whether its bytes are those of {@code path}; a name that is not UTF-8 is shown as Latin-1
 */
record TreePath(String path, FileMode mode, ObjectId id, boolean isUtf8) {
    /** @throws ProblemException {@code git.no-path} */
    static TreePath find(ObjectReader reader, RevCommit commit, String asked) throws IOException {
        String path = asked == null ? "" : asked.replaceAll("^/+|/+$", "");
        if (path.isEmpty()) {
            return new TreePath("", FileMode.TREE, commit.getTree(), true);
        }
        try (var walk = TreeWalk.forPath(reader, path, commit.getTree())) {
            if (walk != null) {
                return new TreePath(path, walk.getFileMode(), walk.getObjectId(0), true);
            }
        }
        return asShown(reader, commit, path)
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND,
                        "git.no-path",
                        path + " is not in the commit " + commit.abbreviate(10).name()
                                + ". It may have another name there."));
    }

    boolean isFile() {
        return mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE;
    }

    boolean isFolder() {
        return mode == FileMode.TREE;
    }

    /** @throws ProblemException {@code git.name-not-utf8}: git's own walks look for UTF-8 names here */
    TreePath requireUtf8() {
        if (!isUtf8) {
            throw new ProblemException(
                    Kind.INVALID,
                    "git.name-not-utf8",
                    "The name of " + path
                            + " is not UTF-8, so its history cannot be asked for here. Clone the repository.");
        }
        return this;
    }

    private static Optional<TreePath> asShown(ObjectReader reader, RevCommit commit, String path) throws IOException {
        ObjectId at = commit.getTree();
        var mode = FileMode.TREE;
        for (String name : path.split("/")) {
            if (mode != FileMode.TREE) {
                return Optional.empty();
            }
            try (var walk = new TreeWalk(reader)) {
                walk.addTree(at);
                at = null;
                while (at == null && walk.next()) {
                    if (walk.getNameString().equals(name)) {
                        at = walk.getObjectId(0);
                        mode = walk.getFileMode(0);
                    }
                }
            }
            if (at == null) {
                return Optional.empty();
            }
        }
        return Optional.of(new TreePath(path, mode, at, false));
    }
}
