package dev.cleanroom.problem;

/** What keeps the server from starting, as a sentence that tells the operator what to do. */
public final class CannotStart extends IllegalStateException {
    public CannotStart(String sentence) {
        super(sentence);
    }

    public CannotStart(String sentence, Exception cause) {
        super(sentence, cause);
    }
}
