package dev.cleanroom.backup;

import java.util.Optional;

/**
 * What the server does by itself.
 *
 * @param everyHours empty: nothing
 * @param keep the newest backups that stay
 * @param folder empty: the server's own
 * @param sealedPassphrase of what seals the master key in each, opened by {@link BackupStore#passphrase}; empty: it is left out
 */
record Schedule(Optional<Integer> everyHours, int keep, Optional<String> folder, Optional<String> sealedPassphrase) {
    static final Schedule NONE =
            new Schedule(Optional.empty(), 7, Optional.empty(), Optional.empty()); // a week of days
}
