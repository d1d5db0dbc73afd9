package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.LocalGit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kept.sh}, which names the files to be kept. */
class KeptScriptTest {
    @TempDir
    Path folder;

    @Test
    void leavesOutWhatVanishesBeforeItIsRead() throws Exception {
        var git = LocalGit.init(folder.resolve("work")).write(".gitignore", "*.db\n");
        git.commit("base");
        git.write("first.db", "1").write("gone.db", "2").write("last.db", "3");
        var quick = Files.createDirectory(folder.resolve("bin")).resolve("sha256sum");
        Files.writeString(quick, "#!/bin/sh\nrm -f gone.db\nPATH=${PATH#*:} exec sha256sum\n");
        Files.setPosixFilePermissions(quick, PosixFilePermissions.fromString("rwxr-xr-x"));

        var builder = new ProcessBuilder("sh", "-c", Worktree.script("kept.sh"), "kept", "*.db")
                .directory(folder.resolve("work").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().merge("PATH", quick.getParent() + ":", (path, bin) -> bin + path);
        var process = builder.start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed.split("\0"))
                .extracting(line -> line.split(" ", 4)[3])
                .containsExactly("first.db", "last.db");
    }
}
