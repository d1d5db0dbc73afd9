package dev.cleanroom.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineIn;
import org.eclipse.jgit.transport.PacketLineOut;

/**
 * Requests of gitprotocol-v2 in which a depth relative to what the client has, {@code git fetch --deepen}, is made one from
 * the wanted commits: JGit takes no other. Branches of the client that end at different depths all reach as far as the
 * deepest then.
 */
final class AbsoluteDepth extends InputStream {
    private static final long MAX_REQUEST_BYTES = 64 << 20; // a partial clone asks for a million blobs by id at most

    private static final String DEEPEN = "deepen ";
    private static final int INFINITE = Integer.MAX_VALUE; // as git's clients say it

    private final Repository repository;
    private final InputStream requests;
    private InputStream request = InputStream.nullInputStream();

    AbsoluteDepth(Repository repository, InputStream requests) {
        this.repository = repository;
        this.requests = requests;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = request.read(target, offset, length);
        if (count < 0) {
            request = new ByteArrayInputStream(next());
            count = request.read(target, offset, length);
        }
        return count;
    }

    /** A whole request, for its depth comes before the commits it is counted from; empty at the end. */
    private byte[] next() throws IOException {
        var in = new PacketLineIn(requests, MAX_REQUEST_BYTES);
        var lines = new ArrayList<String>();
        try {
            do {
                lines.add(in.readString());
            } while (!PacketLineIn.isEnd(lines.getLast()));
        } catch (EOFException end) {
            // what is there of it is the reader's to judge
        }
        boolean isRelative = lines.removeIf(line -> line.equals("deepen-relative"));
        return written(isRelative ? absolute(lines) : lines);
    }

    /** What cannot be read stays as it is, for the reader to judge. */
    private List<String> absolute(List<String> lines) throws IOException {
        try {
            long had = depth(ids(lines, "want "), ids(lines, "shallow "));
            return lines.stream()
                    .map(line -> line.startsWith(DEEPEN) ? DEEPEN + Math.min(INFINITE, had + number(line)) : line)
                    .toList();
        } catch (IllegalArgumentException malformed) {
            return lines;
        }
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(DEEPEN.length()));
    }

    private static Set<ObjectId> ids(List<String> lines, String kind) {
        return lines.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> ObjectId.fromString(line.substring(kind.length())))
                .collect(Collectors.toSet());
    }

    /** Of the deepest end of the client's history, the wanted ones being at 1; of all history if it ends elsewhere. */
    private int depth(Set<ObjectId> wanted, Set<ObjectId> ends) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var left = new HashSet<>(ends);
            var seen = new HashSet<ObjectId>();
            var level = new HashSet<RevCommit>();
            for (var id : wanted) {
                if (walk.peel(walk.parseAny(id)) instanceof RevCommit commit) {
                    level.add(commit);
                }
            }
            int depth = 0;
            while (!level.isEmpty() && !left.isEmpty()) {
                depth++;
                var below = new HashSet<RevCommit>();
                for (var commit : level) {
                    seen.add(commit);
                    left.remove(commit);
                    walk.parseHeaders(commit);
                    below.addAll(List.of(commit.getParents()));
                }
                below.removeAll(seen);
                level = below;
            }
            return depth;
        }
    }

    private static byte[] written(List<String> lines) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new PacketLineOut(bytes);
        for (String line : lines) {
            if (PacketLineIn.isEnd(line)) {
                out.end();
            } else if (PacketLineIn.isDelimiter(line)) {
                out.writeDelim();
            } else {
                out.writeString(line);
            }
        }
        return bytes.toByteArray();
    }
}
