package dev.cleanroom.git.reading;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** The commits that requests name. Only branches and tags count as names: other refs are not for people. */
final class Revisions {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{4,40}");
    private static final int MAX_SHOWN = 100; // characters of a name in a sentence

    private Revisions() {}

    /**
     * @param at a branch, a tag, either as a whole ref, or a commit's id or the beginning of it; null or empty: the default
     *     branch. A branch wins over a tag, and both over an id.
     * @throws ProblemException {@code git.empty} if the default branch has no commit, {@code git.no-revision}
     */
    static RevCommit commit(Repository repository, RevWalk walk, String at) throws IOException {
        if (at == null || at.isEmpty() || at.equals(Constants.HEAD)) {
            return head(repository, walk)
                    .orElseThrow(() -> new ProblemException(
                            Kind.NOT_FOUND,
                            "git.empty",
                            "The repository has no commit yet. Push one, or start a session and commit in it."));
        }
        return named(repository, walk, at).orElseThrow(() -> noRevision(at));
    }

    /** Empty while the default branch has no commit. */
    static Optional<RevCommit> head(Repository repository, RevWalk walk) throws IOException {
        var head = repository.exactRef(Constants.HEAD);
        return head == null || head.getObjectId() == null
                ? Optional.empty()
                : Optional.of(walk.parseCommit(head.getObjectId()));
    }

    /** The commit that a ref is at; empty for a tag of something else. */
    static Optional<RevCommit> commit(RevWalk walk, Ref ref) throws IOException {
        return commit(walk, ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId());
    }

    private static Optional<RevCommit> named(Repository repository, RevWalk walk, String at) throws IOException {
        for (String ref : List.of(Constants.R_HEADS + at, Constants.R_TAGS + at, at)) {
            boolean isForPeople = ref.startsWith(Constants.R_HEADS) || ref.startsWith(Constants.R_TAGS);
            if (isForPeople && Repository.isValidRefName(ref)) {
                var found = repository.exactRef(ref);
                if (found != null && found.getObjectId() != null) {
                    return commit(walk, found);
                }
            }
        }
        return ID.matcher(at).matches() ? byId(walk, at.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static Optional<RevCommit> byId(RevWalk walk, String digits) throws IOException {
        if (digits.length() == Constants.OBJECT_ID_STRING_LENGTH) {
            return commit(walk, ObjectId.fromString(digits));
        }
        Optional<RevCommit> only = Optional.empty();
        for (var id : walk.getObjectReader().resolve(AbbreviatedObjectId.fromString(digits))) {
            var commit = commit(walk, id);
            if (commit.isPresent() && only.isPresent()) {
                throw new ProblemException(
                        Kind.NOT_FOUND,
                        "git.no-revision",
                        digits + " is the beginning of several commits' ids. Give more of it.");
            }
            only = commit.isPresent() ? commit : only;
        }
        return only;
    }

    private static Optional<RevCommit> commit(RevWalk walk, ObjectId id) throws IOException {
        try {
            return walk.peel(walk.parseAny(id)) instanceof RevCommit commit
                    ? Optional.of(walk.parseCommit(commit))
                    : Optional.empty();
        } catch (MissingObjectException missing) {
            return Optional.empty();
        }
    }

    private static ProblemException noRevision(String at) {
        String shown = at.length() > MAX_SHOWN ? at.substring(0, MAX_SHOWN) + "…" : at;
        return new ProblemException(
                Kind.NOT_FOUND,
                "git.no-revision",
                "There is no branch, tag or commit \"" + shown + "\" here. It may have been deleted or renamed.");
    }
}
