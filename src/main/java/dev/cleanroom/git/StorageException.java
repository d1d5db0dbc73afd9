package dev.cleanroom.git;

import java.io.IOException;

/** The database refused or is away; an {@link IOException} because JGit knows no other failure of storage. */
final class StorageException extends IOException {
    StorageException(Exception cause) {
        super("Git storage: " + cause.getMessage(), cause);
    }
}
