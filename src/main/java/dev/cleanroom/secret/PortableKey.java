package dev.cleanroom.secret;

import dev.cleanroom.problem.CannotStart;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master keys on their way to another machine: {@code p1.MEMORY_KIB.PASSES.SALT.SEALED}, AES-256-GCM under what
 * Argon2id makes of a passphrase. A file of it may be stolen and tried at leisure, so that it costs more than a sign-in.
 */
public final class PortableKey {
    public static final int MIN_CHARACTERS = 12; // a thief tries without anybody who counts

    private static final String VERSION = "p1";
    private static final int MEMORY_KIB = 64 * 1024; // RFC 9106 section 4, its second choice
    private static final int PASSES = 3;
    private static final int MOST_KIB = 1024 * 1024; // what a file may ask of us
    private static final int MOST_PASSES = 16;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12; // NIST SP 800-38D 5.2.1.1
    private static final int TAG_BITS = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private PortableKey() {}

    /** The installation's keys as text; empty if it has none yet. */
    public static Optional<String> find(Path home, Optional<String> configured) {
        if (configured.isPresent() || Files.notExists(home.resolve("master.key"))) {
            return configured;
        }
        try {
            return Optional.of(Files.readString(home.resolve("master.key")));
        } catch (IOException unreadable) {
            throw new CannotStart("The master key " + home.resolve("master.key") + " cannot be read: " + unreadable);
        }
    }

    /** Public names of the keys, the newest first. */
    public static List<String> ids(String keys) {
        return MasterKey.parse(keys).stream().map(MasterKey::idOf).toList();
    }

    /** @throws ProblemException {@code secret.passphrase-short} */
    public static void check(String passphrase) {
        if (passphrase.length() < MIN_CHARACTERS) {
            throw new ProblemException(
                    Kind.INVALID,
                    "secret.passphrase-short",
                    "A passphrase has at least " + MIN_CHARACTERS
                            + " characters: it alone protects the key in the file.");
        }
    }

    /** @throws ProblemException {@code secret.passphrase-short} */
    public static String seal(String keys, String passphrase) {
        check(passphrase);
        var random = new SecureRandom();
        var salt = new byte[SALT_BYTES];
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(salt);
        random.nextBytes(nonce);
        String parameters = VERSION + "." + MEMORY_KIB + "." + PASSES + "." + ENCODER.encodeToString(salt);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, parameters, passphrase, nonce);
            var body = new java.io.ByteArrayOutputStream();
            body.writeBytes(nonce);
            body.writeBytes(cipher.doFinal(keys.getBytes(StandardCharsets.UTF_8)));
            return parameters + "." + ENCODER.encodeToString(body.toByteArray());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM is missing from this JDK", impossible);
        }
    }

    /** @throws ProblemException {@code secret.passphrase-wrong} */
    public static String open(String sealed, String passphrase) {
        int end = sealed.lastIndexOf('.');
        try {
            var body = DECODER.decode(sealed.substring(end + 1));
            var nonce = java.util.Arrays.copyOf(body, NONCE_BYTES);
            var plain = cipher(Cipher.DECRYPT_MODE, sealed.substring(0, end), passphrase, nonce)
                    .doFinal(body, NONCE_BYTES, body.length - NONCE_BYTES);
            return new String(plain, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | RuntimeException wrong) {
            throw new ProblemException(
                    Kind.INVALID, "secret.passphrase-wrong", "The passphrase does not open the key in this backup.");
        }
    }

    private static Cipher cipher(int mode, String parameters, String passphrase, byte[] nonce)
            throws GeneralSecurityException {
        var parts = parameters.split("\\.", -1);
        int memory = Integer.parseInt(parts[1]);
        int passes = Integer.parseInt(parts[2]);
        if (!parts[0].equals(VERSION) || memory > MOST_KIB || passes > MOST_PASSES) {
            throw new GeneralSecurityException("not ours");
        }
        var key = Argon2.hash(passphrase, DECODER.decode(parts[3]), memory, passes, 32);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(parameters.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    /**
     * Puts keys in front of those that the installation has, which stay: what was sealed before opens on.
     *
     * @throws CannotStart if CLEANROOM_MASTER_KEY is set and lacks one of them
     */
    public static void install(String keys, Path home, Optional<String> configured) {
        requireConfigured(ids(keys), configured);
        if (configured.isPresent()) {
            return;
        }
        var lines = new ArrayList<>(List.of(keys.strip().split("[,\\s]+")));
        for (String old : find(home, configured).orElse("").split("[,\\s]+")) {
            if (!old.isEmpty() && !lines.contains(old)) {
                lines.add(old);
            }
        }
        try {
            var draft = Files.createTempFile(
                    Files.createDirectories(home),
                    "master",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, String.join("\n", lines) + "\n");
            Files.move(draft, home.resolve("master.key"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @throws CannotStart if CLEANROOM_MASTER_KEY is set and lacks one of them */
    public static void requireConfigured(List<String> ids, Optional<String> configured) {
        if (configured.isPresent() && !ids(configured.get()).containsAll(ids)) {
            throw new CannotStart("CLEANROOM_MASTER_KEY is set and is not the key of this backup. Set it to that one,"
                    + " or unset it: then the key in the backup is written to master.key.");
        }
    }
}
