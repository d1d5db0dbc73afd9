package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Refusal;

/** An operation was refused; travels to the server as a {@link Refusal} and a sentence. */
final class RefusedException extends RuntimeException {
    private final Refusal refusal;

    RefusedException(Refusal refusal, String message) {
        super(message, null, false, false);
        this.refusal = refusal;
    }

    /** @param errno positive, as in errno.h */
    static RefusedException of(int errno, String what) {
        var refusal = switch (errno) {
            case Sys.ENOENT -> Refusal.NOT_FOUND;
            case Sys.EEXIST, Sys.ENOTEMPTY -> Refusal.EXISTS;
            case Sys.EISDIR -> Refusal.IS_DIRECTORY;
            case Sys.ENOTDIR -> Refusal.NOT_DIRECTORY;
            case Sys.ENXIO, Sys.ENODEV -> Refusal.NOT_REGULAR;
            case Sys.EFBIG, Sys.EOVERFLOW -> Refusal.TOO_LARGE;
            case Sys.ENOSPC, Sys.EDQUOT -> Refusal.NO_SPACE;
            case Sys.EINVAL, Sys.ENAMETOOLONG, Sys.ELOOP, Sys.E2BIG, Sys.ENOEXEC -> Refusal.INVALID;
            case Sys.EACCES, Sys.EPERM, Sys.EROFS, Sys.ETXTBSY -> Refusal.DENIED;
            default -> Refusal.FAILED;
        };
        return new RefusedException(refusal, what + ": " + Sys.message(errno));
    }

    Refusal refusal() {
        return refusal;
    }
}
