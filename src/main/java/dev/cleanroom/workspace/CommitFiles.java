package dev.cleanroom.workspace;

import dev.cleanroom.git.Repositories;
import dev.cleanroom.git.Trees;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.FileProblem.Reason;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.Sandbox.Kind;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** A commit's files as the runner would show them: for a session whose sandbox does not run. */
@ApplicationScoped
class CommitFiles {
    private static final int MAX_LINKS = 40; // symbolic links on the way, as the kernel has it
    private static final int MAX_TARGET = 4_096; // bytes of a link's target, as the kernel has it
    private static final int MAX_CHANGED = 10_000; // paths whose status is shown

    private final Repositories repositories;
    private final Trees trees;

    CommitFiles(Repositories repositories, Trees trees) {
        this.repositories = repositories;
        this.trees = trees;
    }

    /** A whole file. */
    record Content(FileStat stat, byte[] bytes) {}

    /** Children of a directory by name, at most {@code limit}. */
    List<FileStat> list(UUID project, String commit, String directory, int limit) {
        try (var repository = repositories.open(project);
                var revisions = new RevWalk(repository)) {
            var tree = revisions.parseCommit(ObjectId.fromString(commit)).getTree();
            var children = new ArrayList<FileStat>();
            try (var walk = directory(repository, tree, directory)) {
                while (walk.next() && children.size() < limit) {
                    children.add(stat(walk, directory));
                }
            }
            return children;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A file's bytes; symbolic links are followed inside the tree. The etag is the one that the runner gives. */
    Content read(UUID project, String commit, String path) {
        var followed = follow(project, commit, path);
        var bytes = trees.read(project, commit, followed.path())
                .orElseThrow(() -> new FileProblem(
                        followed.isDirectory() ? Reason.IS_DIRECTORY : Reason.NOT_FOUND,
                        path + " is no file of the session's newest checkpoint."));
        return new Content(new FileStat(path, Kind.FILE, bytes.length, false, etag(bytes)), bytes);
    }

    /** What became of each path between two commits. */
    Map<String, ChangeKind> changed(UUID project, String from, String to) {
        var changed = new TreeMap<String, ChangeKind>();
        try (var repository = repositories.open(project);
                var revisions = new RevWalk(repository);
                var walk = new TreeWalk(revisions.getObjectReader())) {
            walk.addTree(revisions.parseCommit(ObjectId.fromString(from)).getTree());
            walk.addTree(revisions.parseCommit(ObjectId.fromString(to)).getTree());
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next() && changed.size() < MAX_CHANGED) {
                boolean before = walk.getFileMode(0) != FileMode.MISSING;
                boolean after = walk.getFileMode(1) != FileMode.MISSING;
                changed.put(
                        walk.getPathString(),
                        !before ? ChangeKind.added : after ? ChangeKind.modified : ChangeKind.deleted);
            }
            return changed;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static TreeWalk directory(Repository repository, RevTree tree, String directory) throws IOException {
        if (directory.isEmpty()) {
            var walk = new TreeWalk(repository);
            walk.addTree(tree);
            return walk;
        }
        try (var at = TreeWalk.forPath(repository, directory, tree)) {
            if (at == null) {
                throw new FileProblem(Reason.NOT_FOUND, directory + " is not in the session's newest checkpoint.");
            }
            if (!at.isSubtree()) {
                throw new FileProblem(Reason.NOT_DIRECTORY, directory + " is not a directory.");
            }
            var walk = new TreeWalk(repository);
            walk.addTree(at.getObjectId(0));
            return walk;
        }
    }

    private static FileStat stat(TreeWalk walk, String directory) throws IOException {
        var path = directory.isEmpty() ? walk.getPathString() : directory + "/" + walk.getPathString();
        var mode = walk.getFileMode(0);
        var kind = mode == FileMode.TREE || mode == FileMode.GITLINK
                ? Kind.DIRECTORY
                : mode == FileMode.SYMLINK ? Kind.SYMLINK : Kind.FILE;
        long size = kind == Kind.DIRECTORY
                ? 0
                : walk.getObjectReader().getObjectSize(walk.getObjectId(0), Constants.OBJ_BLOB);
        return new FileStat(path, kind, size, mode == FileMode.EXECUTABLE_FILE, "");
    }

    /** Where a path leads. */
    private record Followed(String path, boolean isDirectory) {}

    /** @throws FileProblem OUTSIDE for a link that leaves the tree, or goes round in a ring */
    private Followed follow(UUID project, String commit, String path) {
        try (var repository = repositories.open(project);
                var revisions = new RevWalk(repository)) {
            var tree = revisions.parseCommit(ObjectId.fromString(commit)).getTree();
            return follow(revisions.getObjectReader(), tree, path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Followed follow(ObjectReader reader, RevTree tree, String path) throws IOException {
        var rest = new ArrayDeque<>(List.of(path.split("/")));
        var at = new ArrayDeque<String>();
        boolean isDirectory = true;
        int links = 0;
        while (!rest.isEmpty()) {
            var name = rest.pop();
            if (name.equals("..")) {
                if (at.isEmpty()) {
                    throw new FileProblem(Reason.OUTSIDE, path + " leads out of the workspace.");
                }
                at.removeLast();
                isDirectory = true;
                continue;
            }
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            at.addLast(name);
            try (var found = TreeWalk.forPath(reader, String.join("/", at), tree)) {
                isDirectory = found != null && found.isSubtree();
                if (found == null || found.getFileMode() != FileMode.SYMLINK) {
                    continue;
                }
                var target = target(reader.open(found.getObjectId(0)));
                if (target.isEmpty() || ++links > MAX_LINKS) {
                    throw new FileProblem(Reason.OUTSIDE, path + " leads out of the workspace.");
                }
                at.removeLast();
                if (target.get().startsWith("/")) {
                    at.clear();
                }
                List.of(target.get().split("/")).reversed().forEach(rest::push);
            }
        }
        return new Followed(String.join("/", at), isDirectory);
    }

    /** Where a link points: relative, or absolute with {@code /} for the workspace; empty if absolute and elsewhere. */
    private static Optional<String> target(ObjectLoader link) throws IOException {
        var target = new String(link.getCachedBytes(MAX_TARGET), StandardCharsets.UTF_8);
        if (!target.startsWith("/")) {
            return Optional.of(target);
        }
        return Workspace.relative(target).map(inside -> "/" + inside);
    }

    private static String etag(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
