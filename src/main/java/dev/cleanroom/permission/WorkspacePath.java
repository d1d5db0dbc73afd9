package dev.cleanroom.permission;

import java.util.ArrayDeque;
import java.util.Optional;

/** Paths as rules see them: relative to the workspace, without {@code .}, {@code ..} or empty parts. */
final class WorkspacePath {
    static final String ROOT = "/workspace";

    private WorkspacePath() {}

    /** Where {@code path} leads, seen from the workspace's root ({@code ""} for the root), or empty if outside. */
    static Optional<String> inside(String path) {
        String rest = path;
        if (path.startsWith("/")) {
            if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
                return Optional.empty();
            }
            rest = path.substring(ROOT.length());
        }
        var parts = new ArrayDeque<String>();
        for (String part : rest.split("/")) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return Optional.of(String.join("/", parts));
    }
}
