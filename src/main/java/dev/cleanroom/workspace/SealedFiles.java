package dev.cleanroom.workspace;

import dev.cleanroom.git.History;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.WriteCondition;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.LeftOut;
import dev.cleanroom.workspace.SealedStore.Kept;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One session's files that git ignores and its project keeps nevertheless. They are beside the checkpoints: a checkpoint's
 * message names the set that belongs to it. Used by one thread at a time.
 */
final class SealedFiles {
    private static final Logger LOG = Logger.getLogger(SealedFiles.class);
    private static final int MAX_FILES = 50; // settings and small databases, no caches
    private static final int MAX_BYTES = 1 << 20; // of one file: each change of it is kept whole, as text
    private static final int MAX_SUM = 8 << 20; // bytes of a set
    private static final Duration LIMIT = Duration.ofSeconds(30); // a few megabytes are hashed
    private static final String SCRIPT = Worktree.script("kept.sh");
    private static final Pattern TRAILER =
            Pattern.compile("(?m)^Cleanroom-Kept: (\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})$");
    private static final String CHMOD = "while [ $# -gt 0 ]; do chmod \"$1\" \"./$2\"; shift 2; done";

    /**
     * @param set that has the files as they are; empty: the project keeps none
     * @param leftOut too large or too many
     */
    record Taken(Optional<UUID> set, List<LeftOut> leftOut) {
        static final Taken NOTHING = new Taken(Optional.empty(), List.of());
    }

    private record Found(String hash, String mode, long bytes, String path) {}

    private final Session session;
    private final Sandbox sandbox;
    private final History history;
    private final Supplier<List<String>> patterns;
    private final SealedStore store;
    private Optional<UUID> newest = Optional.empty();
    private List<Kept> kept = List.of(); // in it

    /** @param patterns as the project has them now */
    SealedFiles(Session session, Sandbox sandbox, History history, Supplier<List<String>> patterns, SealedStore store) {
        this.session = session;
        this.sandbox = sandbox;
        this.history = history;
        this.patterns = patterns;
        this.store = store;
    }

    /** @param checkpoint the newest one, whose set the next one is compared with */
    void goOnFrom(String checkpoint) {
        try {
            newest = setOf(checkpoint);
            kept = newest.flatMap(set -> store.find(session.id(), set)).orElse(List.of());
        } catch (ProblemException unreadable) {
            LOG.warnf("Session %s: what was kept is kept anew: %s", session.id(), unreadable.getMessage());
            newest = Optional.empty();
        }
    }

    /** Whether the project keeps any: then nobody tells when they change. */
    boolean areWanted() {
        return !patterns.get().isEmpty();
    }

    /** Keeps the files as they are now. */
    Taken take() throws InterruptedException {
        var wanted = patterns.get();
        if (wanted.isEmpty()) {
            return Taken.NOTHING;
        }
        var leftOut = new ArrayList<LeftOut>();
        var now = new ArrayList<Kept>();
        Map<UUID, byte[]> contents = new HashMap<>();
        long sum = 0;
        for (var found : find(wanted)) {
            if (now.size() == MAX_FILES || found.bytes() > MAX_BYTES || sum + found.bytes() > MAX_SUM) {
                leftOut.add(new LeftOut(found.path(), found.bytes()));
                continue;
            }
            sum += found.bytes();
            now.add(known(found)
                    .orElseGet(() -> new Kept(found.path(), found.mode(), found.hash(), UUID.randomUUID())));
        }
        for (var file : List.copyOf(now)) {
            if (kept.stream().noneMatch(known -> known.file().equals(file.file()))) {
                now.remove(file);
                read(file.path()).ifPresent(content -> {
                    contents.put(file.file(), content);
                    now.add(new Kept(file.path(), file.mode(), hash(content), file.file()));
                });
            }
        }
        now.sort(Comparator.comparing(Kept::path));
        if (newest.isEmpty() || !now.equals(kept)) {
            newest = Optional.of(store.add(session.id(), now, contents));
            kept = List.copyOf(now);
        }
        return new Taken(newest, leftOut);
    }

    /** Empty if it is gone by now. */
    private Optional<byte[]> read(String path) throws InterruptedException {
        try {
            return Optional.of(sandbox.read(path, 0, MAX_BYTES).bytes());
        } catch (FileProblem gone) {
            return Optional.empty();
        }
    }

    /** Makes the files what they were at a checkpoint. Those that were not kept then stay. */
    void restore(String checkpoint) throws InterruptedException {
        try {
            var set = setOf(checkpoint);
            var files = set.flatMap(id -> store.find(session.id(), id));
            if (files.isPresent()) {
                restore(files.get());
            }
        } catch (ProblemException unreadable) {
            LOG.warnf("Session %s: files that git ignores are not restored: %s", session.id(), unreadable.getMessage());
        }
    }

    private void restore(List<Kept> files) throws InterruptedException {
        var modes = new ArrayList<String>();
        for (var file : files) {
            var content = store.content(session.id(), file.file());
            try {
                if (content.isPresent()) {
                    sandbox.write(file.path(), content.get(), new WriteCondition.Always());
                    modes.add(file.mode());
                    modes.add(file.path());
                }
            } catch (FileProblem inTheWay) {
                LOG.infof("Session %s: %s is not restored: %s", session.id(), file.path(), inTheWay.getMessage());
            }
        }
        var argv = Stream.concat(Stream.of("sh", "-c", CHMOD, "chmod"), modes.stream())
                .toList();
        SandboxCommand.run(sandbox, LIMIT, Map.of(), argv, Optional.empty());
    }

    private Optional<Kept> known(Found found) {
        return kept.stream()
                .filter(known -> known.hash().equals(found.hash()))
                .findFirst()
                .map(known -> new Kept(found.path(), found.mode(), found.hash(), known.file()));
    }

    private List<Found> find(List<String> wanted) throws InterruptedException {
        var argv = Stream.concat(Stream.of("sh", "-c", SCRIPT, "kept"), wanted.stream())
                .toList();
        var result = SandboxCommand.run(sandbox, LIMIT, Worktree.plainGit(), argv, Optional.empty());
        if (result.code() != 0) {
            throw new SandboxException("The files to be kept cannot be read: " + result.complaint());
        }
        return Stream.of(new String(result.output(), StandardCharsets.UTF_8).split("\0"))
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(" ", 4))
                .map(parts -> new Found(parts[0], parts[1], Long.parseLong(parts[2]), parts[3]))
                .toList();
    }

    private Optional<UUID> setOf(String checkpoint) {
        return TRAILER.matcher(history.note(session.project(), checkpoint).message())
                .results()
                .map(found -> UUID.fromString(found.group(1)))
                .reduce((first, last) -> last);
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
