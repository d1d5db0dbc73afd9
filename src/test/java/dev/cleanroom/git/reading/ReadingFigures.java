package dev.cleanroom.git.reading;

import java.io.IOException;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCache;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCacheConfig;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** What {@link dev.cleanroom.bench.RepositoryReadBench} measures, without HTTP around it. */
public final class ReadingFigures {
    private ReadingFigures() {}

    /** All files of the default branch. */
    public static int files(Repository repository) throws IOException {
        try (var walk = new RevWalk(repository);
                var files = new TreeWalk(walk.getObjectReader())) {
            files.addTree(Revisions.commit(repository, walk, null).getTree());
            files.setRecursive(true);
            int count = 0;
            while (files.next()) {
                count++;
            }
            return count;
        }
    }

    /** One folder as it is shown: sizes, and the newest commit of each entry. */
    public static int folder(Repository repository, String path) throws IOException {
        return Folder.list(repository, null, path, null, Folder.MAX).items().size();
    }

    public static int log(Repository repository, String path) throws IOException {
        return CommitLog.read(repository, new CommitLog.Query(null, path, null, null, 1_000))
                .items()
                .size();
    }

    public static int blame(Repository repository, String path) throws IOException {
        return Blame.of(repository, null, path).runs().size();
    }

    public static int search(Repository repository, String text, boolean regex) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var reader = walk.getObjectReader();
            var all = TreePath.find(reader, Revisions.commit(repository, walk, null), "");
            return new TextSearch(reader, TextPattern.of(text, regex, false))
                    .run(all, found -> {})
                    .matches();
        }
    }

    /** What was read before is read from the database again. */
    public static void forget() {
        DfsBlockCache.reconfigure(new DfsBlockCacheConfig()
                .setBlockSize(64 << 10)
                .setBlockLimit(64 << 20)
                .setStreamRatio(0.30));
    }
}
