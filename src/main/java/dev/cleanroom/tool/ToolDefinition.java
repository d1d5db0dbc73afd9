package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A tool's description and schema, read from its JSON resource once. */
record ToolDefinition(String description, ObjectNode inputSchema) {
    static ToolDefinition of(String name) {
        try (var resource = ToolDefinition.class.getResourceAsStream("/dev/cleanroom/tool/" + name + ".json")) {
            var tree = (ObjectNode) new ObjectMapper().readTree(resource);
            return new ToolDefinition(tree.get("description").asText(), (ObjectNode) tree.get("inputSchema"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
