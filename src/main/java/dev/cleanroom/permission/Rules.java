package dev.cleanroom.permission;

import java.util.List;
import java.util.stream.Stream;

/** Three lists of rules, from all places together: where a rule comes from does not matter for what it does. */
public record Rules(List<Rule> allow, List<Rule> ask, List<Rule> deny) {
    public static final Rules NONE = new Rules(List.of(), List.of(), List.of());

    public Rules {
        allow = allow.stream().filter(Rule::mayAllow).toList();
        ask = List.copyOf(ask);
        deny = List.copyOf(deny);
    }

    public static Rules allowing(List<Rule> allow) {
        return new Rules(allow, List.of(), List.of());
    }

    public Rules and(Rules other) {
        return new Rules(both(allow, other.allow), both(ask, other.ask), both(deny, other.deny));
    }

    private static List<Rule> both(List<Rule> one, List<Rule> two) {
        return Stream.concat(one.stream(), two.stream()).distinct().toList();
    }
}
