package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.workspace.Workspace;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Searches file contents with ripgrep; what git ignores is left out. */
@ApplicationScoped
public class GrepTool implements Tool {
    private static final int DEFAULT_LINES = 250; // a screenful for a model; more by head_limit
    private static final int MAX_CONTEXT = 100; // lines around a match

    private final ToolDefinition definition = ToolDefinition.of("Grep");

    @Override
    public String name() {
        return "Grep";
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
        try {
            var search = Search.run(context.sandbox(), "", argv(input, path.get()));
            return search.failure().orElseGet(() -> found(context, input, search));
        } catch (FileProblem problem) {
            return Files.refusal(given, problem);
        }
    }

    private static List<String> argv(JsonNode input, String path) {
        var argv = new ArrayList<>(List.of(
                "rg",
                "--no-config",
                "--color",
                "never",
                "--hidden",
                "--null",
                "--with-filename",
                "--no-heading",
                "--sort",
                "path",
                "--max-columns",
                "500",
                "--max-columns-preview",
                "--glob",
                "!.git"));
        switch (input.path("output_mode").asText("files_with_matches")) {
            case "content" -> {
                argv.add(input.path("-n").asBoolean(true) ? "--line-number" : "--no-line-number");
                for (String option : List.of("-A", "-B", "-C")) {
                    int lines = Math.clamp(input.path(option).asInt(0), 0, MAX_CONTEXT);
                    if (lines > 0) {
                        argv.addAll(List.of(option, Integer.toString(lines)));
                    }
                }
                if (input.path("-o").asBoolean(false)) {
                    argv.add("--only-matching");
                }
            }
            case "count" -> argv.add("--count");
            default -> argv.add("--files-with-matches");
        }
        if (input.path("-i").asBoolean(false)) {
            argv.add("--ignore-case");
        }
        if (input.path("multiline").asBoolean(false)) {
            argv.addAll(List.of("--multiline", "--multiline-dotall"));
        }
        if (!input.path("glob").asText("").isEmpty()) {
            argv.addAll(List.of("--glob", input.path("glob").asText()));
        }
        if (!input.path("type").asText("").isEmpty()) {
            argv.addAll(List.of("--type", input.path("type").asText()));
        }
        argv.addAll(List.of("-e", input.path("pattern").asText(), "--", path.isEmpty() ? "./" : path));
        return argv;
    }

    private static Result found(ToolContext context, JsonNode input, Search search) {
        boolean names = input.path("output_mode").asText("files_with_matches").equals("files_with_matches");
        var lines = search.output().split(names ? "\0" : "\n");
        var shown = new ArrayList<String>();
        for (String line : lines) {
            String readable = line.isEmpty() ? null : names ? name(context, line) : line(context, line);
            if (readable != null) {
                shown.add(readable);
            }
        }
        shown.removeIf(Objects::isNull);
        int from = Math.max(0, input.path("offset").asInt(0));
        int limit = input.path("head_limit").asInt(DEFAULT_LINES) <= 0
                ? Integer.MAX_VALUE
                : input.path("head_limit").asInt(DEFAULT_LINES);
        if (shown.size() <= from) {
            return new Result.Ok("No matches.");
        }
        int to = (int) Math.min(shown.size(), (long) from + limit);
        String more = shown.size() > to || search.cut() ? "\n[more follow; go on with offset " + to + "]" : "";
        return new Result.Ok(Text.middleCut(String.join("\n", shown.subList(from, to)) + more, Text.MAX_OUTPUT, ""));
    }

    private static String name(ToolContext context, String name) {
        String path = bare(name);
        return context.mayRead(path) ? path : null;
    }

    /** {@code name NUL rest}; a line without NUL parts two groups of context. */
    private static String line(ToolContext context, String line) {
        int end = line.indexOf('\0');
        if (end < 0) {
            return line;
        }
        String path = bare(line.substring(0, end));
        return context.mayRead(path) ? path + ":" + line.substring(end + 1) : null;
    }

    private static String bare(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }
}
