package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.workspace.Workspace;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** Writes a whole file: a new one, or one that this session has read and that nobody has changed since. */
@ApplicationScoped
public class WriteTool implements Tool {
    private final ToolDefinition definition = ToolDefinition.of("Write");

    @Override
    public String name() {
        return "Write";
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
        var path = Workspace.relative(given).filter(relative -> !relative.isEmpty());
        if (path.isEmpty()) {
            return Files.refusal(given, new FileProblem(FileProblem.Reason.OUTSIDE, given));
        }
        byte[] content = input.path("content").asText().getBytes(StandardCharsets.UTF_8);
        return new FileChange(context, path.get(), given)
                .make(before -> FileChange.Plan.write(
                        content, (before.stat() == null ? "Wrote the new file " : "Wrote ") + given + "."));
    }
}
