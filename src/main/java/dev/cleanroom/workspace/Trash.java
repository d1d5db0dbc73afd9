package dev.cleanroom.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.SandboxException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What people deleted or replaced, until it is put back or too old. It lies in {@code .git}: on the same disk, and where
 * neither git nor the watcher looks. Each deletion, and each replacement in files, has a folder there, with a list of the
 * paths and what was at them, by number.
 */
final class Trash {
    private static final Logger LOG = Logger.getLogger(Trash.class);
    private static final String FOLDER = ".git/cleanroom-trash";
    private static final String LIST = "paths.json";
    private static final int MAX_KEPT = 100; // folders; nobody undoes more
    private static final Duration MAX_AGE = Duration.ofDays(1); // it takes disk space
    private static final int MAX_LISTED = 10_000;
    private static final int MAX_LIST = 8 << 20; // bytes; a thousand of the longest paths
    private static final Duration TIDY_LIMIT = Duration.ofMinutes(5); // a large node_modules on a slow disk
    private static final String TOKEN = "[0-9]{13}-[0-9a-f]{16}"; // milliseconds since 1970, and chance
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sandbox sandbox;

    Trash(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /**
     * Takes them all, or none.
     *
     * @param paths without one that lies in another
     * @return what {@link #putBack} takes
     * @throws FileProblem {@code NOT_FOUND} if one is not there
     */
    String take(List<String> paths) throws InterruptedException {
        for (var path : paths) {
            if (sandbox.stat(path).isEmpty()) {
                throw new FileProblem(FileProblem.Reason.NOT_FOUND, path + " does not exist.");
            }
        }
        var token = newPlace();
        list(token, paths);
        int taken = 0;
        try {
            for (; taken < paths.size(); taken++) {
                sandbox.move(paths.get(taken), place(token) + taken);
            }
        } catch (FileProblem refused) {
            while (--taken >= 0) {
                sandbox.move(place(token) + taken, paths.get(taken));
            }
            forget(token);
            throw refused;
        }
        return token;
    }

    /**
     * Puts back what is still there of a deletion; never over something.
     *
     * @throws ProblemException {@code file.undo-gone}
     * @throws FileProblem {@code EXISTS}
     */
    void putBack(String token) throws InterruptedException {
        var paths = listed(token, new TypeReference<List<String>>() {});
        var left = new ArrayList<Integer>(); // all, unless an earlier try was cut off
        for (int i = 0; i < paths.size(); i++) {
            var path = AskedPath.ofWritable(paths.get(i)); // whatever runs in the sandbox may have written the list
            if (sandbox.stat(place(token) + i).isEmpty()) {
                continue;
            }
            left.add(i);
            if (sandbox.stat(path).isPresent()) {
                throw new FileProblem(
                        FileProblem.Reason.EXISTS,
                        "There is something at " + path + " again. Move it away, then undo the deletion.");
            }
        }
        for (int i : left) {
            sandbox.move(place(token) + i, paths.get(i));
        }
        forget(token);
    }

    /** An empty folder, tidied away like a deletion. @return what {@link #place} takes */
    String newPlace() throws InterruptedException {
        byte[] chance = new byte[8];
        RANDOM.nextBytes(chance);
        var token = Instant.now().toEpochMilli() + "-" + HexFormat.of().formatHex(chance);
        sandbox.makeDirectory(FOLDER + "/" + token);
        return token;
    }

    /** With {@code /} at its end. */
    static String place(String token) {
        return FOLDER + "/" + token + "/";
    }

    /** Says what is in a place, by number, for {@link #listed}. */
    void list(String token, List<?> things) throws InterruptedException {
        sandbox.write(place(token) + LIST, bytes(things), new Sandbox.WriteCondition.IsNew());
    }

    /** @throws ProblemException {@code file.undo-gone} */
    <T> T listed(String token, TypeReference<T> type) throws InterruptedException {
        if (token.matches(TOKEN)) {
            try {
                return JSON.readValue(
                        sandbox.read(place(token) + LIST, 0, MAX_LIST).bytes(), type);
            } catch (FileProblem | IOException unreadable) {
                // said below
            }
        }
        throw new ProblemException(
                Kind.GONE,
                "file.undo-gone",
                "This cannot be undone any more: it was undone before, or is too old."
                        + " Files that were in a checkpoint can be restored from there.");
    }

    /** It has been put back. */
    void forget(String token) throws InterruptedException {
        sandbox.delete(FOLDER + "/" + token);
    }

    /** {@link #tidy} in the background: a large deletion takes a while. */
    void tidyLater(UUID session) {
        Thread.ofVirtual().name("trash-" + session).start(() -> {
            try {
                tidy();
            } catch (InterruptedException | SandboxException | FileProblem left) {
                LOG.debugf("Trash of session %s: %s", session, left.getMessage());
            }
        });
    }

    /** Deletes for good what is old, or beyond the newest {@value #MAX_KEPT}. */
    private void tidy() throws InterruptedException {
        var oldest = Long.toString(Instant.now().minus(MAX_AGE).toEpochMilli());
        var tokens = sandbox.list(FOLDER, MAX_LISTED).stream()
                .map(FileStat::path)
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(name -> name.matches(TOKEN))
                .sorted()
                .toList();
        var argv = new ArrayList<>(List.of("rm", "-rf", "--"));
        for (int i = 0; i < tokens.size(); i++) {
            if (i < tokens.size() - MAX_KEPT || tokens.get(i).compareTo(oldest) < 0) {
                argv.add(FOLDER + "/" + tokens.get(i));
            }
        }
        if (argv.size() > 3) {
            SandboxCommand.run(sandbox, TIDY_LIMIT, Map.of(), argv, Optional.empty());
        }
    }

    /** What is deleted with another one of them, or named twice, is left out. */
    static List<String> outermost(Collection<String> paths) {
        var clean = paths.stream()
                .map(path -> path.replaceAll("/+", "/").replaceFirst("/$", ""))
                .distinct()
                .toList();
        return clean.stream()
                .filter(path -> clean.stream().noneMatch(other -> path.startsWith(other + "/")))
                .toList();
    }

    private static byte[] bytes(List<?> things) {
        try {
            return JSON.writeValueAsBytes(things);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
