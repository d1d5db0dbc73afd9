package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * What is in a folder of a commit, folders first, then by name.
 *
 * @param commit the id that the revision stood for: what later parts are to be asked at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Folder(String commit, String path, List<Item> items, String next) {
    static final int MAX = 1_000; // items of one answer

    enum Kind {
        directory,
        file,
        symlink,
        submodule
    }

    /** The newest commit that changed an item. */
    record Last(String id, String subject, String author, Instant at) {}

    /**
     * @param id of the blob, the tree, or the submodule's commit
     * @param size bytes; null for what is no file
     * @param last null where finding it took too long
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(String name, String path, Kind kind, String id, Boolean executable, Long size, Last last) {}

    private record Child(String name, FileMode mode, ObjectId id) {
        Kind kind() {
            if (mode == FileMode.TREE) {
                return Kind.directory;
            }
            if (mode == FileMode.GITLINK) {
                return Kind.submodule;
            }
            return mode == FileMode.SYMLINK ? Kind.symlink : Kind.file;
        }
    }

    /** @throws ProblemException {@code git.no-revision}, {@code git.no-path}, {@code git.not-a-folder} */
    static Folder list(Repository repository, String at, String asked, String cursor, int limit) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var reader = walk.getObjectReader();
            var commit = Revisions.commit(repository, walk, at);
            var folder = TreePath.find(reader, commit, asked);
            if (!folder.isFolder()) {
                throw new ProblemException(
                        ProblemException.Kind.INVALID,
                        "git.not-a-folder",
                        folder.path() + " is no folder. Ask for its content instead.");
            }
            var page = Page.of(children(reader, folder.id()), cursor, limit, MAX);
            var last = folder.isUtf8()
                    ? new LastChanges(reader, folder.path())
                            .of(
                                    commit,
                                    page.items().stream()
                                            .collect(Collectors.toMap(Child::name, Child::id, (a, b) -> a)))
                    : Map.<String, Last>of();
            var items = new ArrayList<Item>();
            for (var child : page.items()) {
                items.add(item(reader, folder.path(), child, last.get(child.name())));
            }
            return new Folder(commit.name(), folder.path(), items, page.next());
        }
    }

    private static Item item(ObjectReader reader, String folder, Child child, Last last) throws IOException {
        boolean isFile = child.kind() == Kind.file;
        return new Item(
                child.name(),
                folder.isEmpty() ? child.name() : folder + "/" + child.name(),
                child.kind(),
                child.id().name(),
                child.mode() == FileMode.EXECUTABLE_FILE ? true : null,
                isFile ? reader.getObjectSize(child.id(), Constants.OBJ_BLOB) : null,
                last);
    }

    private static List<Child> children(ObjectReader reader, ObjectId tree) throws IOException {
        var children = new ArrayList<Child>();
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            while (walk.next()) {
                children.add(new Child(walk.getNameString(), walk.getFileMode(0), walk.getObjectId(0)));
            }
        }
        children.sort(Comparator.comparing((Child child) -> child.kind() != Kind.directory)
                .thenComparing(Child::name, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(Child::name));
        return children;
    }
}
