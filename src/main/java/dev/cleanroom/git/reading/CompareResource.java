package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.git.ReadableDiff;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.errors.StopWalkException;
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
    private static final Duration LIMIT = Duration.ofSeconds(5); // of walking history; a longer wait is no page

    private final Reading reading;

    CompareResource(Reading reading) {
        this.reading = reading;
    }

    /**
     * @param base where they parted, which the files are compared with; null if they never were one: then it is {@code from}
     * @param commits that {@code to} has and {@code from} has not, newest first, at most 250
     * @param limited commits, files or patches were left out for their number, their size or the time they take
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
        try (var repository = reading.open(id)) {
            return compare(repository, from, to, LIMIT);
        }
    }

    /** @throws ProblemException {@code git.no-revision}, {@code git.compare-limit} */
    static Comparison compare(Repository repository, String from, String to, Duration limit) throws IOException {
        try (var walk = new RevWalk(repository);
                var reader = new TimedReader(repository.newObjectReader(), limit)) {
            var before = Revisions.commit(repository, walk, from);
            var after = Revisions.commit(repository, walk, to);
            var base = base(reader, before, after, limit);
            var tree = base == null ? before.getTree() : walk.parseCommit(base).getTree();
            var commits = commits(reader, before, after);
            var diff = ReadableDiff.between(repository, tree, after.getTree());
            return new Comparison(
                    before.name(),
                    after.name(),
                    base == null ? null : base.name(),
                    commits.subList(0, Math.min(commits.size(), MAX_COMMITS)),
                    diff.files(),
                    diff.limited() || commits.size() > MAX_COMMITS || reader.isOver());
        }
    }

    private static RevCommit base(TimedReader reader, RevCommit before, RevCommit after, Duration limit)
            throws IOException {
        RevCommit base = null;
        try (var walk = new RevWalk(reader)) {
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(walk.parseCommit(before));
            walk.markStart(walk.parseCommit(after));
            base = walk.next();
        } catch (StopWalkException over) {
            // the reader says so
        }
        if (reader.isOver()) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "git.compare-limit",
                    "These two parted too long ago to be compared within " + limit.toSeconds()
                            + " s. Clone the repository and use git diff.");
        }
        return base;
    }

    /** One more than are told, if there are more; fewer where the time is over. */
    private static List<CommitView> commits(TimedReader reader, RevCommit before, RevCommit after) throws IOException {
        var commits = new ArrayList<CommitView>();
        try (var walk = new RevWalk(reader)) {
            walk.markStart(walk.parseCommit(after));
            walk.markUninteresting(walk.parseCommit(before));
            for (var commit = walk.next(); commit != null && commits.size() <= MAX_COMMITS; commit = walk.next()) {
                commits.add(CommitView.of(commit));
            }
        } catch (StopWalkException over) {
            // the reader says so
        }
        return commits;
    }
}
