package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.git.ReadableDiff;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jboss.resteasy.reactive.RestQuery;

/** What one revision has that another has not, since they parted. */
@Path("/api/v1/projects/{id}/repository/compare")
@RunOnVirtualThread
class CompareResource {
    private static final int MAX_COMMITS = 250; // of one comparison; the history has them all

    private final Reading reading;

    CompareResource(Reading reading) {
        this.reading = reading;
    }

    /**
     * @param base where they parted, which the files are compared with; null if they never were one: then it is {@code from}
     * @param commits that {@code to} has and {@code from} has not, newest first, at most 250
     * @param limited commits, files or patches were left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Comparison(
            String from,
            String to,
            String base,
            List<CommitView> commits,
            List<ReadableDiff.File> files,
            boolean limited) {}

    /** @param from absent: the default branch */
    @GET
    public Comparison compare(UUID id, @RestQuery String from, @RestQuery String to) throws IOException {
        try (var repository = reading.open(id);
                var walk = new RevWalk(repository)) {
            var before = Revisions.commit(repository, walk, from);
            var after = Revisions.commit(repository, walk, to);
            var base = base(repository, before, after);
            var tree = base == null ? before.getTree() : walk.parseCommit(base).getTree();
            var diff = ReadableDiff.between(repository, tree, after.getTree());
            var commits = commits(repository, before, after);
            return new Comparison(
                    before.name(),
                    after.name(),
                    base == null ? null : base.name(),
                    commits.subList(0, Math.min(commits.size(), MAX_COMMITS)),
                    diff.files(),
                    diff.limited() || commits.size() > MAX_COMMITS);
        }
    }

    private static RevCommit base(Repository repository, RevCommit before, RevCommit after) throws IOException {
        try (var walk = new RevWalk(repository)) {
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(walk.parseCommit(before));
            walk.markStart(walk.parseCommit(after));
            return walk.next();
        }
    }

    /** One more than are told, if there are more. */
    private static List<CommitView> commits(Repository repository, RevCommit before, RevCommit after)
            throws IOException {
        try (var walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(after));
            walk.markUninteresting(walk.parseCommit(before));
            var commits = new ArrayList<CommitView>();
            for (var commit = walk.next(); commit != null && commits.size() <= MAX_COMMITS; commit = walk.next()) {
                commits.add(CommitView.of(commit));
            }
            return commits;
        }
    }
}
