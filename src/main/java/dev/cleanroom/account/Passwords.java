package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.secret.Argon2;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Argon2id as OWASP's password storage cheat sheet has it (19 MiB, t=2, p=1), in the PHC string format. */
@Singleton
class Passwords {
    private static final int MIN_CHARACTERS = 8; // NIST SP 800-63B 5.1.1.2
    private static final int MAX_CHARACTERS = 1_024; // hashing more is work for nothing
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int AT_ONCE = 2; // a hash takes 19 MiB and 0.1 to 0.9 s of a core
    private static final int PATIENCE_SECONDS = 20; // then a person would rather be told

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private final SecureRandom random = new SecureRandom();
    private final Semaphore running = new Semaphore(AT_ONCE, true);
    private final byte[] nobodysSalt = new byte[SALT_BYTES];

    /** @throws ProblemException {@code account.password} */
    static void check(String password) {
        if (password == null || password.length() < MIN_CHARACTERS || password.length() > MAX_CHARACTERS) {
            throw new ProblemException(
                    Kind.INVALID,
                    "account.password",
                    "A password has %d to %d characters.".formatted(MIN_CHARACTERS, MAX_CHARACTERS));
        }
    }

    /** {@code $argon2id$v=19$m=…,t=…,p=1$salt$hash}. */
    String hash(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var hash = argon2(password, salt, MEMORY_KIB, PASSES, HASH_BYTES);
        return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
                .formatted(MEMORY_KIB, PASSES, ENCODER.encodeToString(salt), ENCODER.encodeToString(hash));
    }

    /** Takes as long for nobody's password (empty) as for somebody's. */
    boolean matches(String password, Optional<String> stored) {
        if (password.length() > MAX_CHARACTERS) {
            return false;
        }
        if (stored.isEmpty()) {
            argon2(password, nobodysSalt, MEMORY_KIB, PASSES, HASH_BYTES);
            return false;
        }
        var parts = stored.get().split("[$=,]"); // "", argon2id, v, 19, m, M, t, T, p, 1, salt, hash
        var salt = DECODER.decode(parts[10]);
        var hash = DECODER.decode(parts[11]);
        return MessageDigest.isEqual(
                hash, argon2(password, salt, Integer.parseInt(parts[5]), Integer.parseInt(parts[7]), hash.length));
    }

    private byte[] argon2(String password, byte[] salt, int memoryKib, int passes, int hashBytes) {
        try {
            if (!running.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return Argon2.hash(password, salt, memoryKib, passes, hashBytes);
        } finally {
            running.release();
        }
    }

    private static ProblemException busy() {
        return new ProblemException(
                Kind.UNAVAILABLE, "account.busy", "Many people sign in right now. Again in a minute.");
    }
}
