package dev.cleanroom.permission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The one question: may this call run? Order of judgement: deny, ask, mode, allow, else ask. */
public final class Permissions {
    /** Rules that one answer may save; as Claude Code has it. */
    public static final int MAX_OFFERS = 5;

    private Permissions() {}

    /** @param input the arguments as the model gave them; a missing or odd argument is the tool's to refuse */
    public static Decision decide(Mode mode, Rules rules, String tool, JsonNode input) {
        var whole = whole(rules, tool, input);
        if (whole.isPresent() && whole.get() instanceof Decision.Deny) {
            return whole.get();
        }
        var judged = switch (tool) {
            case "Bash" ->
                new BashPermission(mode, rules).decide(input.path("command").asText());
            case "Read" -> PathPermission.read(rules, input.path("file_path").asText());
            case "Glob", "Grep" -> PathPermission.read(rules, input.path("path").asText());
            case "Edit", "Write" ->
                PathPermission.edit(mode, rules, input.path("file_path").asText());
            case "TodoWrite" -> new Decision.Allow();
            default -> other(mode, rules, tool);
        };
        return judged instanceof Decision.Deny ? judged : whole.orElse(judged);
    }

    /** Whether a person may be shown, and the model given, what this file holds. {@code path} as a tool was given it. */
    public static boolean mayRead(Rules rules, String path) {
        return !(PathPermission.read(rules, path) instanceof Decision.Deny);
    }

    /** Rules that name the tool alone or one of its parameters. */
    private static Optional<Decision> whole(Rules rules, String tool, JsonNode input) {
        for (var rule : rules.deny()) {
            if (rule.isFor(tool) && isWhole(rule, tool, input)) {
                return Optional.of(new Decision.Deny("The rule " + rule.text() + " denies it."));
            }
        }
        for (var rule : rules.ask()) {
            if (rule.isFor(tool) && isWhole(rule, tool, input)) {
                return Optional.of(Offers.without("The rule " + rule.text() + " says to ask."));
            }
        }
        return Optional.empty();
    }

    private static boolean isWhole(Rule rule, String tool, JsonNode input) {
        if (rule.specifier().isEmpty()) {
            return true;
        }
        var parameter = rule.specifier().get().split(":", 2);
        boolean isPrimary = parameter[0].equals("command") || parameter[0].equals("file_path");
        return parameter.length == 2
                && !isPrimary
                && input.has(parameter[0])
                && Wildcards.matches(
                        parameter[1].strip(), input.get(parameter[0]).asText());
    }

    private static Decision other(Mode mode, Rules rules, String tool) {
        boolean allowed = mode == Mode.BYPASS_PERMISSIONS
                || rules.allow().stream()
                        .anyMatch(rule -> rule.isFor(tool) && rule.specifier().isEmpty());
        return allowed ? new Decision.Allow() : Offers.tool(tool);
    }
}
