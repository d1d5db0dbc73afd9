package dev.cleanroom.testing;

import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.Answer.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scripts of many steps. A file of them is {@code {"name": [step, …], …}}; a step is {@code {text?, thinking?,
 * calls?:[{tool, input}], stop?, fault?, paceMs?, afterMs?, deltaChars?}}, {@code stop} and {@code fault} as
 * {@link Answer.Stop} and {@link Answer}'s factories are named, or {@code {status, type, message, headers?}}.
 */
public final class Scripts {
    private Scripts() {}

    /** 20 steps of one call each: 10 reads, 5 shell calls, 3 edits, a grep, a write; then an answer. Needs an empty tree only. */
    public static List<Answer> twentySteps() {
        var steps = new ArrayList<Answer>();
        steps.add(
                step(1, "Write", "{\"file_path\":\"notes.txt\",\"content\":\"line 0\\nline 1\\nline 2\\nline 3\\n\"}"));
        for (int edit = 1; edit <= 3; edit++) {
            steps.add(step(steps.size() + 1, "Read", "{\"file_path\":\"notes.txt\"}"));
            steps.add(step(
                    steps.size() + 1,
                    "Edit",
                    "{\"file_path\":\"notes.txt\",\"old_string\":\"line " + edit + "\",\"new_string\":\"LINE " + edit
                            + "\"}"));
        }
        for (int run = 1; run <= 5; run++) {
            steps.add(step(steps.size() + 1, "Bash", "{\"command\":\"echo run " + run + " >> runs.txt\"}"));
            steps.add(step(steps.size() + 1, "Read", "{\"file_path\":\"notes.txt\"}"));
        }
        steps.add(step(steps.size() + 1, "Grep", "{\"pattern\":\"LINE\"}"));
        steps.add(step(steps.size() + 1, "Read", "{\"file_path\":\"runs.txt\"}"));
        steps.add(step(steps.size() + 1, "Read", "{\"file_path\":\"notes.txt\"}"));
        steps.add(reply(text("All twenty steps are done.")));
        return steps;
    }

    private static Answer step(int number, String tool, String input) {
        return reply(text("Step " + number + ". "), Answer.call(tool, input));
    }

    /** @throws UncheckedIOException if it cannot be read */
    public static Map<String, List<Answer>> read(Path file) {
        try {
            var scripts = new LinkedHashMap<String, List<Answer>>();
            var root = new ObjectMapper().readTree(Files.readAllBytes(file));
            root.properties().forEach(script -> {
                var steps = new ArrayList<Answer>();
                script.getValue().forEach(step -> steps.add(answer(step)));
                scripts.put(script.getKey(), steps);
            });
            return scripts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(JsonNode step) {
        if (step.has("status")) {
            var failing = Answer.status(
                    step.path("status").asInt(),
                    step.path("type").asText(),
                    step.path("message").asText());
            for (var header : step.path("headers").properties()) {
                failing = failing.header(header.getKey(), header.getValue().asText());
            }
            return failing;
        }
        var parts = new ArrayList<Part>();
        if (step.has("thinking")) {
            parts.add(Answer.thinking(step.path("thinking").asText()));
        }
        if (step.has("text")) {
            parts.add(text(step.path("text").asText()));
        }
        step.path("calls")
                .forEach(call -> parts.add(Answer.call(
                        call.path("tool").asText(), call.path("input").toString())));
        var answer = reply(parts.toArray(Part[]::new))
                .pace(Duration.ofMillis(step.path("paceMs").asInt()))
                .after(Duration.ofMillis(step.path("afterMs").asInt()))
                .deltaChars(step.path("deltaChars").asInt(16));
        if (step.has("stop")) {
            answer = answer.stop(Answer.Stop.valueOf(step.path("stop").asText()));
        }
        return step.has("fault") ? answer.fault(fault(step.path("fault").asText())) : answer;
    }

    private static Answer.Fault fault(String name) {
        return switch (name) {
            case "cut" -> Answer.cut();
            case "endInEvent" -> Answer.endInEvent();
            case "endEarly" -> Answer.endEarly();
            case "stall" -> Answer.stall();
            case "badJson" -> Answer.badJson();
            case "noAnswer" -> Answer.noAnswer();
            default -> Answer.errorEvent(name, "Scripted");
        };
    }
}
