package dev.cleanroom.project;

import java.util.Optional;

/** Where a new project's content comes from. */
public sealed interface Source {
    record Empty() implements Source {}

    /** @param token for https with a password; never stored in plain, never logged */
    record Git(String url, Optional<String> token) implements Source {
        @Override
        public String toString() {
            return "Git[" + url + "]";
        }
    }

    record Template(String name) implements Source {}

    /** An uploaded archive; its bytes come by another way. */
    record Archive() implements Source {}
}
