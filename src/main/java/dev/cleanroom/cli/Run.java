package dev.cleanroom.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the agent one job and waits for its end: the answer and the diff on standard output, what it does meanwhile on
 * standard error.
 */
public final class Run {
    private static final int ANSWERED = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int DENIED = 3;
    private static final int INTERRUPTED = 130; // as a shell reports Ctrl-C
    private static final String NO_TERMINAL =
            "There is no terminal to ask, so nobody could allow this. Do without it, or say what is needed.";

    private final Api api;
    private final BufferedReader keyboard =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private String prompt; // id of ours
    private boolean denied;
    private JsonNode end;

    private Run(Api api) {
        this.api = api;
    }

    public static void main(String... words) {
        System.exit(exitCode(words));
    }

    private static int exitCode(String... words) {
        try {
            var arguments = Arguments.parse(List.of(words));
            try (var server = Server.find()) {
                return new Run(server.api()).run(arguments);
            }
        } catch (IllegalArgumentException wrong) {
            System.err.println("cleanroom run: " + wrong.getMessage());
            System.err.println(Arguments.USAGE);
            return USAGE;
        } catch (IOException e) {
            System.err.println(
                    "cleanroom run: " + (e.getMessage() == null ? "the server does not answer" : e.getMessage()));
            return FAILED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    private int run(Arguments arguments) throws IOException, InterruptedException {
        var project = LocalProject.open(api, arguments.project());
        var wanted = new HashMap<String, String>();
        arguments.model().ifPresent(model -> wanted.put("model", model));
        arguments.mode().ifPresent(mode -> wanted.put("mode", mode));
        String session = api.post("/api/v1/projects/" + project.id() + "/sessions", wanted)
                .get("id")
                .asText();
        Thread interrupter = interruptOnCtrlC(session);
        prompt = api.post("/api/v1/sessions/" + session + "/prompts", Map.of("text", arguments.prompt()))
                .get("promptId")
                .asText();
        api.events(session, event -> tell(session, event));
        Runtime.getRuntime().removeShutdownHook(interrupter);
        String patch = api.text("/api/v1/sessions/" + session + "/diff.patch");
        if (!patch.isEmpty()) {
            System.out.println();
            System.out.print(patch);
        }
        if (arguments.apply() && !patch.isEmpty()) {
            project.apply(patch);
        }
        return switch (end.path("reason").asText()) {
            case "answered" -> denied ? DENIED : ANSWERED;
            case "interrupted" -> denied ? DENIED : INTERRUPTED;
            default -> {
                System.err.println("cleanroom run: "
                        + end.at("/problem/detail")
                                .asText("the turn ended: " + end.path("reason").asText()));
                yield FAILED;
            }
        };
    }

    private Thread interruptOnCtrlC(String session) {
        var interrupter = new Thread(() -> {
            try {
                api.post("/api/v1/sessions/" + session + "/interrupt", Map.of());
            } catch (IOException | InterruptedException gone) {
                // nothing more can be done on the way out
            }
        });
        Runtime.getRuntime().addShutdownHook(interrupter);
        return interrupter;
    }

    /** @return true with the end of our turn */
    private boolean tell(String session, JsonNode event) {
        switch (event.path("type").asText()) {
            case "text-finished" ->
                System.out.println(event.path("text").asText().strip());
            case "tool-called" -> System.err.println("· " + event.path("tool").asText() + " " + inputOf(event));
            case "tool-returned" -> {
                if (event.path("failed").asBoolean()) {
                    System.err.println(
                            "  failed: " + firstLine(event.path("output").asText()));
                }
            }
            case "model-retried" ->
                System.err.println(
                        "· The model is asked again: " + event.path("reason").asText());
            case "approval-requested" -> answer(session, event);
            case "turn-ended" -> {
                end = event;
                return true;
            }
            default -> {} // the rest is for the browser
        }
        return false;
    }

    private void answer(String session, JsonNode asked) {
        String reply = "";
        System.err.println("? " + asked.path("tool").asText() + " " + asked.path("input") + "\n  "
                + asked.path("why").asText());
        if (!terminal) {
            System.err.println("  denied: there is no terminal to ask. Run it in one, or choose --mode acceptEdits"
                    + " or --mode bypassPermissions.");
        } else {
            System.err.print("  Allow it? [y]es, no, or what to do instead: ");
            try {
                var line = keyboard.readLine();
                reply = line == null ? "no" : line.strip(); // the input has ended
            } catch (IOException closed) {
                reply = "no";
            }
        }
        boolean allow = reply.equalsIgnoreCase("y") || reply.equalsIgnoreCase("yes");
        var body = new HashMap<String, String>();
        body.put("decision", allow ? "allow" : "deny");
        if (!allow) {
            denied = true;
            String comment = terminal ? reply : NO_TERMINAL;
            if (!comment.isEmpty() && !comment.equalsIgnoreCase("no") && !comment.equalsIgnoreCase("n")) {
                body.put("comment", comment);
            }
        }
        try {
            api.post(
                    "/api/v1/sessions/" + session + "/approvals/"
                            + asked.path("callId").asText(),
                    body);
        } catch (IOException answered) {
            System.err.println("  " + answered.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String inputOf(JsonNode event) {
        JsonNode input = event.path("input");
        for (String field : List.of("command", "file_path", "pattern", "description")) {
            if (input.path(field).isTextual()) {
                return firstLine(input.path(field).asText());
            }
        }
        return "";
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= 120 ? line : line.substring(0, 119) + "…";
    }
}
