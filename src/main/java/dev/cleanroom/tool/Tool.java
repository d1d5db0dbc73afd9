package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Something the model can ask for. Holds no state of a session: {@link ToolContext} does. */
public interface Tool {
    String name();

    /** For the model. */
    String description();

    /** JSON Schema 2020-12, an object; byte-stable. */
    ObjectNode inputSchema();

    /** Whether a call with this input changes nothing: such calls run side by side, and again after a crash. */
    boolean isReadOnly(JsonNode input);

    /**
     * Runs one call to its end. The input satisfies the schema.
     *
     * @throws InterruptedException when a person stops the turn and there is nothing to tell; what ran was stopped
     */
    Result run(ToolContext context, JsonNode input) throws InterruptedException;

    /** What the model is shown, at most {@link Text#MAX_OUTPUT} UTF-16 units. */
    sealed interface Result {
        /** @param exitCode of a command; null for other tools */
        record Ok(String output, Integer exitCode) implements Result {
            public Ok(String output) {
                this(output, null);
            }
        }

        /** @param reason says what to do differently */
        record Failed(String reason, Integer exitCode) implements Result {
            public Failed(String reason) {
                this(reason, null);
            }
        }

        /** Whether it happened cannot be known: it is not run again. */
        record Unknown(String reason) implements Result {}
    }
}
