package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.workspace.Workspace;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;

/** Finds files by name pattern; what git ignores is left out. */
@ApplicationScoped
public class GlobTool implements Tool {
    private static final int MAX_RESULTS = 100; // as Claude Code

    private final ToolDefinition definition = ToolDefinition.of("Glob");

    @Override
    public String name() {
        return "Glob";
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
        return true;
    }

    @Override
    public Result run(ToolContext context, JsonNode input) throws InterruptedException {
        String given = input.path("path").asText("");
        var path = Workspace.relative(given);
        if (path.isEmpty()) {
            return Files.refusal(given, new FileProblem(FileProblem.Reason.OUTSIDE, given));
        }
        String pattern = Workspace.relative(input.path("pattern").asText())
                .orElse(input.path("pattern").asText());
        var argv = List.of(
                "rg",
                "--no-config",
                "--files",
                "--hidden",
                "--null",
                "--sort",
                "path",
                "--glob",
                "!.git",
                "--glob",
                pattern);
        try {
            var search = Search.run(context.sandbox(), path.get(), argv);
            return search.failure().orElseGet(() -> found(context, path.get(), search));
        } catch (FileProblem problem) {
            return Files.refusal(given, problem);
        }
    }

    private static Result found(ToolContext context, String directory, Search search) {
        String prefix = directory.isEmpty() ? "" : directory.replaceFirst("/+$", "") + "/";
        var names = Arrays.stream(search.output().split("\0"))
                .filter(name -> !name.isEmpty())
                .map(name -> prefix + name)
                .filter(context::mayRead)
                .toList();
        if (names.isEmpty()) {
            return new Result.Ok("No files match.");
        }
        String list = String.join("\n", names.subList(0, Math.min(MAX_RESULTS, names.size())));
        String more = names.size() > MAX_RESULTS
                ? "\n[" + (names.size() - MAX_RESULTS) + (search.cut() ? " or more" : "")
                        + " others; use a narrower pattern]"
                : "";
        return new Result.Ok(Text.middleCut(list + more, Text.MAX_OUTPUT, ""));
    }
}
