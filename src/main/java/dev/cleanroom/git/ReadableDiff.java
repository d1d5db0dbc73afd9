package dev.cleanroom.git;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.DiffConfig;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.RenameDetector;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * What differs between two trees, to be read: a file that was renamed is one file. Bounded, where {@link Diffs} is whole.
 *
 * @param files by path
 * @param limited files or patches were left out for their number or size
 */
public record ReadableDiff(List<File> files, boolean limited) {
    private static final int MAX_FILES = 1_000; // nobody reads more of one commit
    private static final int MAX_PATCH = 256 << 10; // bytes of one file's patch; a page of more is slow to draw
    private static final int MAX_PATCHES = 2 << 20; // bytes of all patches in one answer
    private static final int MAX_TEXT = 1 << 20; // bytes of one side of a file; comparing more by lines can take seconds
    private static final Duration LIMIT = Duration.ofSeconds(5); // of comparing; a longer wait is no page
    private static final int MAX_RENAMED = 400; // files whose contents are compared with each other's; git's own limit

    public enum Kind {
        added,
        modified,
        deleted,
        renamed
    }

    /**
     * @param from its name before; null unless it was renamed
     * @param added lines; null for a binary file, and for one that was not compared: a file above 1 MiB, or one beyond the
     *     answer's limits of size and time
     * @param removed likewise
     * @param binary whether it is not text; false for one that was not compared
     * @param patch null for a binary file, for one that was not compared, and where it is longer than 256 KiB or the rest of
     *     the answer's 2 MiB
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record File(
            String path, String from, Kind kind, Integer added, Integer removed, boolean binary, String patch) {}

    /** @param before null: against nothing, so that every file is added */
    public static ReadableDiff between(Repository repository, RevTree before, RevTree after) throws IOException {
        try (var reader = repository.newObjectReader()) {
            var entries = entries(repository, reader, before, after);
            var files = new ArrayList<File>();
            int left = MAX_PATCHES;
            long end = System.nanoTime() + LIMIT.toNanos();
            boolean limited = entries.size() > MAX_FILES;
            for (var entry : entries.subList(0, Math.min(entries.size(), MAX_FILES))) {
                var file = file(reader, entry, System.nanoTime() < end ? left : 0);
                files.add(file);
                left -= file.patch() == null ? 0 : file.patch().length();
                limited |= file.patch() == null && !file.binary();
            }
            return new ReadableDiff(files, limited);
        }
    }

    private static List<DiffEntry> entries(Repository repository, ObjectReader reader, RevTree before, RevTree after)
            throws IOException {
        try (var walk = new TreeWalk(reader)) {
            if (before == null) {
                walk.addTree(new EmptyTreeIterator());
            } else {
                walk.addTree(before);
            }
            walk.addTree(after);
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            var renames = new RenameDetector(reader, repository.getConfig().get(DiffConfig.KEY));
            renames.setRenameLimit(MAX_RENAMED);
            renames.addAll(DiffEntry.scan(walk));
            return renames.compute();
        }
    }

    private static File file(ObjectReader reader, DiffEntry entry, int left) throws IOException {
        var kind = kind(entry);
        String path = kind == Kind.deleted ? entry.getOldPath() : entry.getNewPath();
        String from = kind == Kind.renamed ? entry.getOldPath() : null;
        var after = new FilePatch.Side(entry.getNewMode(), entry.getNewId().toObjectId());
        var before = kind == Kind.added // of a copy too: what it was copied from is still there
                ? after.missing()
                : new FilePatch.Side(entry.getOldMode(), entry.getOldId().toObjectId());
        if (left <= 0 || isLarge(reader, before) || isLarge(reader, after)) {
            return new File(path, from, kind, null, null, false, null);
        }
        var patch = FilePatch.ofRenamed(reader, from == null ? path : from, path, before, after);
        if (patch.binary()) {
            return new File(path, from, kind, null, null, true, null);
        }
        var text = new ByteArrayOutputStream();
        patch.write(text);
        boolean fits = text.size() <= Math.min(left, MAX_PATCH);
        return new File(
                path,
                from,
                kind,
                patch.added(),
                patch.removed(),
                false,
                fits ? text.toString(StandardCharsets.UTF_8) : null);
    }

    private static boolean isLarge(ObjectReader reader, FilePatch.Side side) throws IOException {
        return !side.isMissing()
                && side.mode() != FileMode.GITLINK
                && reader.getObjectSize(side.id(), Constants.OBJ_BLOB) > MAX_TEXT;
    }

    private static Kind kind(DiffEntry entry) {
        return switch (entry.getChangeType()) {
            case ADD, COPY -> Kind.added;
            case DELETE -> Kind.deleted;
            case RENAME -> Kind.renamed;
            case MODIFY -> Kind.modified;
        };
    }
}
