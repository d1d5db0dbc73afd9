package dev.cleanroom.workspace;

import dev.cleanroom.session.SessionForked;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** All output of a call, as bytes: written while it runs, kept for "show all". Of more than 8 MiB the middle is left out. */
@ApplicationScoped
public class ToolOutput {
    private static final int PIECE = 64 * 1024; // bytes a row: what may be left out goes in steps of this
    private static final long KEPT_AT_START = 4L << 20; // bytes; with the end 8 MiB a call (design 5)
    private static final long KEPT_AT_END = 4L << 20; // bytes
    private static final int READ_AT_ONCE = 16; // pieces: 1 MiB in memory a reader

    private final EntityManager database;

    ToolOutput(EntityManager database) {
        this.database = database;
    }

    /** What is kept of {@code [from, next)}. @param from may be higher than asked for: what is between was left out */
    public record Slice(long from, byte[] bytes) {
        public long next() {
            return from + bytes.length;
        }
    }

    /**
     * Keeps the next bytes of a call's output; the same offset a second time changes nothing.
     *
     * @param offset of the first byte, from 0; stdout and stderr are one stream here, in the order of their arrival
     */
    @Transactional
    public void append(UUID session, UUID callId, long offset, byte[] bytes) {
        long end = offset + bytes.length;
        for (int at = 0; at < bytes.length; at += PIECE) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(at + PIECE, bytes.length));
            if (offset + at < KEPT_AT_START || offset + at + piece.length > end - KEPT_AT_END) {
                insert(session, callId, offset + at, piece);
            }
        }
        if (end > KEPT_AT_START + KEPT_AT_END) {
            database.createNativeQuery("""
                            delete from tool_output where session = :session and call_id = :call
                            and first_byte >= :start and first_byte + length(bytes) <= :end""")
                    .setParameter("session", session)
                    .setParameter("call", callId)
                    .setParameter("start", KEPT_AT_START)
                    .setParameter("end", end - KEPT_AT_END)
                    .executeUpdate();
        }
    }

    /**
     * The next kept bytes at or after {@code from}, at most 1 MiB; empty at the end of what there is so far.
     * Call again with {@link Slice#next} for more; a jump says that the middle was left out.
     */
    @Transactional
    public Slice read(UUID session, UUID callId, long from) {
        @SuppressWarnings("unchecked")
        List<Object[]> rows = database.createNativeQuery("""
                        select first_byte, bytes from tool_output where session = :session and call_id = :call
                        and first_byte + length(bytes) > :from order by first_byte limit :most""")
                .setParameter("session", session)
                .setParameter("call", callId)
                .setParameter("from", from)
                .setParameter("most", READ_AT_ONCE)
                .getResultList();
        return join(rows, from);
    }

    private static Slice join(List<Object[]> rows, long from) {
        long start = -1;
        byte[] joined = new byte[0];
        for (Object[] row : rows) {
            long at = ((Number) row[0]).longValue();
            byte[] bytes = (byte[]) row[1];
            if (start < 0) {
                int skipped = (int) Math.max(0, from - at);
                start = at + skipped;
                joined = Arrays.copyOfRange(bytes, skipped, bytes.length);
            } else if (at == start + joined.length) {
                int length = joined.length;
                joined = Arrays.copyOf(joined, length + bytes.length);
                System.arraycopy(bytes, 0, joined, length, bytes.length);
            } else {
                break; // the gap: it is the start of the next slice
            }
        }
        return new Slice(Math.max(start, from), joined);
    }

    /** In the forking transaction: what the copied calls have said stays readable. */
    void copy(@Observes SessionForked forked) {
        database.createNativeQuery("""
                        insert into tool_output (session, call_id, first_byte, bytes)
                        select :fork, call_id, first_byte, bytes from tool_output where session = :from
                        and cast(call_id as text) in (
                          select key from session_event where session = :fork and type = 'tool-returned')""")
                .setParameter("fork", forked.fork())
                .setParameter("from", forked.from())
                .executeUpdate();
    }

    private void insert(UUID session, UUID callId, long offset, byte[] piece) {
        database.createNativeQuery("""
                        insert into tool_output (session, call_id, first_byte, bytes) values (:session, :call, :at, :bytes)
                        on conflict do nothing""")
                .setParameter("session", session)
                .setParameter("call", callId)
                .setParameter("at", offset)
                .setParameter("bytes", piece)
                .executeUpdate();
    }
}
