package dev.cleanroom.git;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsFsck;
import org.eclipse.jgit.lib.NullProgressMonitor;

/** Reads every object of a repository and looks whether all that its refs reach is there and whole. */
@ApplicationScoped
public class RepositoryCheck {
    /** @param objects about how many there are; those in two packs count twice */
    public record Report(long objects, List<String> problems) {}

    private final Repositories repositories;
    private final RefStore refs;

    RepositoryCheck(Repositories repositories, RefStore refs) {
        this.repositories = repositories;
        this.refs = refs;
    }

    /** All repositories one after the other: after a restore. */
    public Map<UUID, Report> checkAll() {
        try {
            var reports = new LinkedHashMap<UUID, Report>();
            for (var project : refs.repositories()) {
                reports.put(project, check(project));
            }
            return reports;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Report check(UUID project) {
        try (var repository = repositories.openStored(project)) {
            long objects = repository.getObjectDatabase().getApproximateObjectCount();
            return new Report(objects, problems(repository));
        }
    }

    private static List<String> problems(StoredRepository repository) {
        var check = new DfsFsck(repository);
        check.setObjectChecker(PackLimits.checker());
        var problems = new ArrayList<String>();
        try {
            var found = check.check(NullProgressMonitor.INSTANCE);
            found.getCorruptIndices()
                    .forEach(index ->
                            problems.add("The index " + index.getFileName() + " is broken: " + index.getErrorType()));
            found.getCorruptObjects()
                    .forEach(object ->
                            problems.add("Object " + object.getId().name() + " is broken: " + object.getErrorType()));
            found.getMissingObjects().forEach(id -> problems.add("Object " + id.name() + " is missing"));
            found.getNonCommitHeads().forEach(ref -> problems.add(ref + " is at no commit"));
        } catch (IOException unreadable) {
            problems.add("The repository cannot be read: " + unreadable.getMessage());
        }
        return problems;
    }
}
