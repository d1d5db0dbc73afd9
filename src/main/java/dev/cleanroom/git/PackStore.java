package dev.cleanroom.git;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.pack.PackExt;

/** The only door to the tables {@code git_pack}, {@code git_pack_file} and {@code git_chunk}. */
@ApplicationScoped
class PackStore {
    /** Bytes of a chunk: measured fastest of 64 KiB to 4 MiB. */
    static final int CHUNK_BYTES = 1 << 20;

    private static final int WRITING = 0;
    private static final int LIVE = 1;
    private static final int REPLACED = 2;

    private final Database database;

    PackStore(Database database) {
        this.database = database;
    }

    /** The live packs of a project, oldest first. */
    List<StoredPack> list(DfsRepositoryDescription repository, UUID project) throws IOException {
        return database.read(connection -> {
            var packs = new LinkedHashMap<Long, StoredPack>();
            try (var select = connection.prepareStatement("""
                    select p.id, p.name, p.source, p.last_modified, p.object_count, p.delta_count, p.index_version,
                           p.chunk_size, f.ext, f.size_bytes, f.block_size
                    from git_pack p join git_pack_file f on f.pack_id = p.id
                    where p.project_id = ? and p.state = ? order by p.id""")) {
                select.setObject(1, project);
                select.setInt(2, LIVE);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        long id = rows.getLong("id");
                        var pack = packs.get(id);
                        if (pack == null) {
                            pack = new StoredPack(
                                    repository,
                                    rows.getString("name"),
                                    PackSource.valueOf(rows.getString("source")),
                                    id,
                                    rows.getInt("chunk_size"));
                            pack.setLastModified(rows.getLong("last_modified"))
                                    .setObjectCount(rows.getLong("object_count"))
                                    .setDeltaCount(rows.getLong("delta_count"))
                                    .setIndexVersion(rows.getInt("index_version"));
                            packs.put(id, pack);
                        }
                        var ext = ext(rows.getString("ext"));
                        pack.addFileExt(ext);
                        pack.setFileSize(ext, rows.getLong("size_bytes"));
                        pack.setBlockSize(ext, rows.getInt("block_size"));
                    }
                }
            }
            return List.copyOf(packs.values());
        });
    }

    /** Writes a full chunk at once, in a transaction of its own; the pack's row comes with its first chunk. */
    void writeChunk(UUID project, StoredPack pack, PackExt ext, int no, byte[] data) throws IOException {
        database.inTransaction(connection -> {
            relaxed(connection);
            if (!pack.hasRow()) {
                pack.setId(insert(connection, project, pack));
            }
            insertChunk(connection, pack, ext, no, data, data.length);
            return null;
        });
    }

    /**
     * Makes packs live, with their last chunks, and marks those that they replace.
     *
     * @throws IOException if a pack was swept meanwhile, or if a replaced one is no longer live
     */
    void commit(UUID project, Collection<StoredPack> packs, Collection<? extends DfsPackDescription> replaced)
            throws IOException {
        database.inTransaction(connection -> {
            relaxed(connection);
            for (var pack : packs) {
                boolean isNew = !pack.hasRow();
                if (isNew) {
                    pack.setId(insert(connection, project, pack));
                }
                pack.forEachTail((ext, no, data, length) -> insertChunk(connection, pack, ext, no, data, length));
                insertFiles(connection, pack);
                try (var update = connection.prepareStatement("""
                        update git_pack set state = ?, source = ?, last_modified = ?, object_count = ?, delta_count = ?,
                            index_version = ?
                        where id = ? and state = ?""")) {
                    update.setInt(1, LIVE);
                    update.setString(2, pack.getPackSource().name());
                    update.setLong(3, pack.getLastModified());
                    update.setLong(4, pack.getObjectCount());
                    update.setLong(5, pack.getDeltaCount());
                    update.setInt(6, pack.getIndexVersion());
                    update.setLong(7, pack.id());
                    update.setInt(8, WRITING);
                    mustHit(update, "was swept while it was written", pack);
                }
            }
            for (var pack : replaced) {
                try (var update = connection.prepareStatement(
                        "update git_pack set state = ?, replaced_at = now() where id = ? and state = ?")) {
                    update.setInt(1, REPLACED);
                    update.setLong(2, ((StoredPack) pack).id());
                    update.setInt(3, LIVE);
                    mustHit(update, "is no longer live", pack);
                }
            }
            return null;
        });
        packs.forEach(StoredPack::forgetTails);
    }

    void delete(Collection<StoredPack> packs) throws IOException {
        database.inTransaction(connection -> {
            for (var pack : packs) {
                if (pack.hasRow()) {
                    try (var delete = connection.prepareStatement("delete from git_pack where id = ?")) {
                        delete.setLong(1, pack.id());
                        delete.executeUpdate();
                    }
                }
            }
            return null;
        });
    }

    /**
     * Bytes {@code [offset, offset + length)} of one chunk, fewer at its end.
     *
     * @throws FileNotFoundException if the pack is gone
     */
    byte[] read(long pack, PackExt ext, int no, int offset, int length) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement(
                    "select substring(data from ? for ?) from git_chunk where pack_id = ? and ext = ? and no = ?")) {
                select.setInt(1, offset + 1);
                select.setInt(2, length);
                select.setLong(3, pack);
                select.setString(4, ext.getExtension());
                select.setInt(5, no);
                try (var rows = select.executeQuery()) {
                    if (!rows.next()) {
                        throw new FileNotFoundException("Pack " + pack + " has no chunk " + no + " of " + ext);
                    }
                    return rows.getBytes(1);
                }
            }
        });
    }

    /** Bytes of a project's live packs. @param collected written by a collection; {@code taken} came in since */
    record Sizes(long collected, long taken, long objects) {}

    Sizes sizes(UUID project) throws IOException {
        return database.read(connection -> {
            try (var select = connection.prepareStatement("""
                    select coalesce(sum(f.size_bytes) filter (where p.source like 'GC%'), 0),
                           coalesce(sum(f.size_bytes) filter (where p.source in ('INSERT', 'RECEIVE', 'COMPACT')), 0),
                           coalesce(sum(p.object_count), 0)
                    from git_pack p join git_pack_file f on f.pack_id = p.id and f.ext = 'pack'
                    where p.project_id = ? and p.state = ?""")) {
                select.setObject(1, project);
                select.setInt(2, LIVE);
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return new Sizes(rows.getLong(1), rows.getLong(2), rows.getLong(3));
                }
            }
        });
    }

    /**
     * Deletes packs that were replaced, and those that a crash left half written.
     *
     * @return how many
     */
    int sweep(Duration replacedFor, Duration writingFor) throws IOException {
        return database.inTransaction(connection -> {
            try (var delete = connection.prepareStatement("""
                    delete from git_pack
                    where state = ? and replaced_at < now() - make_interval(secs => ?)
                       or state = ? and created_at < now() - make_interval(secs => ?)""")) {
                delete.setInt(1, REPLACED);
                delete.setDouble(2, replacedFor.toSeconds());
                delete.setInt(3, WRITING);
                delete.setDouble(4, writingFor.toSeconds());
                return delete.executeUpdate();
            }
        });
    }

    /** A pack without its ref is worth nothing: the ref's own commit waits for the disk, and for all before it. */
    private static void relaxed(Connection connection) throws SQLException {
        try (var set = connection.prepareStatement("select set_config('synchronous_commit', 'off', true)")) {
            set.execute();
        }
    }

    private static long insert(Connection connection, UUID project, StoredPack pack) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into git_pack (project_id, name, source, state, chunk_size) values (?, ?, ?, ?, ?)
                returning id""")) {
            insert.setObject(1, project);
            insert.setString(2, pack.getPackName());
            insert.setString(3, pack.getPackSource().name());
            insert.setInt(4, WRITING);
            insert.setInt(5, pack.chunkSize());
            try (var rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static void insertChunk(
            Connection connection, StoredPack pack, PackExt ext, int no, byte[] data, int length) throws SQLException {
        try (var insert =
                connection.prepareStatement("insert into git_chunk (pack_id, ext, no, data) values (?, ?, ?, ?)")) {
            insert.setLong(1, pack.id());
            insert.setString(2, ext.getExtension());
            insert.setInt(3, no);
            insert.setBytes(4, length == data.length ? data : Arrays.copyOf(data, length));
            insert.executeUpdate();
        }
    }

    private static void insertFiles(Connection connection, StoredPack pack) throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into git_pack_file (pack_id, ext, size_bytes, block_size) values (?, ?, ?, ?)")) {
            for (var ext : files(pack)) {
                insert.setLong(1, pack.id());
                insert.setString(2, ext.getExtension());
                insert.setLong(3, pack.getFileSize(ext));
                insert.setInt(4, pack.getBlockSize(ext));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<PackExt> files(DfsPackDescription pack) {
        var files = new ArrayList<PackExt>();
        for (var ext : PackExt.values()) {
            if (pack.hasFileExt(ext)) {
                files.add(ext);
            }
        }
        return files;
    }

    private static PackExt ext(String name) throws IOException {
        for (var ext : PackExt.values()) {
            if (ext.getExtension().equals(name)) {
                return ext;
            }
        }
        throw new IOException("No pack file has the extension " + name);
    }

    private static void mustHit(PreparedStatement update, String otherwise, DfsPackDescription pack)
            throws SQLException, IOException {
        if (update.executeUpdate() != 1) {
            throw new IOException(pack.getPackName() + " " + otherwise);
        }
    }
}
