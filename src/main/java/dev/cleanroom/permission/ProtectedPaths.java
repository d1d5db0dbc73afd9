package dev.cleanroom.permission;

import java.util.List;
import java.util.Set;

/** Files through which a repository makes programs run, on this machine or on another: never changed without a question. */
final class ProtectedPaths {
    private static final Set<String> FOLDERS = Set.of(
            ".git", ".claude", ".vscode", ".idea", ".husky", ".devcontainer", ".cargo", ".yarn", ".mvn", ".cleanroom");
    private static final Set<String> FILES = Set.of(
            ".bashrc",
            ".bash_profile",
            ".profile",
            ".zshrc",
            ".zprofile",
            ".zshenv",
            ".npmrc",
            ".yarnrc",
            ".yarnrc.yml",
            ".mcp.json",
            ".gitconfig",
            ".gitmodules",
            ".envrc",
            ".pypirc",
            ".netrc");

    private ProtectedPaths() {}

    /** @param path relative to the workspace, normal form */
    static boolean include(String path) {
        var segments = List.of(path.split("/"));
        return segments.stream().anyMatch(FOLDERS::contains) || FILES.contains(segments.getLast());
    }
}
