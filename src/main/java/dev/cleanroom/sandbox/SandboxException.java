package dev.cleanroom.sandbox;

/** The sandbox or its engine does not work: for an operator, or for a rebuild. Not a refusal; see {@link FileProblem}. */
public final class SandboxException extends RuntimeException {
    public SandboxException(String message) {
        super(message);
    }

    public SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
