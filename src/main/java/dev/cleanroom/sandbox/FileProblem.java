package dev.cleanroom.sandbox;

/** What the runner refused about a path; a person or the model can act on it. */
public final class FileProblem extends RuntimeException {
    public enum Reason {
        NOT_FOUND,
        EXISTS,
        /** The etag did not match, or a new file was asked for and there is one. */
        STALE,
        /** Outside the workspace, by {@code ..} or through a symbolic link. */
        OUTSIDE,
        IS_DIRECTORY,
        NOT_DIRECTORY,
        /** FIFO, socket or device. */
        NOT_REGULAR,
        TOO_LARGE,
        NO_SPACE,
        /** A name that cannot be (NUL, too long, nothing). */
        INVALID,
        DENIED
    }

    private final Reason reason;

    public FileProblem(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
