package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ToolOutputTest {
    private static final int MEBIBYTE = 1 << 20;

    @Inject
    ToolOutput output;

    private UUID session;
    private final UUID call = UUID.randomUUID();

    @BeforeEach
    void aSession() {
        var owner = TestPeople.administrator();
        session = TestProject.session(owner, TestProject.empty(owner));
    }

    @Test
    void givesBackEveryByteFromAnyOffset() {
        byte[] all = bytes(3 * MEBIBYTE + 17);
        for (int at = 0; at < all.length; at += 100_000) {
            output.append(session, call, at, Arrays.copyOfRange(all, at, Math.min(at + 100_000, all.length)));
        }

        assertThat(readFrom(0)).isEqualTo(all);
        assertThat(readFrom(99_999)).isEqualTo(Arrays.copyOfRange(all, 99_999, all.length));
        assertThat(readFrom(all.length)).isEmpty();
        assertThat(output.read(UUID.randomUUID(), call, 0).bytes()).isEmpty();
    }

    @Test
    void keepsStartAndEndOfALongOutput() {
        byte[] all = bytes(20 * MEBIBYTE);
        for (int at = 0; at < all.length; at += 5 * MEBIBYTE) {
            output.append(session, call, at, Arrays.copyOfRange(all, at, at + 5 * MEBIBYTE));
        }

        byte[] kept = readFrom(0);

        assertThat(kept.length).isBetween(8 * MEBIBYTE, 8 * MEBIBYTE + 128 * 1024);
        assertThat(Arrays.copyOf(kept, 4 * MEBIBYTE)).isEqualTo(Arrays.copyOf(all, 4 * MEBIBYTE));
        assertThat(Arrays.copyOfRange(kept, kept.length - 4 * MEBIBYTE, kept.length))
                .isEqualTo(Arrays.copyOfRange(all, all.length - 4 * MEBIBYTE, all.length));
    }

    @Test
    void takesTheSameOffsetOnce() {
        output.append(session, call, 0, new byte[] {1, 2});
        output.append(session, call, 0, new byte[] {1, 2});
        output.append(session, call, 2, new byte[] {0});

        assertThat(readFrom(0)).containsExactly(1, 2, 0);
    }

    private byte[] readFrom(long from) {
        var read = new ByteArrayOutputStream();
        for (var slice = output.read(session, call, from);
                slice.bytes().length > 0;
                slice = output.read(session, call, slice.next())) {
            read.writeBytes(slice.bytes());
        }
        return read.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
