package dev.cleanroom.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ThinkingFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A log for tests of pure functions, written event by event. */
final class Events {
    static final UUID TURN = id(1);
    static final UUID PROMPT = id(2);
    static final String MODEL = "test/model";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Logged> log = new ArrayList<>();
    private String instructions;

    /** What the next reply, a session's first, keeps as the project's instructions. */
    Events instructed(String text) {
        instructions = text;
        return this;
    }

    static UUID id(int number) {
        return new UUID(0, number);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    List<Logged> log() {
        return List.copyOf(log);
    }

    long sequence() {
        return log.size();
    }

    Events add(SessionEvent event, JsonNode replay) {
        log.add(new Logged(log.size() + 1, Instant.EPOCH, Actor.AGENT, null, event, replay));
        return this;
    }

    Events add(SessionEvent event) {
        return add(event, null);
    }

    Events prompt(UUID prompt, String text) {
        return add(new PromptSubmitted(prompt, text, null, Deliver.queue));
    }

    Events steer(UUID prompt, String text) {
        return add(new PromptSubmitted(prompt, text, null, Deliver.steer));
    }

    Events started(UUID turn, UUID prompt) {
        return add(new TurnStarted(turn, prompt, MODEL, "default"));
    }

    /** A prompt and the turn that it starts. */
    Events begun() {
        return prompt(PROMPT, "do it").started(TURN, PROMPT);
    }

    Events text(String text) {
        return add(new TextFinished(TURN, 0, text), json("{\"type\":\"text\"}"));
    }

    Events thinking(String text) {
        return add(new ThinkingFinished(TURN, 0, text, null), json("{\"signature\":\"s\"}"));
    }

    Events call(UUID call, String tool, String input) {
        return add(new ToolCalled(call, tool, json(input)), json("{\"id\":\"toolu\"}"));
    }

    /** Closes a reply that had seen all before its own events. @param seen sequence */
    Events reply(Stop stop, long seen) {
        var record = new StepRecord(MODEL, stop, seen, false, null, instructions, null, null, null);
        instructions = null;
        return add(new UsageRecorded(100, 10, 0, 0, null, null), record.toReplay());
    }

    Events reply(Stop stop) {
        return reply(stop, sequence());
    }

    Events returned(UUID call, String output) {
        return add(new ToolReturned(call, output, false, 1, null, null));
    }

    Events requested(UUID call) {
        return add(new ApprovalRequested(call, "Bash", json("{}"), "why", List.of()));
    }

    Events given(UUID call, Decision decision, String comment) {
        return add(new ApprovalGiven(call, decision, null, comment, null));
    }

    Events ended(Reason reason) {
        return add(new TurnEnded(TURN, reason, null));
    }
}
