package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent.Reason;
import java.util.List;
import java.util.UUID;

/**
 * What is to happen next in a session, as a pure function of its log: the first run, every recovery after a crash and
 * every continuation are the same code.
 */
sealed interface Turn {
    /** Nothing runs and nothing waits. */
    record Idle() implements Turn {}

    record Start(UUID promptId) implements Turn {}

    /** @param step from 1 within the turn */
    record AskModel(int step) implements Turn {}

    /** Calls of the newest reply that have no result, in their order, up to the first that waits for an answer; never empty. */
    record RunCalls(List<Call> calls) implements Turn {}

    record AwaitApproval(UUID callId) implements Turn {}

    /** The conversation fills the window: these results become one line each. */
    record Compact(List<UUID> callIds) implements Turn {}

    /** @param problem null where the reason says all */
    record End(Reason reason, Problem problem) implements Turn {}

    /**
     * @param input what is to run: as the model gave it, or as the person changed it
     * @param comment the person's, or null
     */
    record Call(UUID callId, String tool, JsonNode input, Answer answer, String comment) {}

    /** What a person said about a call. */
    enum Answer {
        NOT_ASKED,
        ALLOWED,
        DENIED
    }

    /**
     * @param maxSteps model requests in one turn
     * @param window tokens that the model can read
     */
    record Limits(int maxSteps, long window) {}

    static Turn next(List<Logged> log, Limits limits) {
        return TurnFold.of(log).next(limits);
    }
}
