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
        private final RefAuthor author;

        Builder(UUID project, PackStore packs, RefStore refs, RefAuthor author) {
            this.project = project;
            this.packs = packs;
            this.refs = refs;
            this.author = author;
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
    private final RefAuthor author;

    private StoredRepository(Builder builder) {
        super(builder);
        project = builder.project;
        objects = new StoredObjects(this, builder.packs);
        refs = new StoredRefs(this, builder.refs);
        author = builder.author;
        var config = getConfig();
        config.setBoolean("core", null, "bare", true);
        config.setBoolean("uploadpack", null, "allowFilter", true);
        // lazy fetches of a partial clone want blobs; whoever reads the project may read all of it
        config.setBoolean("uploadpack", null, "allowAnySHA1InWant", true);
        config.setInt("receive", null, "autogc", 0);
    }

    static StoredRepository open(UUID project, PackStore packs, RefStore refs, RefAuthor author) {
        return new Builder(project, packs, refs, author).build();
    }

    UUID project() {
        return project;
    }

    /** Who moves refs through this instance. */
    RefAuthor author() {
        return author;
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
