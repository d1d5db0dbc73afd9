package dev.cleanroom.runner.wire;

/** Why a runner did not do what it was asked. The code on the wire is the ordinal: append only. */
public enum Refusal {
    NOT_FOUND,
    EXISTS,
    STALE,
    OUTSIDE,
    IS_DIRECTORY,
    NOT_DIRECTORY,
    NOT_REGULAR,
    TOO_LARGE,
    NO_SPACE,
    INVALID,
    DENIED,
    /** The command's result was acknowledged before: only its id is left. */
    FORGOTTEN,
    /** Nothing a caller can mend: no room for a process, an I/O error. */
    FAILED;

    private static final Refusal[] ALL = values();

    public static Refusal of(int code) throws ProtocolException {
        if (code >= ALL.length) {
            throw new ProtocolException("unknown refusal " + code);
        }
        return ALL[code];
    }
}
