package dev.cleanroom.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {
    private static final int ROUNDS = 3_000; // with the write outside the lock, some hundred are enough

    @TempDir
    Path directory;

    /** A staged piece is on its way to the disk when its link is lost, and the next file that is opened gets its number. */
    @Test
    void writesNoStagedByteIntoAnotherFileWhenUploadsAreDropped() throws Exception {
        var tree = new Tree(made("workspace"), made("spool"), null);
        var piece = new byte[256 * 1024];
        Arrays.fill(piece, (byte) 'x');
        var content = "mine".getBytes(StandardCharsets.UTF_8);
        var over = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var staging = threads.submit((Callable<Void>) () -> {
                while (!over.get()) {
                    tree.stage(UUID.randomUUID(), 0, piece);
                }
                return null;
            });

            for (int i = 0; i < ROUNDS; i++) {
                tree.dropUploads();
                var file = "file-" + i % 50;
                tree.write(
                        file.getBytes(StandardCharsets.UTF_8),
                        Tree.Condition.ALWAYS,
                        "",
                        new Tree.Content(content, null, content.length));
                assertThat(Files.readAllBytes(directory.resolve("workspace").resolve(file)))
                        .isEqualTo(content);
            }
            over.set(true);
            tree.dropUploads();
            staging.get();
        }
    }

    private String made(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name)).toString();
    }
}
