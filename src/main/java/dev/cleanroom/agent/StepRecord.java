package dev.cleanroom.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.model.ModelClient.Stop;
import java.util.List;

/**
 * What the log keeps of one model reply besides its blocks: the replay data of its {@code usage-recorded}, which closes the
 * reply. Persisted: components are only ever added.
 *
 * @param model {@code provider/name} that was asked
 * @param stop null: the reply was cut off by an interrupt
 * @param seen sequence up to which the log was folded into the request
 * @param cutCall a call was cut off and left out
 * @param refusal the provider's words, or null
 * @param instructions what the project's instruction files said, in the session's first reply; null afterwards
 * @param system the system prompt, in the session's first reply; null afterwards
 * @param opaque blocks that are shown nowhere
 * @param expanded what a slash command in the turn's prompt said instead, in the turn's first reply; null where it was none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StepRecord(
        String model,
        Stop stop,
        long seen,
        boolean cutCall,
        String refusal,
        String instructions,
        String system,
        List<Opaque> opaque,
        String expanded) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param at index among the blocks of its reply */
    record Opaque(int at, JsonNode replay) {}

    static StepRecord of(JsonNode replay) {
        return JSON.convertValue(replay, StepRecord.class);
    }

    JsonNode toReplay() {
        return JSON.valueToTree(this);
    }
}
