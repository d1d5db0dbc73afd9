package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.Sandbox.Exec;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.sandbox.Sandbox.Exit;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a command in the sandbox under the call's id: asked a second time, the runner joins it. */
@ApplicationScoped
public class BashTool implements Tool {
    private static final Duration DEFAULT_LIMIT = Duration.ofMillis(120_000); // as Claude Code
    private static final Duration MAX_LIMIT = Duration.ofMillis(600_000); // as Claude Code
    private static final Duration FLUSH_EVERY = Duration.ofSeconds(2); // output that a dead server may lose (design 1)
    private static final Duration GRACE = Duration.ofSeconds(2); // between asking a command to stop and killing it
    private static final int TERM = 15;
    private static final int KILL = 9;

    private final ToolDefinition definition = ToolDefinition.of("Bash");

    @Override
    public String name() {
        return "Bash";
    }

    @Override
    public String description() {
        return definition.description();
    }

    @Override
    public ObjectNode inputSchema() {
        return definition.inputSchema();
    }

    @Override
    public boolean isReadOnly(JsonNode input) {
        return false;
    }

    @Override
    public Result run(ToolContext context, JsonNode input) throws InterruptedException {
        var limit = Duration.ofMillis(
                Math.clamp(input.path("timeout").asLong(DEFAULT_LIMIT.toMillis()), 1, MAX_LIMIT.toMillis()));
        var sandbox = context.sandbox();
        context.begin(List.of());
        var request = request(context, input.path("command").asText(), limit);
        Exec exec;
        try {
            exec = sandbox.exec(request);
        } catch (InterruptedException stopped) {
            Undisturbed.run(
                    GRACE.multipliedBy(3), () -> stop(sandbox.exec(request))); // it may have begun: joined, then ended
            return new Result.Failed("[the command was interrupted by a person]");
        }
        var output = new CommandOutput(context);
        context.afterwards(exec::acknowledge);
        var over = new CountDownLatch(1);
        var flusher = Thread.ofVirtual().name("output-" + context.callId()).start(() -> flush(output, over));
        exec.listen(output);
        try {
            var exit = exec.await();
            context.took(exit.duration());
            return result(exit, output, limit);
        } catch (InterruptedException stopped) {
            stop(exec);
            output.finish();
            return new Result.Failed(
                    joined(output.text(Text.MAX_FAILURE), "[the command was interrupted by a person]"));
        } finally {
            over.countDown();
            flusher.join(); // it ends by itself at once: the latch is open
        }
    }

    private static ExecRequest request(ToolContext context, String command, Duration limit) {
        return new ExecRequest(
                context.callId(),
                List.of("bash", "-c", command),
                context.environment(),
                "",
                Optional.of(limit),
                new byte[0],
                Optional.empty());
    }

    private static Result result(Exit exit, CommandOutput output, Duration limit) {
        output.finish();
        if (exit.timedOut()) {
            return new Result.Failed(
                    joined(
                            output.text(Text.MAX_FAILURE),
                            "[stopped after " + limit.toMillis() + " ms; set timeout, at most " + MAX_LIMIT.toMillis()
                                    + ", or run it in the background with its output in a file]"),
                    exit.code());
        }
        if (exit.code() != 0) {
            return new Result.Failed(
                    joined(output.text(Text.MAX_FAILURE), "[exit code " + exit.code() + "]"), exit.code());
        }
        String text = output.text(Text.MAX_OUTPUT);
        return new Result.Ok(text.isEmpty() ? "(no output)" : text, 0);
    }

    private static String joined(String output, String note) {
        return output.isEmpty() ? note : output + (output.endsWith("\n") ? "" : "\n") + note;
    }

    private static void stop(Exec exec) {
        Undisturbed.run(GRACE, () -> {
            exec.kill(TERM);
            exec.await();
        });
        Undisturbed.run(GRACE, () -> {
            exec.kill(KILL);
            exec.await();
        });
    }

    private static void flush(CommandOutput output, CountDownLatch over) {
        try {
            while (!over.await(FLUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                output.flush();
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread
        }
    }
}
