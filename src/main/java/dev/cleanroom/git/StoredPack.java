package dev.cleanroom.git;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.pack.PackExt;

/** A pack with the key of its row, and while it is written the last chunk of each of its files, which is not stored yet. */
final class StoredPack extends DfsPackDescription {
    private static final long NO_ROW = 0;

    /** The end of a file: {@code length} bytes of {@code data} are chunk {@code no}. */
    interface TailVisitor {
        void visit(PackExt ext, int no, byte[] data, int length) throws SQLException, IOException;
    }

    private final int chunkSize;
    private final Map<PackExt, ChunkOutput> outputs = new EnumMap<>(PackExt.class);
    private long id;

    StoredPack(DfsRepositoryDescription repository, String name, PackSource source, long id, int chunkSize) {
        super(repository, name, source);
        this.id = id;
        this.chunkSize = chunkSize;
    }

    /** A pack that is about to be written. */
    StoredPack(DfsRepositoryDescription repository, String name, PackSource source) {
        this(repository, name, source, NO_ROW, PackStore.CHUNK_BYTES);
    }

    boolean hasRow() {
        return id != NO_ROW;
    }

    long id() {
        return id;
    }

    void setId(long id) {
        this.id = id;
    }

    int chunkSize() {
        return chunkSize;
    }

    void writtenBy(PackExt ext, ChunkOutput output) {
        outputs.put(ext, output);
    }

    void forEachTail(TailVisitor visitor) throws SQLException, IOException {
        for (var output : outputs.entrySet()) {
            output.getValue().tail(output.getKey(), visitor);
        }
    }

    void forgetTails() {
        outputs.clear();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
