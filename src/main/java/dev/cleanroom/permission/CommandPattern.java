package dev.cleanroom.permission;

import java.util.Set;

/** A Bash rule's specifier: an exact command, a prefix ({@code npm run *}, {@code npm run:*}) or stars anywhere. */
final class CommandPattern {
    /** Programs that run another one they are told: a prefix says nothing about what runs. */
    private static final Set<String> RUNNERS = Set.of("watch", "setsid", "ionice", "flock");

    private CommandPattern() {}

    /** Whether an allow rule with this specifier covers the command as written. */
    static boolean allows(String specifier, SimpleCommand command) {
        if (specifier.equals(command.text())) {
            return true;
        }
        return isPrefixApprovable(command) && matches(specifier, command.text());
    }

    /** Whether a deny or ask rule catches the command, however it is quoted. */
    static boolean catches(String specifier, SimpleCommand command) {
        return matches(specifier, command.text()) || matches(specifier, command.value());
    }

    static boolean isPrefixApprovable(SimpleCommand command) {
        return !command.isEmpty()
                && !RUNNERS.contains(command.name())
                && !(command.name().equals("find")
                        && (command.fed() || ReadOnlyCommands.findActs(command.arguments())));
    }

    /** Whether it names a command at all. */
    static boolean canMatch(String specifier) {
        return !specifier.equals(":*");
    }

    private static boolean matches(String specifier, String text) {
        String pattern = specifier.endsWith(":*") ? specifier.substring(0, specifier.length() - 2) + " *" : specifier;
        if (pattern.endsWith(" *") && Wildcards.matches(pattern.substring(0, pattern.length() - 2), text)) {
            return true; // "ls *" covers "ls"
        }
        return Wildcards.matches(pattern, text);
    }
}
