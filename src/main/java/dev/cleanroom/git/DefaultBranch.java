package dev.cleanroom.git;

import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/** The branch that HEAD names, which a clone checks out. */
@ApplicationScoped
class DefaultBranch {
    private final ProjectStore projects;

    DefaultBranch(ProjectStore projects) {
        this.projects = projects;
    }

    /** HEAD names a branch that is not there: let it name the likeliest that is, if any. */
    void adopt(StoredRepository repository) throws IOException {
        if (repository.resolve(Constants.HEAD) != null) {
            return;
        }
        var branches = branches(repository);
        var likeliest = likeliest(branches.stream());
        if (likeliest.isPresent()) {
            set(repository, likeliest.get());
        }
    }

    /** @param branch whole, and there */
    void set(StoredRepository repository, String branch) throws IOException {
        repository.updateRef(Constants.HEAD).link(branch);
        projects.defaultBranch(repository.project(), Repository.shortenRefName(branch));
    }

    /** A detached HEAD has no branch: take one by name. */
    static Optional<String> likeliest(Stream<Ref> branches) {
        var names = branches.map(Ref::getName).toList();
        return Stream.of("refs/heads/main", "refs/heads/master", "refs/heads/trunk")
                .filter(names::contains)
                .findFirst()
                .or(() -> names.stream().findFirst());
    }

    /** By name, without those of sessions. */
    static List<Ref> branches(StoredRepository repository) throws IOException {
        return repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                .filter(ref -> !ref.getName().startsWith(Refs.SESSIONS))
                .toList();
    }
}
