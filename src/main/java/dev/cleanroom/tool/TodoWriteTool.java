package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps the list of what is to do. The call itself is the list: who shows it reads the newest one in the log. */
@ApplicationScoped
public class TodoWriteTool implements Tool {
    private final ToolDefinition definition = ToolDefinition.of("TodoWrite");

    @Override
    public String name() {
        return "TodoWrite";
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
    public Result run(ToolContext context, JsonNode input) {
        int open = 0;
        for (var todo : input.path("todos")) {
            open += todo.path("status").asText().equals("completed") ? 0 : 1;
        }
        return new Result.Ok("The list is kept; " + open + " open.");
    }
}
