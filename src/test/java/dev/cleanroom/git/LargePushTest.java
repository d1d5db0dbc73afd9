package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As large as a repository of source code gets, through the real git client. */
@QuarkusTest
@Tag("slow")
class LargePushTest {
    private static final int FILES = 50_000;
    private static final int FOLDERS = 500;
    private static final int BIG_FILES = 4;
    private static final int BIG_BYTES = 50 << 20;

    @TempDir
    Path temporary;

    @Test
    void takesATreeOfFiftyThousandFiles() throws IOException {
        var room = new PushRoom(temporary);
        for (int i = 0; i < FILES; i++) {
            room.work.write("folder" + i % FOLDERS + "/file" + i + ".txt", "file " + i + "\n");
        }

        pushAndCompare(room);
    }

    @Test
    void takesTwoHundredMegabytes() throws IOException {
        var room = new PushRoom(temporary);
        for (int i = 0; i < BIG_FILES; i++) {
            var bytes = new byte[BIG_BYTES];
            new Random(i).nextBytes(bytes);
            room.work.write("big" + i + ".bin", bytes);
        }

        pushAndCompare(room);
    }

    private static void pushAndCompare(PushRoom room) throws IOException {
        room.work.commit("large");
        room.work.run("push", "-q", "origin", "main");
        room.work.write("small.txt", "small\n").commit("small");
        room.work.run("push", "-q", "origin", "main");

        var copy = room.clone("copy");

        assertThat(copy.run("rev-parse", "HEAD^{tree}")).isEqualTo(room.work.run("rev-parse", "HEAD^{tree}"));
        assertThat(copy.run("fsck", "--strict")).isEmpty();
        room.ada
                .request()
                .post(room.api("repository/check"))
                .then()
                .statusCode(200)
                .body("problems", empty());
    }
}
