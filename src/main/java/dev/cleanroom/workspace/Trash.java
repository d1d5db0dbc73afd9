package dev.cleanroom.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.FileStat;
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

/**
 * What people deleted, until it is put back or too old. It lies in {@code .git}: on the same disk, and where neither git nor
 * the watcher looks. Each deletion has a folder there, with a list of the paths and what was at them, by number.
 */
final class Trash {
    private static final String FOLDER = ".git/cleanroom-trash";
    private static final String LIST = "paths.json";
    private static final int MAX_KEPT = 100; // deletions; nobody undoes more
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
        sandbox.write(place(token) + LIST, bytes(paths), new Sandbox.WriteCondition.IsNew());
        int taken = 0;
        try {
            for (; taken < paths.size(); taken++) {
                sandbox.move(paths.get(taken), place(token) + taken);
            }
        } catch (FileProblem refused) {
            while (--taken >= 0) {
                sandbox.move(place(token) + taken, paths.get(taken));
            }
            sandbox.delete(FOLDER + "/" + token);
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
        var paths = paths(token);
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
        sandbox.delete(FOLDER + "/" + token);
    }

    /** An empty folder for something that is on its way, tidied away like a deletion. @return what {@link #place} takes */
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

    /** Deletes for good what is old, or beyond the newest {@value #MAX_KEPT}. */
    void tidy() throws InterruptedException {
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

    private List<String> paths(String token) throws InterruptedException {
        if (token.matches(TOKEN)) {
            try {
                var list = sandbox.read(place(token) + LIST, 0, MAX_LIST).bytes();
                return JSON.readValue(list, new TypeReference<List<String>>() {});
            } catch (FileProblem | IOException unreadable) {
                // said below
            }
        }
        throw new ProblemException(
                Kind.GONE,
                "file.undo-gone",
                "This deletion cannot be undone any more: it was undone before, or is too old."
                        + " Files that were in a checkpoint can be restored from there.");
    }

    private static byte[] bytes(List<String> paths) {
        try {
            return JSON.writeValueAsBytes(paths);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
