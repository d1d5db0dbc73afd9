package dev.cleanroom.permission;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether a rule could decide any call at all: one that never does only looks like a guard. */
public final class Reach {
    private static final String OF_SERVERS = "mcp__"; // what their tools' names begin with; servers come and go

    private Reach() {}

    /**
     * @param allows whether it is to allow, not to ask or deny
     * @param tools the parameters of each tool by its name
     * @return why it never decides, as a sentence; empty: it may
     */
    public static Optional<String> problem(Rule rule, boolean allows, Map<String, Set<String>> tools) {
        var meant = tools.keySet().stream().filter(rule::isFor).toList();
        boolean ofServers = mayBeOfServers(rule.tool());
        if (meant.isEmpty() && !ofServers) {
            return Optional.of("There is no tool named " + rule.tool() + ". The tools are "
                    + String.join(", ", new TreeSet<>(tools.keySet())) + ".");
        }
        if (rule.specifier().isEmpty()) {
            return Optional.empty();
        }
        String specifier = rule.specifier().get();
        if (rule.tool().equals("Read") || rule.tool().equals("Edit")) {
            var pattern = allows ? PathPattern.allowing(specifier) : PathPattern.refusing(specifier);
            return pattern.canMatch()
                    ? Optional.empty()
                    : Optional.of(specifier + " is no place in the project. Write a path from its root, such as "
                            + rule.tool() + "(/src/**).");
        }
        boolean ofBash = meant.contains("Bash") && CommandPattern.canMatch(specifier);
        String parameter = specifier.split(":", 2)[0];
        boolean ofParameter = !allows
                && specifier.contains(":")
                && (ofServers || meant.stream().anyMatch(tool -> tools.get(tool).contains(parameter)));
        return ofBash || ofParameter
                ? Optional.empty()
                : Optional.of(
                        rule.text() + " would never match. In brackets stands a command of Bash, a path of Read or Edit"
                                + (allows ? "." : ", or parameter:value of any tool."));
    }

    private static boolean mayBeOfServers(String tool) {
        int star = tool.indexOf('*');
        return star < 0
                ? tool.startsWith(OF_SERVERS)
                : OF_SERVERS.startsWith(tool.substring(0, star)) || tool.startsWith(OF_SERVERS);
    }
}
