package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Trees;
import dev.cleanroom.project.AuthorityFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads from a project's default branch what its files would allow: settings with rules and hooks, and {@code .mcp.json}. */
@ApplicationScoped
class ProjectAuthorityFiles implements AuthorityFiles {
    private static final String SERVERS = ".mcp.json";

    private final Refs refs;
    private final Trees trees;

    ProjectAuthorityFiles(Refs refs, Trees trees) {
        this.refs = refs;
        this.trees = trees;
    }

    @Override
    public List<AuthorityFile> of(UUID project) {
        var commit = refs.resolve(project, "HEAD");
        if (commit.isEmpty()) {
            return List.of();
        }
        var files = new ArrayList<AuthorityFile>();
        read(project, commit.get(), SettingsFile.PATH)
                .ifPresent(file -> add(files, SettingsFile.PATH, file, file.widens()));
        read(project, commit.get(), SERVERS).ifPresent(file -> add(files, SERVERS, file, servers(file.tree())));
        return files;
    }

    /** The settings file of the default branch. */
    Optional<SettingsFile> settings(UUID project) {
        return refs.resolve(project, "HEAD").flatMap(commit -> read(project, commit, SettingsFile.PATH));
    }

    private Optional<SettingsFile> read(UUID project, String commit, String path) {
        return trees.read(project, commit, path)
                .filter(bytes -> bytes.length <= SettingsFile.MAX_BYTES)
                .map(SettingsFile::of);
    }

    private static void add(List<AuthorityFile> files, String path, SettingsFile file, List<String> widens) {
        if (!widens.isEmpty()) {
            files.add(new AuthorityFile(path, file.hash(), file.text(), widens));
        }
    }

    private static List<String> servers(JsonNode tree) {
        var all = new ArrayList<String>();
        tree.path("mcpServers")
                .properties()
                .forEach(server -> all.add("Starts the server " + server.getKey() + ": "
                        + server.getValue()
                                .path("command")
                                .asText(server.getValue().path("url").asText(""))));
        return all;
    }
}
