package dev.cleanroom.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;

/** Reads one file of a pack: what is asked for, or up to a chunk's end where the reader asked to read ahead. */
final class ChunkChannel implements ReadableChannel {
    private final PackStore store;
    private final StoredPack pack;
    private final PackExt ext;
    private final long size;
    private long position;
    private int readAhead;
    private byte[] ahead = {};
    private long aheadFrom;
    private boolean open = true;

    ChunkChannel(PackStore store, StoredPack pack, PackExt ext) {
        this.store = store;
        this.pack = pack;
        this.ext = ext;
        this.size = pack.getFileSize(ext);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (position >= size) {
            return -1;
        }
        if (position < aheadFrom || position >= aheadFrom + ahead.length) {
            int offset = (int) (position % pack.chunkSize());
            int wanted = (int) Math.min(
                    Math.max(target.remaining(), readAhead), Math.min(pack.chunkSize() - offset, size - position));
            ahead = store.read(pack.id(), ext, (int) (position / pack.chunkSize()), offset, wanted);
            aheadFrom = position;
        }
        int from = (int) (position - aheadFrom);
        int length = Math.min(target.remaining(), ahead.length - from);
        if (length <= 0) {
            throw new IOException(pack.getFileName(ext) + " ends at " + position + " instead of " + size);
        }
        target.put(ahead, from, length);
        position += length;
        return length;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void position(long newPosition) {
        position = newPosition;
    }

    @Override
    public long size() {
        return size;
    }

    /** 0: the cache chooses its own block size. */
    @Override
    public int blockSize() {
        return 0;
    }

    @Override
    public void setReadAheadBytes(int bytes) {
        readAhead = bytes;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        ahead = new byte[0];
    }
}
