package dev.cleanroom.tool;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One run of ripgrep with fixed arguments; its output is bounded. */
record Search(int code, String output, String errors, boolean cut, boolean timedOut) {
    private static final Duration LIMIT = Duration.ofSeconds(20); // as Claude Code's Glob
    private static final int MAX_BYTES = 2 << 20; // far more than a model is shown
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int KILL = 9;

    static final int NOT_FOUND = 127; // exit code: there is no such program

    /** @param directory relative to the workspace */
    static Search run(Sandbox sandbox, String directory, List<String> argv) throws InterruptedException {
        var output = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        boolean[] cut = {false};
        var exec = sandbox.exec(new ExecRequest(
                UUID.randomUUID(), argv, Map.of(), directory, Optional.of(LIMIT), new byte[0], Optional.empty()));
        exec.listen((stream, _, bytes) -> {
            var kept = stream == Sandbox.Stream.STDOUT ? output : errors;
            int room = Math.min(bytes.length, MAX_BYTES - kept.size());
            kept.write(bytes, 0, Math.max(0, room));
            cut[0] |= room < bytes.length;
        });
        try {
            var exit = exec.await();
            return new Search(exit.code(), text(output), text(errors), cut[0], exit.timedOut());
        } catch (InterruptedException stopped) {
            Undisturbed.run(STOP, () -> exec.kill(KILL));
            throw stopped;
        } finally {
            Thread.startVirtualThread(() -> Undisturbed.run(STOP, exec::acknowledge));
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What went wrong, or empty: for ripgrep 1 means that nothing was found. */
    Optional<Tool.Result> failure() {
        if (timedOut) {
            return Optional.of(new Tool.Result.Failed("The search took longer than 20 s. Search in a smaller place."));
        }
        if (code == NOT_FOUND) {
            return Optional.of(new Tool.Result.Failed("The sandbox has no ripgrep (rg). Use Bash with find or grep."));
        }
        return code > 1 && output.isEmpty()
                ? Optional.of(new Tool.Result.Failed(Text.middleCut(errors.strip(), Text.MAX_FAILURE, "")))
                : Optional.empty();
    }
}
