package dev.cleanroom.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final byte[] OLD = filled(1);
    private static final byte[] NEW = filled(2);

    @TempDir
    Path home;

    @Test
    void opensWhatItSealed() {
        var vault = new Vault(List.of(NEW));

        var sealed = vault.seal("sk-ant-ü", "model.key:anthropic");

        assertThat(vault.open(sealed, "model.key:anthropic")).isEqualTo("sk-ant-ü");
        assertThat(sealed).doesNotContain("sk-ant").isNotEqualTo(vault.seal("sk-ant-ü", "model.key:anthropic"));
    }

    @Test
    void refusesAnotherContextAndEveryChangedCharacter() {
        var vault = new Vault(List.of(NEW));
        var sealed = vault.seal("secret", "here");

        assertRefused(vault, sealed, "there");
        for (int i = 0; i < sealed.length(); i++) {
            var changed = sealed.substring(0, i) + (sealed.charAt(i) == 'A' ? 'Q' : 'A') + sealed.substring(i + 1);
            assertRefused(vault, changed, "here");
        }
        assertRefused(vault, "", "here");
        assertRefused(vault, "v1.x.y", "here");
    }

    @Test
    void opensOldValuesAfterANewKeyWasPutInFront() {
        var sealed = new Vault(List.of(OLD)).seal("secret", "here");

        assertThat(new Vault(List.of(NEW, OLD)).open(sealed, "here")).isEqualTo("secret");
        assertRefused(new Vault(List.of(NEW)), sealed, "here");
    }

    @Test
    void makesAPrivateKeyFileOnceAndKeepsIt() throws IOException {
        var file = home.resolve("data/master.key");

        var made = MasterKey.inFile(file);

        assertThat(MasterKey.inFile(file)).usingRecursiveComparison().isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.list(file.getParent())).containsExactly(file);
    }

    @Test
    void readsSeveralKeysAndSaysWhatAKeyIs() {
        var text = Base64.getEncoder().encodeToString(NEW) + ","
                + Base64.getEncoder().encodeToString(OLD) + "\n";

        assertThat(MasterKey.parse(text)).containsExactly(NEW, OLD);
        assertThatThrownBy(() -> MasterKey.parse("hunter2")).hasMessageContaining("32 random bytes in base64");
        assertThatThrownBy(() -> MasterKey.parse(" ")).hasMessageContaining("empty");
    }

    private static void assertRefused(Vault vault, String sealed, String context) {
        assertThatThrownBy(() -> vault.open(sealed, context))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo("secret.unreadable"));
    }

    private static byte[] filled(int value) {
        var key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }
}
