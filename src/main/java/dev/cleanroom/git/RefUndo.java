package dev.cleanroom.git;

import dev.cleanroom.git.BranchRules.Change;
import dev.cleanroom.git.BranchRules.Way;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;

/** Puts a ref back to what it was at before a move, which the log has: a forced push or a deletion is not the end. */
@ApplicationScoped
class RefUndo {
    private final Repositories repositories;
    private final GitServer server;
    private final BranchRules rules;
    private final PushConfig config;

    RefUndo(Repositories repositories, GitServer server, BranchRules rules, PushConfig config) {
        this.repositories = repositories;
        this.server = server;
        this.rules = rules;
        this.config = config;
    }

    /** Whether what the ref was at is still kept, and people may move it. */
    boolean isPossible(RefLogStore.Entry entry) {
        return !entry.ref().startsWith(Refs.SESSIONS)
                && entry.at().isAfter(Instant.now().minus(config.undoableFor()));
    }

    /**
     * @throws ProblemException {@code git.log-expired}, {@code git.branch-rule}; {@code git.ref-moved} if the ref is no longer
     *     where the entry put it
     */
    void undo(UUID project, RefLogStore.Entry entry, RefAuthor author, Role role) throws IOException {
        server.refusal(project, new Pusher.Person(author, role)).ifPresent(refusal -> {
            throw refusal;
        });
        if (!isPossible(entry)) {
            throw new ProblemException(
                    Kind.GONE,
                    "git.log-expired",
                    "This cannot be undone: what the ref was at is kept for "
                            + config.undoableFor().toDays() + " days, and sessions' branches are their sessions' own.");
        }
        try (var repository = repositories.openStored(project, author)) {
            rules.check(project, role, entry.ref(), Way.UNDO, change(repository, entry));
            if (entry.from().isEmpty() && entry.ref().equals(repository.getFullBranch())) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "git.default-branch",
                        "This would delete the default branch. Make another one the default first.");
            }
            if (!Refs.move(
                    repository,
                    entry.ref(),
                    entry.to().map(ObjectId::fromString),
                    entry.from().map(ObjectId::fromString))) {
                throw new ProblemException(
                        Kind.CONFLICT,
                        "git.ref-moved",
                        "The ref has moved since. Reload, and undo the newest move first.");
            }
        }
    }

    private static Change change(StoredRepository repository, RefLogStore.Entry entry) throws IOException {
        if (entry.to().isEmpty()) {
            return Change.CREATE;
        }
        if (entry.from().isEmpty()) {
            return Change.DELETE;
        }
        try (var walk = new RevWalk(repository)) {
            return walk.isMergedInto(
                            walk.parseCommit(ObjectId.fromString(entry.to().get())),
                            walk.parseCommit(ObjectId.fromString(entry.from().get())))
                    ? Change.FORWARD
                    : Change.FORCE;
        }
    }
}
