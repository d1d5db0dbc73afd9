package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Unknown access tokens, counted for each address that sends them. */
@Singleton
class TokenGuesses {
    private static final int PER_MINUTE =
            20; // a misconfigured script stays below with its backoff; 256 bits need no less

    private final Tries tries = new Tries(PER_MINUTE, Duration.ofMinutes(1), System::nanoTime);

    void count(String address) {
        try {
            tries.take(address);
        } catch (ProblemException full) {
            // requests that were under way together: the next one is refused
        }
    }

    /** @throws ProblemException {@code account.too-many-tries} */
    void check(String address) {
        tries.check(address);
    }
}
