package dev.cleanroom.session;

/** The database cannot be reached or refused: nothing was stored. Worth another try. */
public final class StorageException extends RuntimeException {
    public StorageException(Throwable cause) {
        super("The server cannot store anything right now: " + cause.getMessage(), cause);
    }
}
