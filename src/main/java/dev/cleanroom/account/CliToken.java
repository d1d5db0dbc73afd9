package dev.cleanroom.account;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The first administrator's access token in the data folder, for {@code ./cleanroom run} on this machine. */
@ApplicationScoped
class CliToken {
    private static final Duration LIFETIME =
            Duration.ofDays(3_650); // whoever reads the file reads the database as well

    private final Path file;
    private final AccessTokenStore tokens;

    CliToken(@ConfigProperty(name = "cleanroom.home") Path home, AccessTokenStore tokens) {
        this.file = home.resolve("cli-token");
        this.tokens = tokens;
    }

    /** Keeps one that works. */
    void ensure(Person administrator) {
        if (isKept()) {
            return;
        }
        try {
            var token = tokens.create(
                    administrator.id(),
                    "cli-token of this machine",
                    Set.of(Caller.Scope.ALL),
                    Set.of(),
                    Instant.now().plus(LIFETIME));
            PrivateFile.write(file, token.token() + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException("Cannot write " + file, unwritable);
        }
    }

    private boolean isKept() {
        try {
            return tokens.caller(Files.readString(file).strip())
                    .filter(Caller::administrator)
                    .isPresent();
        } catch (IOException absent) { // or another user's, such as root's copy: it is replaced
            return false;
        }
    }
}
