package dev.cleanroom.git;

/**
 * What became of one file between two commits.
 *
 * @param path {@code /}-separated
 * @param added lines, 0 for a binary file
 * @param removed lines, 0 for a binary file
 * @param patch as {@code git apply} takes it; empty for a binary file above 1 MiB, which only {@link Diffs#write} carries
 * @param binary not UTF-8 text, or too large to compare by lines
 */
public record FileDiff(String path, Kind kind, int added, int removed, String patch, boolean binary) {
    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }
}
