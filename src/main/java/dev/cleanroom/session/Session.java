package dev.cleanroom.session;

import java.time.Instant;
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
        Instant changedAt) {

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
        return "refs/heads/session/" + id;
    }

    /** The hidden ref that checkpoints are chained on. */
    public String checkpointRef() {
        return "refs/cleanroom/session/" + id + "/tree";
    }
}
