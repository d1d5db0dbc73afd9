package dev.cleanroom.bench;

import dev.cleanroom.bench.BenchModel.Step;
import dev.cleanroom.whole.WholeServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Twenty steps of a turn: 10 reads, 5 shell calls, 3 edits, 1 grep, 1 write. */
final class Scripted {
    static final List<String> KINDS = List.of("read", "true", "shell", "edit", "write", "grep");
    static final List<Step> STEPS = steps();

    private Scripted() {}

    private static List<Step> steps() {
        var steps = new ArrayList<Step>();
        steps.add(bash(
                "setup",
                "mkdir -p src; for i in 1 2 3 4 5; do yes \"line of file $i\" | head -200 | nl > src/f$i.txt; done"));
        for (int i = 1; i <= 5; i++) {
            String path = "src/f" + i + ".txt";
            steps.add(new Step.Call("read", "Read", Map.of("file_path", path)));
            if (i <= 3) {
                steps.add(bash("true", "true")); // nothing before it changed a file: no checkpoint to wait for
            }
            steps.add(new Step.Call("read", "Read", Map.of("file_path", path, "offset", 100)));
        }
        for (int i = 1; i <= 3; i++) {
            var edit = Map.<String, Object>of(
                    "file_path", "src/f" + i + ".txt", "old_string", "     7\t", "new_string", "     seven\t");
            steps.add(new Step.Call("edit", "Edit", edit));
        }
        steps.add(bash("shell", "wc -l src/*.txt"));
        steps.add(new Step.Call("grep", "Grep", Map.of("pattern", "seven")));
        steps.add(new Step.Call("write", "Write", Map.of("file_path", "new.txt", "content", "new\n")));
        return List.copyOf(steps);
    }

    private static Step bash(String kind, String command) {
        return new Step.Call(kind, "Bash", Map.of("command", command));
    }

    /** @throws IllegalStateException if the turn did not do what the script says */
    static void check(WholeServer server, String session) throws Exception {
        boolean answered = false;
        for (var event : server.events(session)) {
            if (event.path("failed").asBoolean(false)) {
                throw new IllegalStateException(event.toString());
            }
            answered |= event.path("reason").asText().equals("answered");
        }
        if (!answered) {
            throw new IllegalStateException("No answer in session " + session + ": " + server.events(session));
        }
    }
}
