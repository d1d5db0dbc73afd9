package dev.cleanroom.model;

import dev.cleanroom.problem.Problem;

/** A model cannot answer, after all that may be retried was retried. */
public final class ModelException extends Exception {
    public enum Kind {
        /** Key, model, credit, request: a person must act. */
        REFUSED,
        /** Provider down, cut or stalled, out of tries. */
        UNAVAILABLE,
        /** The prompt is longer than the window: clear results, or a new session. */
        TOO_LONG
    }

    private final Kind kind;
    private final Problem problem;

    /** @param problem in plain words: {@code model.key-refused}, {@code model.unavailable}, {@code model.context-full} … */
    public ModelException(Kind kind, Problem problem) {
        super(problem.detail());
        this.kind = kind;
        this.problem = problem;
    }

    public Kind kind() {
        return kind;
    }

    public Problem problem() {
        return problem;
    }
}
