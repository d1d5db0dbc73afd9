package dev.cleanroom.git;

import java.io.IOException;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;

/**
 * One project's bare repository. One instance a request: it sees the newest packs and refs; what is worth keeping is in
 * JGit's block cache, under names that never change their bytes.
 */
final class StoredRepository extends DfsRepository {
    /** JGit's builder without its {@code setup()}, which asks for a folder. */
    private static final class Builder extends DfsRepositoryBuilder<Builder, StoredRepository> {
        private final UUID project;
        private final PackStore packs;
        private final RefStore refs;

        Builder(UUID project, PackStore packs, RefStore refs) {
            this.project = project;
            this.packs = packs;
            this.refs = refs;
            setRepositoryDescription(new DfsRepositoryDescription(project.toString()));
            setBare();
        }

        @Override
        public StoredRepository build() {
            return new StoredRepository(this);
        }
    }

    private final UUID project;
    private final StoredObjects objects;
    private final StoredRefs refs;

    private StoredRepository(Builder builder) {
        super(builder);
        project = builder.project;
        objects = new StoredObjects(this, builder.packs);
        refs = new StoredRefs(this, builder.refs);
        var config = getConfig();
        config.setBoolean("core", null, "bare", true);
        config.setBoolean("uploadpack", null, "allowFilter", true);
        // lazy fetches of a partial clone want blobs; whoever reads the project may read all of it
        config.setBoolean("uploadpack", null, "allowAnySHA1InWant", true);
        config.setInt("receive", null, "autogc", 0);
    }

    static StoredRepository open(UUID project, PackStore packs, RefStore refs) {
        return new Builder(project, packs, refs).build();
    }

    UUID project() {
        return project;
    }

    @Override
    public StoredObjects getObjectDatabase() {
        return objects;
    }

    @Override
    public StoredRefs getRefDatabase() {
        return refs;
    }

    @Override
    public boolean exists() throws IOException {
        return refs.exists();
    }
}
