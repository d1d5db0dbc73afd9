package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCache;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCacheConfig;
import org.eclipse.jgit.lib.Repository;

/** Every project's repository, by the project's id. */
@ApplicationScoped
public class Repositories {
    static {
        IsolatedSystem.install();
        DfsBlockCache.reconfigure(new DfsBlockCacheConfig()
                .setBlockSize(64 << 10) // bytes; what a random read asks the database for
                .setBlockLimit(64 << 20) // bytes of heap, for all repositories together
                .setStreamRatio(0.30));
    }

    private final PackStore packs;
    private final RefStore refs;

    Repositories(PackStore packs, RefStore refs) {
        this.packs = packs;
        this.refs = refs;
    }

    /** Makes an empty repository whose HEAD is the unborn {@code main}; one that is there stays as it is. */
    public void create(UUID project) {
        try {
            refs.create(project, "refs/heads/main");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The repository as it is now; close it. Cheap: open one for each piece of work.
     *
     * @throws ProblemException {@code git.no-repository} if the project has none
     */
    public Repository open(UUID project) {
        return openStored(project);
    }

    StoredRepository openStored(UUID project) {
        return openStored(project, RefAuthor.SERVER);
    }

    /** @param author of every move of a ref through it */
    StoredRepository openStored(UUID project, RefAuthor author) {
        try {
            if (!refs.exists(project)) {
                throw new ProblemException(
                        Kind.NOT_FOUND,
                        "git.no-repository",
                        "This project has no repository. It may have been deleted.");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return StoredRepository.open(project, packs, refs, author);
    }

    /** Deletes the repository with all that is in it, as part of the caller's transaction if there is one. */
    public void delete(UUID project) {
        try {
            refs.delete(project);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As part of the caller's transaction. @return the first that is there, or conflicts with one that is: roll back then */
    Optional<String> createRefs(UUID project, List<Refs.At> made) {
        try {
            return refs.createAll(project, made);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As part of the caller's transaction. @param prefixes of whole names */
    void deleteRefs(UUID project, List<String> prefixes) {
        try {
            refs.deleteBelow(project, prefixes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The branch that HEAD names, such as {@code main}; it may be unborn. */
    String defaultBranch(UUID project) {
        try (var repository = openStored(project)) {
            return Repository.shortenRefName(repository.getFullBranch());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
