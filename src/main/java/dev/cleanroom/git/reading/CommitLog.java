package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.jgit.diff.DiffConfig;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.FollowFilter;
import org.eclipse.jgit.revwalk.RenameCallback;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Commits that a revision reaches, newest first.
 *
 * @param commit the id that the revision stood for
 * @param limited the history is too long to be looked through for this path or author: there may be older commits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CommitLog(String commit, List<CommitView> items, String next, boolean limited) {
    private static final int MAX = 1_000; // commits of one answer
    private static final Duration LIMIT = Duration.ofSeconds(5); // of looking; a longer wait is no answer
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{40})\\.(\\d{1,8})");

    /**
     * @param path a file, whose earlier names are followed, or a folder; null: everything
     * @param author part of the author's name or address; null: everybody
     * @param cursor also holds the commit: what is pushed meanwhile moves nothing
     */
    record Query(String at, String path, String author, String cursor, int limit) {}

    /** @throws ProblemException {@code git.no-revision}, {@code git.no-path}, {@code git.cursor} */
    static CommitLog read(Repository repository, Query query) throws IOException {
        var cursor = query.cursor() == null ? null : CURSOR.matcher(query.cursor());
        if (cursor != null && !cursor.matches()) {
            throw Page.badCursor();
        }
        int skip = cursor == null ? 0 : Integer.parseInt(cursor.group(2));
        int limit = Math.clamp(query.limit(), 1, MAX);
        try (var reader = new TimedReader(repository.newObjectReader(), LIMIT);
                var walk = new RevWalk(reader)) {
            var start = Revisions.commit(repository, walk, cursor == null ? query.at() : cursor.group(1));
            var names = new Names(query.path());
            if (query.path() != null && !query.path().isEmpty()) {
                var path = TreePath.find(reader, start, query.path()).requireUtf8();
                walk.setTreeFilter(filter(repository, path, names));
                walk.setRewriteParents(false); // parents are told as they are, and commits as soon as they are found
            }
            if (query.author() != null && !query.author().isEmpty()) {
                walk.setRevFilter(new ByAuthor(query.author()));
            }
            walk.markStart(start);
            var items = new ArrayList<CommitView>();
            int seen = 0;
            for (var commit = walk.next(); commit != null; commit = walk.next()) {
                if (seen - skip == limit) {
                    return new CommitLog(start.name(), items, start.name() + "." + seen, false);
                }
                String name = names.in(commit);
                if (seen++ >= skip) {
                    items.add(CommitView.of(commit, name));
                }
            }
            return new CommitLog(start.name(), items, null, reader.isOver());
        }
    }

    private static TreeFilter filter(Repository repository, TreePath path, Names names) {
        if (path.isFolder()) {
            return AndTreeFilter.create(PathFilter.create(path.path()), TreeFilter.ANY_DIFF);
        }
        var follow = FollowFilter.create(path.path(), repository.getConfig().get(DiffConfig.KEY));
        follow.setRenameCallback(names);
        return follow;
    }

    /** The names that a file had, from the newest back. */
    private static final class Names extends RenameCallback {
        private final Map<ObjectId, String> before = new HashMap<>(); // by the commit that renamed
        private final String asked;
        private String now;

        Names(String asked) {
            this.asked = asked;
            this.now = asked;
        }

        @Override
        public void renamed(DiffEntry entry) {
            // told with its commit below
        }

        @Override
        public void renamed(DiffEntry entry, RevCommit commit) {
            before.put(commit.copy(), entry.getOldPath());
        }

        /** Null where it is the one that was asked for. To be called for each commit in order. */
        String in(RevCommit commit) {
            String here = now;
            now = before.getOrDefault(commit, now);
            return here == null || here.equals(asked) ? null : here;
        }
    }

    /** An author's name or address by a part of it. */
    private static final class ByAuthor extends RevFilter {
        private final String text;

        ByAuthor(String text) {
            this.text = text.toLowerCase(Locale.ROOT);
        }

        @Override
        public boolean include(RevWalk walk, RevCommit commit) {
            var author = CommitView.Identity.of(commit.getAuthorIdent());
            return (author.name() + " <" + author.email() + ">")
                    .toLowerCase(Locale.ROOT)
                    .contains(text);
        }

        @Override
        public RevFilter clone() {
            return this;
        }
    }
}
