package dev.cleanroom.runner;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {
    private static final int ROUNDS = 2_000; // with the write outside the lock, a few hundred are enough

    @TempDir
    Path directory;

    /** A staged piece is on its way to the disk when its link is lost, and the next file that is opened gets its number. */
    @Test
    void writesNoStagedByteIntoAnotherFileWhenUploadsAreDropped() throws Exception {
        var tree = new Tree(made("workspace"), made("spool"), null);
        var upload = UUID.randomUUID();
        var piece = new byte[256 * 1024];
        var over = new AtomicBoolean();
        var other = directory.resolve("other");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var staging = threads.submit((Callable<Void>) () -> {
                while (!over.get()) {
                    tree.stage(upload, 0, piece);
                }
                return null;
            });

            for (int i = 0; i < ROUNDS; i++) {
                tree.dropUploads();
                try (var file = FileChannel.open(other, CREATE, TRUNCATE_EXISTING, WRITE)) {
                    Thread.yield();
                    assertThat(file.size()).isZero();
                }
            }
            over.set(true);
            staging.get();
            tree.dropUploads();
        }
    }

    private String made(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name)).toString();
    }
}
