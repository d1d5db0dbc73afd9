package dev.cleanroom.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worktree driven by the real git client, which sees none of this machine's settings. */
public final class LocalGit {
    /** How a command ended. */
    public record Outcome(int exitCode, byte[] stdout, String stderr) {
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }
    }

    private static final long TIMEOUT_SECONDS = 60;

    private final Path directory;

    private LocalGit(Path directory) {
        this.directory = directory;
    }

    /** The client in an existing directory. */
    public static LocalGit in(Path directory) {
        return new LocalGit(directory);
    }

    /** A new repository on branch {@code main}. */
    public static LocalGit init(Path directory) throws IOException {
        Files.createDirectories(directory);
        var git = new LocalGit(directory);
        git.run("init", "-q", "-b", "main");
        return git;
    }

    public Path path(String file) {
        return directory.resolve(file);
    }

    public LocalGit write(String file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public LocalGit write(String file, byte[] bytes) throws IOException {
        Files.createDirectories(path(file).getParent());
        Files.write(path(file), bytes);
        return this;
    }

    /** Commits the whole worktree. @return the commit's id */
    public String commit(String message) {
        run("add", "-A");
        run("commit", "-q", "--allow-empty", "-m", message);
        return run("rev-parse", "HEAD");
    }

    /** @return standard output without the last line's end; fails if the command does */
    public String run(String... arguments) {
        var outcome = attempt(InputStream.nullInputStream(), arguments);
        assertThat(outcome.exitCode())
                .as("git %s: %s", String.join(" ", arguments), outcome.stderr())
                .isZero();
        return outcome.text().stripTrailing();
    }

    /** All that the commits reach, as one pack. Arguments are revisions as {@code git pack-objects --revs} reads them. */
    public byte[] pack(String... revisions) {
        var outcome = attempt(
                new ByteArrayInputStream((String.join("\n", revisions) + "\n").getBytes(StandardCharsets.UTF_8)),
                "pack-objects",
                "--revs",
                "--thin",
                "--stdout",
                "-q");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        return outcome.stdout();
    }

    public Outcome attempt(InputStream input, String... arguments) {
        var command = new ArrayList<>(List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_") || name.endsWith("_proxy"));
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            builder.environment().put("GIT_TERMINAL_PROMPT", "0");
            var stderr = Files.createTempFile("git", "err");
            var process = builder.redirectError(stderr.toFile()).start();
            try {
                Thread.ofVirtual().start(() -> feed(process, input));
                byte[] stdout = process.getInputStream().readAllBytes();
                assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                        .as("git ends")
                        .isTrue();
                return new Outcome(process.exitValue(), stdout, Files.readString(stderr));
            } finally {
                process.destroyForcibly();
                Files.delete(stderr);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static void feed(Process process, InputStream input) {
        try (input;
                var stdin = process.getOutputStream()) {
            input.transferTo(stdin);
        } catch (IOException ended) {
            // the command did not want all of it
        }
    }
}
