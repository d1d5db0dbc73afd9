package dev.cleanroom.project;

import java.util.List;
import java.util.UUID;

/**
 * The files on a project's default branch that ask for more authority than a repository has by itself: allow rules,
 * modes, hooks, MCP servers, directories, egress. Implemented by the capability that gives these files their meaning.
 */
public interface AuthorityFiles {
    /**
     * @param path in the repository
     * @param hash of the bytes, hex
     * @param text as a person is shown it
     * @param widens one sentence for each thing that it would allow; never empty
     */
    record AuthorityFile(String path, String hash, String text, List<String> widens) {}

    /** By path; empty if nothing asks. */
    List<AuthorityFile> of(UUID project);
}
