package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubordinateIdsTest {
    @TempDir
    Path folder;

    @Test
    void takesWhatBothFilesGiveTheUser() throws IOException {
        assertThat(ids("ann:100000:65536\nserver:300000:65536\n", "server:310000:65536\n"))
                .contains(new SubordinateIds(310_000, 55_536));
    }

    @Test
    void findsNothingWhereOneFileHasNone() throws IOException {
        assertThat(ids("server:300000:65536\n", "ann:300000:65536\n")).isEmpty();
        assertThat(ids("server:300000:10\n", "server:400000:10\n")).isEmpty();
        assertThat(ids("", "")).isEmpty();
    }

    @Test
    void saysThatTheRangeIsUsedUp() {
        var two = new SubordinateIds(300_000, 2);

        assertThat(two.hostId(1)).isEqualTo(300_001);
        assertThatThrownBy(() -> two.hostId(2))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("/etc/subuid");
    }

    private Optional<SubordinateIds> ids(String users, String groups) throws IOException {
        return SubordinateIds.of(
                "server",
                Files.writeString(folder.resolve("subuid"), users),
                Files.writeString(folder.resolve("subgid"), groups));
    }
}
