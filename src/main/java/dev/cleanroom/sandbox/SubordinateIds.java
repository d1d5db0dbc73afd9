package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * The ids that the server user may give to sandboxes, from {@code /etc/subuid} and {@code /etc/subgid}: both files must
 * hold the range.
 *
 * @param first host id of slot 0
 * @param count how many
 */
record SubordinateIds(int first, int count) {
    /** The widest range of this user that both files have, or empty. */
    static Optional<SubordinateIds> of(String user) throws IOException {
        return of(user, Path.of("/etc/subuid"), Path.of("/etc/subgid"));
    }

    static Optional<SubordinateIds> of(String user, Path users, Path groups) throws IOException {
        var uids = widest(users, user);
        var gids = widest(groups, user);
        return uids.isEmpty() || gids.isEmpty()
                ? Optional.empty()
                : Optional.of(uids.get().intersection(gids.get())).filter(range -> range.count() > 0);
    }

    /**
     * @param slot from 0
     * @throws SandboxException when the range is used up
     */
    int hostId(int slot) {
        if (slot < 0 || slot >= count) {
            throw new SandboxException("All " + count + " host ids of " + DropRoot.serverUser()
                    + " are given away; widen its range in /etc/subuid and /etc/subgid");
        }
        return first + slot;
    }

    private SubordinateIds intersection(SubordinateIds other) {
        int from = Math.max(first, other.first);
        int to = Math.min(first + count, other.first + other.count);
        return new SubordinateIds(from, Math.max(0, to - from));
    }

    private static Optional<SubordinateIds> widest(Path file, String user) throws IOException {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file)) {
            return lines.map(line -> line.strip().split(":"))
                    .filter(fields -> fields.length == 3 && fields[0].equals(user))
                    .map(fields -> new SubordinateIds(Integer.parseInt(fields[1]), Integer.parseInt(fields[2])))
                    .max(Comparator.comparingInt(SubordinateIds::count));
        }
    }
}
