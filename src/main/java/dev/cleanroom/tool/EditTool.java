package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.workspace.Workspace;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** Replaces a piece of text in a file that this session has read and that nobody has changed since. */
@ApplicationScoped
public class EditTool implements Tool {
    private final ToolDefinition definition = ToolDefinition.of("Edit");

    @Override
    public String name() {
        return "Edit";
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
        String given = input.path("file_path").asText();
        var path = Workspace.relative(given);
        if (path.isEmpty()) {
            return Files.refusal(given, new FileProblem(FileProblem.Reason.OUTSIDE, given));
        }
        String old = input.path("old_string").asText();
        String replacement = input.path("new_string").asText();
        if (old.equals(replacement)) {
            return new Result.Failed("old_string and new_string are the same: nothing would change.");
        }
        if (old.isEmpty()) {
            return new Result.Failed("old_string is empty. Use Write to make a file.");
        }
        return new FileChange(context, path.get(), given).make(before -> {
            String text = before.text().orElse(null);
            if (text == null) {
                return FileChange.Plan.refused(given + " is not UTF-8 text. Use Bash to change it.");
            }
            boolean crlf = text.contains("\r\n") && !text.contains(old) && !old.contains("\r");
            String sought = crlf ? old.replace("\n", "\r\n") : old;
            String put = crlf ? replacement.replace("\n", "\r\n") : replacement;
            return plan(given, text, sought, put, input.path("replace_all").asBoolean(false));
        });
    }

    private static FileChange.Plan plan(String path, String text, String old, String replacement, boolean all) {
        int first = text.indexOf(old);
        if (first < 0) {
            return FileChange.Plan.refused("old_string is not in " + path
                    + ". It must match the file exactly, blanks included and without the line numbers of Read.");
        }
        int count = 0;
        for (int at = first; at >= 0; at = text.indexOf(old, at + old.length())) {
            count++;
        }
        if (count > 1 && !all) {
            return FileChange.Plan.refused("old_string is " + count + " times in " + path
                    + ". Give more of the lines around it, or set replace_all.");
        }
        String changed = all
                ? text.replace(old, replacement)
                : text.substring(0, first) + replacement + text.substring(first + old.length());
        String told = count > 1
                ? "Replaced " + count + " occurrences in " + path + "."
                : "Changed " + path + ":\n" + Diffed.excerpt(changed, first, first + replacement.length());
        return FileChange.Plan.write(changed.getBytes(StandardCharsets.UTF_8), told);
    }
}
