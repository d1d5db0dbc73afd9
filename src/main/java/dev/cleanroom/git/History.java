package dev.cleanroom.git;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.revwalk.RevWalk;

/** Commits of a project, newest first. */
@ApplicationScoped
public class History {
    /** @param subject its message's first line; {@code at} when it was committed; {@code author} a name */
    public record Entry(String commit, String subject, Instant at, String author) {}

    private final Repositories repositories;

    History(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * What {@code to} reaches and {@code from} does not, at most {@code limit}.
     *
     * @throws dev.cleanroom.problem.ProblemException {@code git.no-commit}
     */
    public List<Entry> between(UUID project, String from, String to, int limit) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(Refs.id(to)));
            walk.markUninteresting(walk.parseCommit(Refs.id(from)));
            var entries = new ArrayList<Entry>();
            for (var commit = walk.next(); commit != null && entries.size() < limit; commit = walk.next()) {
                entries.add(new Entry(
                        commit.name(),
                        commit.getShortMessage(),
                        commit.getCommitterIdent().getWhenAsInstant(),
                        commit.getAuthorIdent().getName()));
            }
            return entries;
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The second parent that is met first on the way back along first parents, {@code from} excluded: of a session's
     * checkpoints where its user's own commits came in last.
     */
    public Optional<String> newestMerged(UUID project, String from, String to) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            var commit = walk.parseCommit(Refs.id(to));
            while (!commit.name().equals(from) && commit.getParentCount() > 0) {
                if (commit.getParentCount() > 1) {
                    return Optional.of(commit.getParent(1).name());
                }
                commit = walk.parseCommit(commit.getParent(0));
            }
            return Optional.empty();
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether two commits have different files. @throws dev.cleanroom.problem.ProblemException {@code git.no-commit} */
    public boolean differ(UUID project, String one, String other) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            return !walk.parseCommit(Refs.id(one))
                    .getTree()
                    .equals(walk.parseCommit(Refs.id(other)).getTree());
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @param at when it was committed */
    public record Note(String message, Instant at) {}

    /** A commit's whole message, and when. @throws dev.cleanroom.problem.ProblemException {@code git.no-commit} */
    public Note note(UUID project, String commit) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            var found = walk.parseCommit(Refs.id(commit));
            return new Note(found.getFullMessage(), Instant.ofEpochSecond(found.getCommitTime()));
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
