package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the model says in a turn of {@link #STEPS} steps, and the project that it works on. Four steps belong together: look
 * at files side by side; edit one of them and run a command; run a command that must be allowed; run one that must and one
 * that need not, and make a file. Each command leaves a line in {@link #LINES} when it begins and one when it ends; an
 * edit that is made twice leaves two.
 */
final class ChaosScript {
    static final int STEPS = 20;
    static final String PROMPT = "twenty steps";
    static final String LINES = "lines.txt"; // ignored by git: no checkpoint brings it back

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PACE = Duration.ofMillis(4); // between deltas: a stream lasts long enough to be hit
    private static final String RUN = "bash run.sh ";
    private static final String ASKED = "bash asked.sh ";
    private static final String COMMAND =
            "echo \"begin $1\" >> " + LINES + "; echo running; sleep 0.3; echo \"end $1\" >> " + LINES + "\n";

    private ChaosScript() {}

    static Map<String, String> project() {
        var files = new LinkedHashMap<String, String>();
        files.put(".gitignore", LINES + "\n");
        files.put(".claude/settings.json", "{\"permissions\":{\"ask\":[\"Bash(bash asked.sh:*)\"]}}");
        files.put("run.sh", COMMAND);
        files.put("asked.sh", COMMAND);
        for (int step = 2; step <= STEPS; step += 4) {
            files.put(note(step), "begin\nend\n");
            files.put("other-" + step + ".txt", "nothing\n");
        }
        return files;
    }

    static List<Answer> answers() {
        return IntStream.rangeClosed(1, STEPS).mapToObj(ChaosScript::answer).toList();
    }

    /** What a person is asked in this step. */
    static boolean asks(int step) {
        return step % 4 == 3 || step % 4 == 0;
    }

    /** The name under which a command leaves its lines; empty if it is none of ours. */
    static String leaves(String command) {
        return command.startsWith(RUN)
                ? command.substring(RUN.length())
                : command.startsWith(ASKED) ? command.substring(ASKED.length()) : "";
    }

    /** The file that is edited in this step. */
    static String note(int step) {
        return "note-" + step + ".txt";
    }

    /** The line that the edit of this step leaves. */
    static String edit(int step) {
        return "edit " + step;
    }

    private static Answer answer(int step) {
        var parts = new ArrayList<Answer.Part>();
        if (step % 5 == 0) {
            parts.add(thinking("I think. ".repeat(10)));
        }
        parts.add(text("Step " + step + ": " + "I look at what is there and go on. ".repeat(4)));
        parts.addAll(calls(step));
        return reply(parts.toArray(Answer.Part[]::new)).pace(PACE);
    }

    private static List<Answer.Part> calls(int step) {
        return switch (step % 4) {
            case 1 ->
                List.of(
                        call("Read", arguments("file_path", note(step + 1))),
                        call("Read", arguments("file_path", "other-" + (step + 1) + ".txt")),
                        call("Grep", arguments("pattern", "nothing")));
            case 2 ->
                List.of(
                        call(
                                "Edit",
                                arguments(
                                        "file_path",
                                        note(step),
                                        "old_string",
                                        "end",
                                        "new_string",
                                        edit(step) + "\nend")),
                        call("Bash", arguments("command", RUN + step)));
            case 3 -> List.of(call("Bash", arguments("command", ASKED + step)));
            default ->
                List.of(
                        call("Bash", arguments("command", ASKED + step + "a")),
                        call("Bash", arguments("command", RUN + step + "b")),
                        call("Write", arguments("file_path", "made-" + step + ".txt", "content", "made\n")));
        };
    }

    private static String arguments(String... namesAndValues) {
        var arguments = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        try {
            return JSON.writeValueAsString(arguments);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
