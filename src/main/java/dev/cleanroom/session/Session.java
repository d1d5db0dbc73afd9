package dev.cleanroom.session;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A session as other capabilities see it.
 *
 * @param owner the person who made it: quota and host uid are his
 * @param titled a person chose the title, or the first prompt gave it
 * @param model {@code provider/name}
 * @param mode as in Claude Code: {@code default}, {@code acceptEdits}, {@code bypassPermissions} …
 * @param sequence of the newest event
 * @param baseCommit where its branch began
 * @param archived hidden from lists, and nothing else
 * @param checkpoint the newest that the log has, or null; the hidden ref may be ahead of it
 * @param forkedFrom the session that its log was copied from, up to {@code forkedSequence}; null: none, or it was deleted
 */
public record Session(
        UUID id,
        UUID project,
        UUID owner,
        String title,
        boolean titled,
        Status status,
        String model,
        String mode,
        long sequence,
        double costUsd,
        String baseCommit,
        String checkpoint,
        boolean archived,
        Instant createdAt,
        Instant changedAt,
        UUID forkedFrom,
        Long forkedSequence) {

    private static final String BRANCHES = "refs/heads/session/";

    public enum Status {
        idle,
        running,
        waiting
    }

    /** {@code refs/heads/session/<id>}. */
    public String branch() {
        return branchOf(id);
    }

    static String branchOf(UUID id) {
        return BRANCHES + id;
    }

    /** The session whose own branch a ref would be; empty if it can be no session's. */
    static Optional<UUID> ofBranch(String ref) {
        try {
            return ref.startsWith(BRANCHES)
                    ? Optional.of(UUID.fromString(ref.substring(BRANCHES.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException named) {
            return Optional.empty();
        }
    }

    /** The hidden ref that checkpoints are chained on. */
    public String checkpointRef() {
        return checkpointRefOf(id);
    }

    static String checkpointRefOf(UUID id) {
        return "refs/cleanroom/session/" + id + "/tree";
    }

    /** The hidden ref that the user's HEAD is kept on. */
    public String headRef() {
        return headRefOf(id);
    }

    static String headRefOf(UUID id) {
        return "refs/cleanroom/session/" + id + "/heads/session";
    }
}
