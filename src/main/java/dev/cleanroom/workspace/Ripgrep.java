package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short runs of ripgrep over text that it is given. Nothing in the sandbox configures it. */
final class Ripgrep {
    static final int NOT_FOUND = 127; // exit code of the runner: there is no such program
    static final int MAX_FILE =
            8 << 20; // bytes; up to this the runner's etag is of the content, and one read takes all

    private static final Duration LIMIT = Duration.ofSeconds(30); // 8 MiB take less than one
    private static final int REFUSED = 2; // exit code
    private static final int MAX_REPLACED = 64 << 20; // bytes; a replacement may be longer than what it replaces

    private final Sandbox sandbox;
    private final SearchQuery query;

    Ripgrep(Sandbox sandbox, SearchQuery query) {
        this.sandbox = sandbox;
        this.query = query;
    }

    /** @throws ProblemException {@code search.pattern} in ripgrep's words, {@code search.unavailable} */
    void check() throws InterruptedException {
        query.check();
        var argv = new ArrayList<>(List.of("rg", "--no-config"));
        argv.addAll(query.patternArguments());
        argv.addAll(query.placeArguments());
        argv.addAll(List.of("--", "-"));
        var result = SandboxCommand.run(sandbox, LIMIT, Map.of(), argv, Optional.empty());
        if (result.code() == NOT_FOUND) {
            throw new ProblemException(
                    Kind.UNAVAILABLE,
                    "search.unavailable",
                    "The sandbox has no ripgrep (rg). Ask an administrator to install it where sandboxes run.");
        }
        if (result.code() >= REFUSED) {
            throw SearchQuery.refused(result.complaint());
        }
    }

    /**
     * Each line after replacement.
     *
     * @param lines without their ends; bytes, UTF-8 or not
     */
    List<byte[]> replace(List<byte[]> lines) throws InterruptedException {
        if (lines.isEmpty()) {
            return List.of();
        }
        var argv = new ArrayList<>(List.of(
                "rg",
                "--no-config",
                "--color",
                "never",
                "--no-filename",
                "--no-line-number",
                "--text",
                "--encoding",
                "none",
                "--passthru"));
        argv.addAll(query.patternArguments());
        argv.addAll(List.of("--replace", query.replacementArgument(), "--", "-"));
        var result = SandboxCommand.run(
                sandbox,
                LIMIT,
                Map.of(),
                argv,
                Optional.of(input -> {
                    for (var line : lines) {
                        input.write(line);
                        input.write('\n');
                    }
                }),
                MAX_REPLACED);
        var replaced = split(result.output());
        if (result.code() >= REFUSED || replaced.size() != lines.size()) {
            throw new SandboxException("The text could not be replaced (ripgrep's exit code " + result.code() + "): "
                    + result.complaint());
        }
        return replaced;
    }

    private static List<byte[]> split(byte[] output) {
        var lines = new ArrayList<byte[]>();
        var line = new ByteArrayOutputStream();
        for (byte each : output) {
            if (each == '\n') {
                lines.add(line.toByteArray());
                line.reset();
            } else {
                line.write(each);
            }
        }
        return lines;
    }
}
