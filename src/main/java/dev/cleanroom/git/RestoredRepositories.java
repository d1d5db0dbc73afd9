package dev.cleanroom.git;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.jgit.internal.storage.dfs.DfsFsck;
import org.eclipse.jgit.lib.NullProgressMonitor;

/** All repositories of a database that no server runs on, checked to the last object. */
public final class RestoredRepositories {
    static {
        IsolatedSystem.install();
    }

    private RestoredRepositories() {}

    /** @return what is wrong, by project; empty if nothing is */
    public static Map<UUID, String> damaged(DataSource source) throws IOException {
        var database = new Database(source);
        var packs = new PackStore(database);
        var refs = new RefStore(database);
        var damaged = new TreeMap<UUID, String>();
        for (UUID project : projects(source)) {
            try (var repository = StoredRepository.open(project, packs, refs, RefAuthor.SERVER)) {
                var errors = new DfsFsck(repository).check(NullProgressMonitor.INSTANCE);
                int count = errors.getCorruptObjects().size()
                        + errors.getMissingObjects().size()
                        + errors.getCorruptIndices().size()
                        + errors.getNonCommitHeads().size();
                if (count > 0) {
                    damaged.put(project, count + " objects");
                }
            }
        }
        return damaged;
    }

    private static List<UUID> projects(DataSource source) throws IOException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select project_id from git_repo")) {
            var all = new ArrayList<UUID>();
            while (rows.next()) {
                all.add(rows.getObject(1, UUID.class));
            }
            return all;
        } catch (SQLException failed) {
            throw new StorageException(failed);
        }
    }
}
