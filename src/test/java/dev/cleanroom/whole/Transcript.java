package dev.cleanroom.whole;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a turn's log comes to, without ids, times and what is told of sandboxes and checkpoints: what the model said and
 * called, in order, what people answered, what came back, and how it ended.
 */
record Transcript(List<String> said, List<Call> calls, String end) {
    /** @param answers of people; more than one is one too many @param output as the model was told */
    record Call(
            int step,
            String tool,
            JsonNode input,
            List<String> answers,
            int results,
            String output,
            boolean failed,
            boolean unknown) {
        /** Apart from what came back. */
        boolean isSameCall(Call other) {
            return step == other.step
                    && tool.equals(other.tool)
                    && input.equals(other.input)
                    && answers.equals(other.answers)
                    && results == other.results;
        }
    }

    private static final class Open {
        int step;
        String tool;
        JsonNode input;
        final List<String> answers = new ArrayList<>();
        int results;
        JsonNode returned;

        Call close() {
            return new Call(
                    step,
                    tool,
                    input,
                    List.copyOf(answers),
                    results,
                    returned == null ? "" : returned.path("output").asText(),
                    returned != null && returned.path("failed").asBoolean(),
                    returned != null && returned.path("outcome").asText().equals("unknown"));
        }
    }

    static Transcript of(List<JsonNode> events) {
        var said = new ArrayList<String>();
        Map<String, Open> calls = new LinkedHashMap<>();
        var end = new StringBuilder();
        for (var event : events) {
            var call = calls.getOrDefault(event.path("callId").asText(), new Open());
            switch (event.path("type").asText()) {
                case "prompt-submitted" -> said.add("prompt");
                case "text-finished", "thinking-finished" ->
                    said.add(event.path("step").asInt() + " "
                            + event.path("type").asText() + " "
                            + event.path("text").asText());
                case "tool-called" -> {
                    call.step = event.path("step").asInt();
                    call.tool = event.path("tool").asText();
                    call.input = event.path("input");
                    calls.put(event.path("callId").asText(), call);
                }
                case "approval-requested" -> call.answers.add("asked");
                case "approval-given" -> call.answers.add(event.path("decision").asText());
                case "tool-returned" -> {
                    call.results++;
                    call.returned = event;
                }
                case "turn-ended" ->
                    end.append(event.path("reason").asText())
                            .append(event.path("problem").toString());
                default -> {} // of sandboxes, checkpoints, costs
            }
        }
        return new Transcript(said, calls.values().stream().map(Open::close).toList(), end.toString());
    }

    /**
     * Where this one is not what an undisturbed turn comes to. A call may differ in what came back if that is said to be
     * unknown, and an edit also where the look at its file, before it, was.
     */
    List<String> differences(Transcript undisturbed) {
        var differences = new ArrayList<String>();
        if (!said.equals(undisturbed.said)) {
            differences.add("said " + said + " in place of " + undisturbed.said);
        }
        if (!end.equals(undisturbed.end)) {
            differences.add("ended " + end);
        }
        if (calls.size() != undisturbed.calls.size()) {
            differences.add(calls.size() + " calls: " + calls);
            return differences;
        }
        Map<String, Boolean> looked = new HashMap<>();
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            var file = call.input().path("file_path").asText();
            boolean may = call.unknown() || call.tool().equals("Edit") && !looked.getOrDefault(file, false);
            if (call.tool().equals("Read")) {
                looked.put(file, !call.failed());
            }
            if (may ? !call.isSameCall(undisturbed.calls.get(i)) : !call.equals(undisturbed.calls.get(i))) {
                differences.add(call + " in place of " + undisturbed.calls.get(i));
            }
        }
        return differences;
    }
}
