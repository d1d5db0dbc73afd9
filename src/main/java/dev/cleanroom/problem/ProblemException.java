package dev.cleanroom.problem;

import static java.util.Objects.requireNonNull;

/** A refusal that a person can act on. Bugs are not problems: let those surface as 500. */
public final class ProblemException extends RuntimeException {
    /** What kind of refusal; decides the HTTP status. */
    public enum Kind {
        INVALID(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        CONFLICT(409),
        /** Was there once and never comes back. */
        GONE(410),
        /** An {@code If-Match} lost. */
        STALE(412),
        TOO_LARGE(413),
        LIMIT(429),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** HTTP status. */
        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private final String code;

    /**
     * @param code stable, dotted and owned by the throwing capability, such as {@code project.name-taken}
     * @param detail a sentence that says what to do
     */
    public ProblemException(Kind kind, String code, String detail) {
        super(requireNonNull(detail, "detail is null"));
        this.kind = requireNonNull(kind, "kind is null");
        this.code = requireNonNull(code, "code is null");
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    /** As it is told to a client. */
    public Problem toProblem() {
        return new Problem(code, kind.status(), getMessage());
    }
}
