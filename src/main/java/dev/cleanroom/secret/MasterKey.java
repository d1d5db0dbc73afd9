package dev.cleanroom.secret;

import dev.cleanroom.problem.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the master key: one or more keys of 32 bytes in base64, parted by commas or line ends, the newest first. To
 * rotate, a new key is put in front.
 */
final class MasterKey {
    private static final int BYTES = 32; // AES-256

    private MasterKey() {}

    static List<byte[]> parse(String text) {
        var keys = Arrays.stream(text.split("[,\\s]+"))
                .filter(part -> !part.isEmpty())
                .map(MasterKey::decode)
                .toList();
        if (keys.isEmpty()) {
            throw new CannotStart("The master key is empty: it must be 32 random bytes in base64");
        }
        return keys;
    }

    /** The keys in the file; makes the file (0600) if there is none. */
    static List<byte[]> inFile(Path file) {
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            return parse(Files.readString(file));
        } catch (CannotStart damaged) {
            throw new CannotStart(damaged.getMessage() + "; put a backup of " + file + " back", damaged);
        } catch (IOException unreadable) {
            throw new CannotStart(
                    "The master key " + file + " cannot be read (" + unreadable + "); put a backup of it back",
                    unreadable);
        }
    }

    /** Public: 8 hex digits that tell keys apart and reveal nothing of them. */
    static String idOf(byte[] key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("cleanroom master key id".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(key), 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] decode(String base64) {
        try {
            var key = Base64.getDecoder().decode(base64);
            if (key.length == BYTES) {
                return key;
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        throw new CannotStart(
                "The master key must be 32 random bytes in base64, as `head -c 32 /dev/urandom | base64` makes them");
    }

    /** Written beside and linked into place: a crash leaves no half key, and of two servers one wins. */
    private static void create(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        var draft = Files.createTempFile(
                file.getParent(),
                "master",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, Base64.getEncoder().encodeToString(key) + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException lostRace) {
            // the other server's key is the one
        } catch (UnsupportedOperationException noLinks) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
