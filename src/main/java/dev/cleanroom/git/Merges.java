package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.ResolveMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Brings a commit into a branch of the project, without any files on a disk. */
@ApplicationScoped
public class Merges {
    private static final int MAX_COUNTED = 1_000; // commits ahead and behind: more is "many" to a person
    private static final int MAX_CONFLICTS = 1_000; // paths that are named
    private static final int MAX_SUBJECTS = 100; // in the message of what is squashed: nobody reads more
    private static final String COAUTHOR = "Co-authored-by";

    public enum State {
        /** The branch has all of it. */
        NOTHING,
        FAST_FORWARD,
        CLEAN,
        CONFLICTS
    }

    public enum Strategy {
        FAST_FORWARD,
        MERGE,
        SQUASH
    }

    /**
     * @param into the branch's commit
     * @param ahead commits that the branch lacks; {@code behind}: that only the branch has; each at most 1 000
     * @param conflicts paths, at most 1 000
     */
    public record Outlook(State state, String into, int ahead, int behind, List<String> conflicts) {}

    /** Who merges, as git names him. */
    public record Author(String name, String email) {}

    private final Repositories repositories;

    Merges(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * What merging {@code commit} would do.
     *
     * @param branch such as {@code main}
     * @throws ProblemException {@code git.no-branch}, {@code git.no-commit}
     */
    public Outlook outlook(UUID project, String branch, String commit) {
        try (var work = new Work(project, branch, commit, RefAuthor.SERVER)) {
            int ahead = work.between(work.source, work.target).size();
            int behind = work.between(work.target, work.source).size();
            if (ahead == 0) {
                return new Outlook(State.NOTHING, work.target.name(), 0, behind, List.of());
            }
            if (behind == 0) {
                return new Outlook(State.FAST_FORWARD, work.target.name(), ahead, 0, List.of());
            }
            var merger = work.merger();
            if (!merger.merge(false, work.target, work.source)) {
                return new Outlook(State.CONFLICTS, work.target.name(), ahead, behind, conflicts(merger));
            }
            boolean changesNothing = merger.getResultTreeId().equals(work.target.getTree());
            return new Outlook(
                    changesNothing ? State.NOTHING : State.CLEAN, work.target.name(), ahead, behind, List.of());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Merges {@code commit} and moves the branch.
     *
     * @param expected what the branch must be at
     * @param message of the commit that {@code MERGE} and {@code SQUASH} make; the latter names all who had a part in it
     * @param by who the log of refs will say it was
     * @return the branch's new commit
     * @throws ProblemException {@code git.branch-moved}, {@code git.nothing-to-merge}, {@code git.not-fast-forward},
     *     {@code git.merge-conflicts}, and those of {@link #outlook}
     */
    public String merge(
            UUID project,
            String branch,
            String expected,
            String commit,
            Strategy strategy,
            String message,
            Author author,
            RefAuthor by) {
        try (var work = new Work(project, branch, commit, by)) {
            if (!work.target.name().equals(expected)) {
                throw moved(branch);
            }
            var merged = work.merge(branch, strategy, message, author);
            if (!Refs.move(work.repository, Refs.HEADS + branch, Optional.of(work.target), Optional.of(merged))) {
                throw moved(branch);
            }
            return merged.name();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Of the commits that the branch lacks, oldest first; merges are left out.
     *
     * @return at most 100
     */
    public List<String> subjects(UUID project, String branch, String commit) {
        try (var work = new Work(project, branch, commit, RefAuthor.SERVER)) {
            return work.between(work.source, work.target).reversed().stream()
                    .filter(lacking -> lacking.getParentCount() < 2)
                    .map(RevCommit::getShortMessage)
                    .limit(MAX_SUBJECTS)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> conflicts(ResolveMerger merger) {
        var paths = new TreeSet<>(merger.getUnmergedPaths());
        if (merger.getFailingPaths() != null) {
            paths.addAll(merger.getFailingPaths().keySet());
        }
        return paths.stream().limit(MAX_CONFLICTS).toList();
    }

    public static ProblemException noBranch(String branch) {
        return new ProblemException(
                Kind.NOT_FOUND,
                "git.no-branch",
                "This project has no branch " + branch + ". Choose another default branch in its settings.");
    }

    private static ProblemException moved(String branch) {
        return new ProblemException(
                Kind.CONFLICT,
                "git.branch-moved",
                "Somebody moved the branch " + branch + " meanwhile. Look at it again, then merge.");
    }

    /** Two commits of an open repository. */
    private final class Work implements AutoCloseable {
        private final StoredRepository repository;
        private final ObjectInserter inserter;
        private final RevWalk walk;
        private final RevCommit target;
        private final RevCommit source;

        Work(UUID project, String branch, String commit, RefAuthor by) throws IOException {
            repository = repositories.openStored(project, by);
            inserter = repository.newObjectInserter();
            walk = new RevWalk(inserter.newReader());
            try {
                var ref = repository.exactRef(Refs.HEADS + branch);
                if (ref == null) {
                    throw noBranch(branch);
                }
                target = walk.parseCommit(ref.getObjectId());
                source = walk.parseCommit(Refs.id(commit));
            } catch (MissingObjectException missing) {
                close();
                throw Refs.noCommit(missing.getObjectId().name());
            } catch (RuntimeException | IOException refused) {
                close();
                throw refused;
            }
        }

        ResolveMerger merger() {
            var merger = (ResolveMerger) MergeStrategy.RECURSIVE.newMerger(repository, true);
            merger.setObjectInserter(inserter);
            return merger;
        }

        ObjectId merge(String branch, Strategy strategy, String message, Author author) throws IOException {
            if (walk.isMergedInto(source, target)) {
                throw new ProblemException(
                        Kind.CONFLICT, "git.nothing-to-merge", "The branch " + branch + " has all of it already.");
            }
            if (strategy == Strategy.FAST_FORWARD) {
                if (!walk.isMergedInto(target, source)) {
                    throw new ProblemException(
                            Kind.CONFLICT,
                            "git.not-fast-forward",
                            "The branch " + branch + " has commits that this session has not. Bring them in first, or"
                                    + " merge with a commit.");
                }
                return source;
            }
            var merger = merger();
            if (!merger.merge(target, source)) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "git.merge-conflicts",
                        "Both sides changed the same places of %s. Bring %s into the session and solve the conflicts there."
                                .formatted(String.join(", ", conflicts(merger)), branch));
            }
            boolean squash = strategy == Strategy.SQUASH;
            var id = Commits.insert(
                    inserter,
                    merger.getResultTreeId(),
                    squash ? List.of(target) : List.of(target, source),
                    squash ? withCoauthors(message, author) : message,
                    author);
            inserter.flush();
            return id;
        }

        /** Who wrote the commits that become one, in their order. */
        private String withCoauthors(String message, Author author) throws IOException {
            var others = new LinkedHashSet<String>();
            for (var commit : between(source, target)) {
                var ident = commit.getAuthorIdent();
                others.add(ident.getName() + " <" + ident.getEmailAddress() + ">");
                others.addAll(commit.getFooterLines(COAUTHOR));
            }
            others.removeIf(other ->
                    other.toLowerCase(Locale.ROOT).endsWith("<" + author.email().toLowerCase(Locale.ROOT) + ">"));
            var text = new StringBuilder(message.strip());
            var separator = "\n\n";
            for (var other : others) {
                text.append(separator).append(COAUTHOR + ": ").append(other);
                separator = "\n";
            }
            return text.toString();
        }

        List<RevCommit> between(RevCommit from, RevCommit without) throws IOException {
            walk.reset();
            walk.markStart(from);
            walk.markUninteresting(without);
            var commits = new ArrayList<RevCommit>();
            for (var commit = walk.next(); commit != null && commits.size() < MAX_COUNTED; commit = walk.next()) {
                commits.add(commit);
            }
            return commits;
        }

        @Override
        public void close() {
            walk.close();
            inserter.close();
            repository.close();
        }
    }
}
