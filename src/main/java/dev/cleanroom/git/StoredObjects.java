package dev.cleanroom.git;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsInserter;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsPackParser;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jboss.logging.Logger;

/** A repository's packs, as JGit asks for them. */
final class StoredObjects extends DfsObjDatabase {
    private static final Logger LOG = Logger.getLogger(StoredObjects.class);
    private static final DfsReaderOptions READING = new DfsReaderOptions()
            .setStreamPackBufferSize(2 << 20) // bytes read ahead when a whole pack is sent
            .setStreamFileThreshold(8 << 20); // bytes; a larger object is streamed, not held

    private final PackStore store;
    private final UUID project;

    StoredObjects(StoredRepository repository, PackStore store) {
        super(repository, READING);
        this.store = store;
        this.project = repository.project();
    }

    /** Inserts as JGit does, but takes a pack in only within limits, from wherever it comes. */
    @Override
    public ObjectInserter newInserter() {
        return new DfsInserter(this) {
            @Override
            public DfsPackParser newPackParser(InputStream pack) throws IOException {
                var parser = super.newPackParser(PackLimits.withBelievableHeader(pack));
                parser.setMaxObjectSizeLimit(PackLimits.MAX_OBJECT_BYTES);
                return parser;
            }
        };
    }

    @Override
    protected DfsPackDescription newPack(PackSource source) {
        return new StoredPack(getRepository().getDescription(), "pack-" + UUID.randomUUID(), source);
    }

    @Override
    protected DfsOutputStream writeFile(DfsPackDescription pack, PackExt ext) {
        var stored = (StoredPack) pack;
        var output = new ChunkOutput(store, project, stored, ext);
        stored.writtenBy(ext, output);
        return output;
    }

    @Override
    protected ReadableChannel openFile(DfsPackDescription pack, PackExt ext) throws FileNotFoundException {
        var stored = (StoredPack) pack;
        if (!stored.hasRow()) {
            throw new FileNotFoundException(pack.getFileName(ext));
        }
        return new ChunkChannel(store, stored, ext);
    }

    @Override
    protected List<DfsPackDescription> listPacks() throws IOException {
        return new ArrayList<>(store.list(getRepository().getDescription(), project));
    }

    @Override
    protected void commitPackImpl(Collection<DfsPackDescription> packs, Collection<DfsPackDescription> replaced)
            throws IOException {
        store.commit(project, stored(packs), replaced == null ? List.of() : replaced);
        clearCache();
    }

    @Override
    protected void rollbackPack(Collection<DfsPackDescription> packs) {
        try {
            store.delete(stored(packs));
        } catch (IOException leftForTheSweeper) {
            LOG.debugf(leftForTheSweeper, "Packs of %s stay half written until they are swept", project);
        }
    }

    @Override
    public Set<ObjectId> getShallowCommits() {
        return Set.of();
    }

    @Override
    public void setShallowCommits(Set<ObjectId> shallow) {
        if (!shallow.isEmpty()) {
            throw new UnsupportedOperationException("A stored repository is never shallow");
        }
    }

    @Override
    public long getApproximateObjectCount() {
        try {
            return listPacks().stream()
                    .mapToLong(DfsPackDescription::getObjectCount)
                    .sum();
        } catch (IOException unknown) {
            return -1;
        }
    }

    private static List<StoredPack> stored(Collection<DfsPackDescription> packs) {
        return packs.stream().map(StoredPack.class::cast).toList();
    }
}
