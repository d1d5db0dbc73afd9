package dev.cleanroom.permission;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a file may be read or changed. A path outside the workspace is the tool's to refuse. */
final class PathPermission {
    private static final Set<String> READ = Set.of("Read");
    private static final Set<String> EDIT = Set.of("Edit");

    private PathPermission() {}

    static Decision read(Rules rules, String path) {
        var inside = WorkspacePath.inside(path);
        if (inside.isEmpty()) {
            return new Decision.Allow();
        }
        var denied = caught(rules.deny(), READ, inside.get());
        if (denied.isPresent()) {
            return new Decision.Deny("The rule " + denied.get().text() + " denies reading " + path + ".");
        }
        return caught(rules.ask(), READ, inside.get())
                .<Decision>map(rule -> Offers.without("The rule " + rule.text() + " says to ask."))
                .orElseGet(Decision.Allow::new);
    }

    static Decision edit(Mode mode, Rules rules, String path) {
        var inside = WorkspacePath.inside(path);
        if (inside.isEmpty()) {
            return mode == Mode.BYPASS_PERMISSIONS
                    ? new Decision.Allow()
                    : Offers.without(path + " is outside the workspace.");
        }
        var denied = caught(rules.deny(), EDIT, inside.get()).or(() -> caught(rules.deny(), READ, inside.get()));
        if (denied.isPresent()) {
            return new Decision.Deny("The rule " + denied.get().text() + " denies changing " + path + ".");
        }
        var asked = caught(rules.ask(), EDIT, inside.get());
        if (asked.isPresent()) {
            return Offers.without("The rule " + asked.get().text() + " says to ask.");
        }
        if (mode == Mode.BYPASS_PERMISSIONS) {
            return new Decision.Allow();
        }
        if (ProtectedPaths.include(inside.get())) {
            return Offers.without(path + " can make programs run, so changes to it are always asked about.");
        }
        if (mode == Mode.ACCEPT_EDITS || isAllowed(rules, inside.get())) {
            return new Decision.Allow();
        }
        return Offers.edit(inside.get());
    }

    /** @param path relative to the workspace, normal form */
    static boolean isAllowed(Rules rules, String path) {
        return rules.allow().stream()
                .anyMatch(rule -> rule.tool().equals("Edit")
                                && rule.specifier()
                                        .map(text -> PathPattern.allowing(text).matches(path))
                                        .orElse(true)
                        || rule.tool().equals("Write") && rule.specifier().isEmpty());
    }

    private static Optional<Rule> caught(List<Rule> rules, Set<String> tools, String path) {
        return rules.stream()
                .filter(rule -> tools.contains(rule.tool()))
                .filter(rule -> rule.specifier()
                        .map(text -> PathPattern.refusing(text).matches(path))
                        .orElse(true))
                .findFirst();
    }
}
