package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.nio.charset.StandardCharsets;

/** The {@code path} of a request, before it is known whether anything is there. */
final class AskedPath {
    private static final int MAX_BYTES = 4_095; // Linux' PATH_MAX without the NUL at its end
    private static final int MAX_NAME_BYTES = 255; // Linux' NAME_MAX
    private static final char REPLACED = '\uFFFD'; // what decoding leaves of bytes that are no UTF-8

    private AskedPath() {}

    /**
     * Relative to the workspace; empty for the workspace itself.
     *
     * @throws ProblemException {@code file.path} if it leads out or no file can have it
     */
    static String of(String asked) {
        if (asked.indexOf(0) >= 0) {
            throw refused("A path cannot contain NUL: use the name as the list of files gives it.");
        }
        if (asked.indexOf(REPLACED) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(asked)) {
            throw refused(
                    "The path is not UTF-8. Encode it as UTF-8; a file whose own name is not can be renamed by a command.");
        }
        if (bytes(asked) > MAX_BYTES) {
            throw refused("The path is longer than " + MAX_BYTES + " bytes, the most that Linux takes: shorten it.");
        }
        for (String name : asked.split("/")) {
            if (bytes(name) > MAX_NAME_BYTES) {
                throw refused("A name in the path is longer than " + MAX_NAME_BYTES
                        + " bytes, the most that Linux takes: shorten it.");
            }
        }
        return Workspace.relative(asked)
                .orElseThrow(() -> refused(
                        asked + " is no path of the workspace: use a relative one, separated by /, without .."));
    }

    /** Of a file: not the workspace itself. */
    static String ofFile(String asked) {
        var path = of(asked);
        if (path.isEmpty()) {
            throw refused("No file is named: use ?path= with a relative path, separated by /.");
        }
        return path;
    }

    /** Of something that may be changed: whatever is in {@code .git} is git's, a command may change it, a save may not. */
    static String ofWritable(String asked) {
        var path = ofFile(asked);
        if (path.equals(".git") || path.startsWith(".git/")) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "file.git-directory", "Files in .git are changed by git commands only.");
        }
        return path;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Kind.INVALID, "file.path", why);
    }
}
