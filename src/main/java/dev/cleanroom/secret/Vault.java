package dev.cleanroom.secret;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Seals and opens small secrets with AES-256-GCM. A sealed value is {@code v1.KEYID.BASE64URL(nonce ‖ ciphertext ‖ tag)};
 * the key's id in front lets old values open after a new key was put before the old one.
 */
@Startup
@Singleton
public class Vault {
    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12; // NIST SP 800-38D 5.2.1.1
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKey> keys = new LinkedHashMap<>(); // the first one seals

    @Inject
    Vault(
            @ConfigProperty(name = "cleanroom.home") Path home,
            @ConfigProperty(name = "cleanroom.master-key") Optional<String> configured) {
        this(configured.map(MasterKey::parse).orElseGet(() -> MasterKey.inFile(home.resolve("master.key"))));
    }

    /** @param masterKeys 32 bytes each, the newest first, never empty */
    Vault(List<byte[]> masterKeys) {
        for (var key : masterKeys) {
            keys.put(MasterKey.idOf(key), new SecretKeySpec(key, "AES"));
        }
    }

    /**
     * @param context what the value is for, such as {@code model.key:anthropic}; the same is needed to open it, so a value
     *     that somebody moved to another row does not open there
     */
    public String seal(String plain, String context) {
        var first = keys.entrySet().iterator().next();
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext = cipher(Cipher.ENCRYPT_MODE, first.getValue(), nonce, first.getKey(), context)
                    .doFinal(plain.getBytes(StandardCharsets.UTF_8));
            var body = ByteBuffer.allocate(nonce.length + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
            return VERSION + "." + first.getKey() + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM is missing from this JDK", impossible);
        }
    }

    /** @throws ProblemException {@code secret.unreadable} if the key is not here, the context differs or a bit was changed */
    public String open(String sealed, String context) {
        var parts = sealed.split("\\.", 3);
        var key = parts.length == 3 && parts[0].equals(VERSION) ? keys.get(parts[1]) : null;
        if (key == null) {
            throw unreadable();
        }
        try {
            var body = Base64.getUrlDecoder().decode(parts[2]);
            var nonce = new byte[NONCE_BYTES];
            System.arraycopy(body, 0, nonce, 0, NONCE_BYTES);
            var plain = cipher(Cipher.DECRYPT_MODE, key, nonce, parts[1], context)
                    .doFinal(body, NONCE_BYTES, body.length - NONCE_BYTES);
            return new String(plain, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException changed) {
            throw unreadable();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String keyId, String context)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((VERSION + "." + keyId + "." + context).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static ProblemException unreadable() {
        return new ProblemException(
                Kind.UNAVAILABLE,
                "secret.unreadable",
                "A stored secret does not open with this server's master key: restore the master.key it was stored with,"
                        + " or store the secret anew.");
    }
}
