package dev.cleanroom.backup;

import dev.cleanroom.secret.PortableKey;
import java.util.List;
import java.util.Optional;

/** What a backup has of the master key. @param ids public; {@code sealed}: empty if it is left out */
record Key(List<String> ids, Optional<String> sealed) {
    /** @param keys as the installation has them; {@code passphrase}: empty leaves them out */
    static Key of(Optional<String> keys, Optional<String> passphrase) {
        return new Key(
                keys.map(PortableKey::ids).orElse(List.of()),
                keys.flatMap(text -> passphrase.map(words -> PortableKey.seal(text, words))));
    }
}
