package dev.cleanroom.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.pack.PackExt;

/** Writes one file of a pack: full chunks at once, the last one with the pack's commit. */
final class ChunkOutput extends DfsOutputStream {
    private static final int FIRST_BUFFER = 16 << 10; // bytes; most packs are one small commit

    private final PackStore store;
    private final UUID project;
    private final StoredPack pack;
    private final PackExt ext;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int filled;
    private int no;

    ChunkOutput(PackStore store, UUID project, StoredPack pack, PackExt ext) {
        this.store = store;
        this.project = project;
        this.pack = pack;
        this.ext = ext;
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int room = pack.chunkSize() - filled;
            int taken = Math.min(room, left);
            if (filled + taken > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(pack.chunkSize(), Math.max(filled + taken, 2 * buffer.length)));
            }
            System.arraycopy(data, from, buffer, filled, taken);
            filled += taken;
            from += taken;
            left -= taken;
            if (filled == pack.chunkSize()) {
                store.writeChunk(project, pack, ext, no, buffer);
                no++;
                filled = 0;
            }
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        int chunk = (int) (position / pack.chunkSize());
        int offset = (int) (position % pack.chunkSize());
        if (chunk < no) {
            byte[] data = store.read(pack.id(), ext, chunk, offset, target.remaining());
            target.put(data);
            return data.length;
        }
        int length = Math.min(target.remaining(), filled - offset);
        if (length <= 0) {
            return -1;
        }
        target.put(buffer, offset, length);
        return length;
    }

    void tail(PackExt file, StoredPack.TailVisitor visitor) throws SQLException, IOException {
        if (filled > 0) {
            visitor.visit(file, no, buffer, filled);
        }
    }
}
