package dev.cleanroom.git;

import dev.cleanroom.git.BranchRules.Change;
import dev.cleanroom.git.BranchRules.Way;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Puts a ref back to what it was at before a move, which the log has: a forced push or a deletion is not the end. */
@ApplicationScoped
class RefUndo {
    private static final int SHORT = 8; // digits of a commit id in a branch's name

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
        checkPossible(entry);
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

    /**
     * Makes a branch where the entry's ref was before, whatever became of that ref since. Repeated, it changes nothing.
     *
     * @return the branch, {@code recovered/} and more
     * @throws ProblemException {@code git.log-expired}, {@code git.branch-rule}; {@code git.nothing-before} if the entry made
     *     its ref; {@code git.ref-exists} if the branch is there already and went on
     */
    String recover(UUID project, RefLogStore.Entry entry, RefAuthor author, Role role) throws IOException {
        server.refusal(project, new Pusher.Person(author, role)).ifPresent(refusal -> {
            throw refusal;
        });
        checkPossible(entry);
        var before = entry.from()
                .orElseThrow(() -> new ProblemException(
                        Kind.CONFLICT, "git.nothing-before", "The ref was made then: it was at nothing before."));
        var id = ObjectId.fromString(before);
        String branch = "recovered/" + Repository.shortenRefName(entry.ref()) + "-"
                + id.abbreviate(SHORT).name();
        try (var repository = repositories.openStored(project, author)) {
            String ref = Constants.R_HEADS + branch;
            rules.check(project, role, ref, Way.UNDO, Change.CREATE);
            var there = Optional.ofNullable(repository.exactRef(ref)).map(Ref::getObjectId);
            if (there.isEmpty()
                    ? !Refs.move(repository, ref, Optional.empty(), Optional.of(id))
                    : !there.get().equals(id)) {
                throw new ProblemException(
                        Kind.CONFLICT, "git.ref-exists", "There is a branch " + branch + " already, and it went on.");
            }
        }
        return branch;
    }

    private void checkPossible(RefLogStore.Entry entry) {
        if (!isPossible(entry)) {
            throw new ProblemException(
                    Kind.GONE,
                    "git.log-expired",
                    "This cannot be undone: what the ref was at is kept for "
                            + config.undoableFor().toDays() + " days, and sessions' branches are their sessions' own.");
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
