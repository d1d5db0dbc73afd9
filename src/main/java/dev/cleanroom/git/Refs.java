package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;

/** Reads and moves a project's refs. Names are whole ({@code refs/heads/main}); commits are 40 hex digits. */
@ApplicationScoped
public class Refs {
    public static final String HEADS = "refs/heads/";

    /** Where a session's commits go that are not for a person's clone; never advertised. */
    public static final String HIDDEN = "refs/cleanroom/";

    /** Branches that sessions work on, one each. */
    public static final String SESSIONS = Constants.R_HEADS + "session/";

    /** A ref and the commit that it is at; for a tag the commit that it stands for. */
    public record At(String name, String commit) {}

    /** The right to move a ref that one holder at a time moves, until somebody else claims it. */
    public record Claim(String ref, long epoch) {}

    /** Somebody else has claimed the ref: whoever sees this has nothing to do here any more. */
    public static final class ClaimLost extends RuntimeException {
        ClaimLost(String ref) {
            super("somebody else has claimed " + ref);
        }
    }

    private final Repositories repositories;

    Refs(Repositories repositories) {
        this.repositories = repositories;
    }

    /** Takes the ref over: when this returns, nothing that was moved under an earlier claim is still on its way. */
    public Claim claim(UUID project, String ref) {
        try (var repository = repositories.openStored(project)) {
            return repository.getRefDatabase().claim(ref);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The commit that a name means: {@code HEAD}, a whole ref, a branch, a tag, or a commit by its id or a beginning of it.
     *
     * @return empty if there is none
     */
    public Optional<String> resolve(UUID project, String name) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            var id = repository.resolve(name + "^{commit}");
            return id == null
                    ? Optional.empty()
                    : Optional.of(walk.parseCommit(id).name());
        } catch (RevisionSyntaxException
                | AmbiguousObjectException
                | IncorrectObjectTypeException
                | MissingObjectException unknown) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether {@code commit} has {@code other} in its history, or is it. */
    public boolean contains(UUID project, String commit, String other) {
        try (var repository = repositories.open(project);
                var walk = new RevWalk(repository)) {
            return walk.isMergedInto(walk.parseCommit(id(other)), walk.parseCommit(id(commit)));
        } catch (MissingObjectException missing) {
            throw noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The branch that HEAD names, such as {@code main}; it may be unborn. */
    public String defaultBranch(UUID project) {
        return repositories.defaultBranch(project);
    }

    /** Refs below a prefix such as {@code refs/heads/}, by name. */
    public List<At> list(UUID project, String prefix) {
        try (var repository = repositories.open(project)) {
            return repository.getRefDatabase().getRefsByPrefix(prefix).stream()
                    .filter(ref -> ref.getObjectId() != null)
                    .map(ref -> new At(ref.getName(), commit(ref).name()))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Makes a ref at a commit that is here.
     *
     * @throws ProblemException {@code git.ref-exists} if it, or one of a conflicting name, is there; {@code git.no-commit}
     */
    public void create(UUID project, String ref, String commit) {
        create(project, ref, commit, RefAuthor.SERVER);
    }

    /** As {@link #create(UUID, String, String)}; the ref's log says by whom. */
    public void create(UUID project, String ref, String commit, RefAuthor author) {
        if (!move(project, ref, Optional.empty(), Optional.of(commit), author)) {
            throw exists(ref);
        }
    }

    private static ProblemException exists(String ref) {
        return new ProblemException(
                Kind.CONFLICT, "git.ref-exists", "There is a ref " + ref + ", or one whose name conflicts with it.");
    }

    /**
     * Moves a ref to a commit that is here, forwards or not.
     *
     * @param expected what it must be at
     * @return false if it is not at {@code expected}: somebody else moved it
     * @throws ProblemException {@code git.no-commit}
     */
    public boolean update(UUID project, String ref, String expected, String commit) {
        return update(project, ref, expected, commit, RefAuthor.SERVER);
    }

    /** As {@link #update(UUID, String, String, String)}; the ref's log says by whom. */
    public boolean update(UUID project, String ref, String expected, String commit, RefAuthor author) {
        return move(project, ref, Optional.of(expected), Optional.of(commit), author);
    }

    /** @return false if it is not at {@code expected}, or not there */
    public boolean delete(UUID project, String ref, String expected) {
        return move(project, ref, Optional.of(expected), Optional.empty(), RefAuthor.SERVER);
    }

    /**
     * Makes refs at commits that are here, as part of the caller's transaction: until it ends, nobody can move a ref of this
     * project. Not in the refs' log.
     *
     * @throws ProblemException {@code git.ref-exists}, {@code git.no-commit}
     */
    public void createAll(UUID project, List<At> refs) {
        try (var repository = repositories.openStored(project);
                var walk = new RevWalk(repository)) {
            for (var ref : refs) {
                walk.parseCommit(id(ref.commit()));
            }
        } catch (MissingObjectException missing) {
            throw noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        repositories.createRefs(project, refs).ifPresent(taken -> {
            throw exists(taken);
        });
    }

    /** As part of the caller's transaction: until it ends, nobody can move one of them. Not in the refs' log. */
    public void deleteBelow(UUID project, List<String> prefixes) {
        repositories.deleteRefs(project, prefixes);
    }

    private boolean move(UUID project, String ref, Optional<String> from, Optional<String> to, RefAuthor author) {
        try (var repository = repositories.openStored(project, author)) {
            return move(repository, ref, from.map(Refs::id), to.map(Refs::id));
        } catch (MissingObjectException missing) {
            throw noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @throws IllegalArgumentException if no ref can have this name */
    static boolean move(StoredRepository repository, String ref, Optional<ObjectId> from, Optional<ObjectId> to)
            throws IOException {
        return move(repository, ref, from, to, Optional.empty());
    }

    /**
     * @param claim under which it is moved, if it needs one
     * @throws IllegalArgumentException if no ref can have this name
     * @throws ClaimLost
     */
    static boolean move(
            StoredRepository repository,
            String ref,
            Optional<ObjectId> from,
            Optional<ObjectId> to,
            Optional<Claim> claim)
            throws IOException {
        if (!Repository.isValidRefName(ref)) {
            throw new IllegalArgumentException("not a ref: " + ref);
        }
        try (var walk = new RevWalk(repository)) {
            if (to.isPresent()) {
                walk.parseCommit(to.get());
            }
            var batch = repository.getRefDatabase().newBatchUpdate();
            var command = new ReceiveCommand(
                    from.orElse(ObjectId.zeroId()), to.orElse(ObjectId.zeroId()), ref, type(from, to));
            batch.under(claim)
                    .setAllowNonFastForwards(true)
                    .addCommand(command)
                    .execute(walk, NullProgressMonitor.INSTANCE);
            return command.getResult() == Result.OK;
        }
    }

    private static ReceiveCommand.Type type(Optional<ObjectId> from, Optional<ObjectId> to) {
        if (from.isEmpty()) {
            return ReceiveCommand.Type.CREATE;
        }
        return to.isEmpty() ? ReceiveCommand.Type.DELETE : ReceiveCommand.Type.UPDATE;
    }

    /** @throws ProblemException {@code git.no-commit} if this is no object id */
    static ObjectId id(String commit) {
        if (!ObjectId.isId(commit)) {
            throw noCommit(commit);
        }
        return ObjectId.fromString(commit);
    }

    static ProblemException noCommit(String commit) {
        String shown = commit.length() > Constants.OBJECT_ID_STRING_LENGTH
                ? commit.substring(0, Constants.OBJECT_ID_STRING_LENGTH) + "…"
                : commit;
        return new ProblemException(
                Kind.NOT_FOUND, "git.no-commit", "This project has no commit " + shown + ". Reload and try again.");
    }

    private static ObjectId commit(Ref ref) {
        return ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId();
    }
}
