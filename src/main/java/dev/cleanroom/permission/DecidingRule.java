package dev.cleanroom.permission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which rule a decision comes from: the first that decides the same alone. */
public final class DecidingRule {
    private DecidingRule() {}

    /** @return empty if none does: the mode decided, or several rules together */
    public static Optional<Rule> of(Decision decision, Mode mode, Rules rules, String tool, JsonNode input) {
        return switch (decision) {
            case Decision.Deny _ ->
                first(
                        rules.deny(),
                        rule -> Permissions.decide(
                                        Mode.BYPASS_PERMISSIONS,
                                        new Rules(List.of(), List.of(), List.of(rule)),
                                        tool,
                                        input)
                                instanceof Decision.Deny);
            case Decision.Ask _ ->
                isAllowed(Mode.BYPASS_PERMISSIONS, Rules.NONE, tool, input)
                        ? first(
                                rules.ask(),
                                rule -> !isAllowed(
                                        Mode.BYPASS_PERMISSIONS,
                                        new Rules(List.of(), List.of(rule), List.of()),
                                        tool,
                                        input))
                        : Optional.empty();
            case Decision.Allow _ ->
                isAllowed(mode, Rules.NONE, tool, input)
                        ? Optional.empty()
                        : first(rules.allow(), rule -> isAllowed(mode, Rules.allowing(List.of(rule)), tool, input));
        };
    }

    private static boolean isAllowed(Mode mode, Rules rules, String tool, JsonNode input) {
        return Permissions.decide(mode, rules, tool, input) instanceof Decision.Allow;
    }

    private static Optional<Rule> first(List<Rule> rules, Predicate<Rule> decides) {
        return rules.stream().filter(decides).findFirst();
    }
}
