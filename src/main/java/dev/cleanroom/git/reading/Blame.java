package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.eclipse.jgit.blame.BlameGenerator;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.diff.Sequence;
import org.eclipse.jgit.diff.SequenceComparator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Which commit wrote each line of a file; renames are followed.
 *
 * @param commit the id that the revision stood for
 * @param runs of lines that came from one commit, in order, all lines
 * @param commits those that are named in {@code runs}, each once
 */
record Blame(String commit, String path, List<Run> runs, List<CommitView> commits) {
    private static final int MAX_BYTES = 1 << 20; // of the file: some 25 000 lines
    private static final Duration LIMIT = Duration.ofSeconds(20); // a file of a thousand authors on a busy machine

    /**
     * @param from first line, from 1
     * @param to last line
     * @param originalLine the first one's number in the commit's own file
     * @param path the file's name in the commit; null if it is the same
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Run(int from, int to, String commit, int originalLine, String path) {}

    /** @throws ProblemException {@code git.no-revision}, {@code git.no-path}, {@code git.not-a-file}, {@code git.blame-limit} */
    static Blame of(Repository repository, String at, String asked) throws IOException {
        return of(repository, at, asked, LIMIT);
    }

    static Blame of(Repository repository, String at, String asked, Duration limit) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var reader = walk.getObjectReader();
            var commit = Revisions.commit(repository, walk, at);
            var file = TreePath.find(reader, commit, asked).requireUtf8();
            if (!file.isFile()) {
                throw new ProblemException(
                        Kind.INVALID, "git.not-a-file", "\"" + file.path() + "\" is no file, so it has no lines.");
            }
            if (reader.getObjectSize(file.id(), Constants.OBJ_BLOB) > MAX_BYTES) {
                throw limit(file.path() + " is larger than " + (MAX_BYTES >> 10)
                        + " KiB, the most that is told line by line here. Clone the repository and use git blame.");
            }
            if (RawText.isBinary(reader.open(file.id(), Constants.OBJ_BLOB).getCachedBytes())) {
                throw new ProblemException(
                        Kind.INVALID, "git.not-a-file", file.path() + " is binary, so it has no lines.");
            }
            return run(repository, commit.name(), file.path(), limit);
        }
    }

    /** A line may be found only after all diffs of the file's history, so each asks for the time. */
    private static final class TimedDiff extends HistogramDiff {
        private final String path;
        private final Duration limit;
        private final long end;

        TimedDiff(String path, Duration limit) {
            this.path = path;
            this.limit = limit;
            this.end = System.nanoTime() + limit.toNanos();
        }

        @Override
        public <S extends Sequence> EditList diff(SequenceComparator<? super S> comparator, S before, S after) {
            if (System.nanoTime() > end) {
                throw limit("The history of " + path + " is too long to be told line by line within "
                        + limit.toSeconds() + " s. Clone the repository and use git blame.");
            }
            return super.diff(comparator, before, after);
        }
    }

    private static Blame run(Repository repository, String commit, String path, Duration limit) throws IOException {
        var runs = new ArrayList<Run>();
        var commits = new LinkedHashMap<String, CommitView>();
        try (var blame = new BlameGenerator(repository, path)) {
            blame.setTextComparator(RawTextComparator.DEFAULT);
            blame.setDiffAlgorithm(new TimedDiff(path, limit));
            blame.setFollowFileRenames(true);
            blame.push(null, ObjectId.fromString(commit));
            while (blame.next()) {
                var source = blame.getSourceCommit();
                runs.add(new Run(
                        blame.getResultStart() + 1,
                        blame.getResultEnd(),
                        source.name(),
                        blame.getSourceStart() + 1,
                        blame.getSourcePath().equals(path) ? null : blame.getSourcePath()));
                commits.computeIfAbsent(source.name(), id -> CommitView.of(source));
            }
        }
        runs.sort(Comparator.comparingInt(Run::from));
        return new Blame(commit, path, runs, List.copyOf(commits.values()));
    }

    private static ProblemException limit(String sentence) {
        return new ProblemException(Kind.TOO_LARGE, "git.blame-limit", sentence);
    }
}
