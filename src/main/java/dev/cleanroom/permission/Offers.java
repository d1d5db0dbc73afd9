package dev.cleanroom.permission;

import dev.cleanroom.permission.Decision.Ask;
import dev.cleanroom.permission.Decision.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What "always" would save: rules no wider than their words, each with an example it covers and one it does not. */
final class Offers {
    /** Programs whose second word says what they do. */
    private static final Set<String> WITH_SUBCOMMANDS = Set.of(
            "git",
            "npm",
            "pnpm",
            "yarn",
            "bun",
            "mvn",
            "./mvnw",
            "gradle",
            "./gradlew",
            "cargo",
            "go",
            "docker",
            "pip",
            "pip3",
            "uv",
            "poetry",
            "kubectl",
            "terraform",
            "composer",
            "bundle",
            "dotnet",
            "make",
            "apt-get",
            "brew",
            "deno",
            "gh");
    /** Programs that run whatever they are told: only the exact command is offered. */
    private static final Set<String> ANYTHING = Set.of(
            "bash",
            "sh",
            "zsh",
            "dash",
            "eval",
            "exec",
            "source",
            ".",
            "sudo",
            "su",
            "env",
            "xargs",
            "ssh",
            "python",
            "python3",
            "node",
            "ruby",
            "perl",
            "php",
            "awk",
            "npx",
            "parallel",
            "watch",
            "setsid",
            "ionice",
            "flock",
            "nice",
            "timeout",
            "find",
            "rm",
            "curl",
            "wget",
            "dd");

    private static final int MAX_EXAMPLE = 300; // UTF-16 units; longer commands make no rule that a person can read

    private Offers() {}

    static Ask without(String why) {
        return new Ask(why, List.of());
    }

    static Ask tool(String tool) {
        return new Ask("Nothing allows " + tool + " yet.", List.of(new Offer(tool, tool, "any other tool")));
    }

    static Ask edit(String path) {
        int slash = path.lastIndexOf('/');
        String rule = slash < 0 ? "Edit(/" + path + ")" : "Edit(/" + path.substring(0, slash) + "/**)";
        return new Ask("It changes " + path + ".", checkedEdits(List.of(new Offer(rule, path, elsewhere(path)))));
    }

    private static String elsewhere(String path) {
        return path.startsWith("other/") ? "another/" + path : "other/" + path;
    }

    static Ask exact(String why, String command) {
        String text = command.strip();
        boolean readable = text.length() <= MAX_EXAMPLE && text.indexOf('*') < 0 && text.indexOf('\n') < 0;
        return readable
                ? new Ask(why, checkedCommands(List.of(new Offer("Bash(" + text + ")", text, text + " --more"))))
                : without(why);
    }

    /** One rule for each part that nothing covers yet; none at all if they would be more than fit. */
    static Ask commands(List<SimpleCommand> uncovered) {
        var offers = new ArrayList<Offer>();
        for (var part : uncovered) {
            if (part.isEmpty() || !part.safeAssignments() || part.text().length() > MAX_EXAMPLE) {
                return without("It runs a command that nothing allows yet.");
            }
            var offer = offer(part);
            if (offers.stream().noneMatch(other -> other.rule().equals(offer.rule()))) {
                offers.add(offer);
            }
        }
        String why = "Nothing allows " + uncovered.getFirst().name() + " yet.";
        var checked = checkedCommands(offers);
        return checked.size() == offers.size() && offers.size() <= Permissions.MAX_OFFERS
                ? new Ask(why, checked)
                : without(why);
    }

    private static Offer offer(SimpleCommand command) {
        String text = command.text();
        var words = command.words();
        boolean general = !ANYTHING.contains(command.name())
                && CommandPattern.isPrefixApprovable(command)
                && words.getFirst().literal()
                && words.getFirst().raw().matches("[\\w./-]+");
        if (!general || words.size() == 1) {
            return new Offer("Bash(" + text + ")", text, text + " --more");
        }
        String prefix = command.name();
        if (WITH_SUBCOMMANDS.contains(command.name()) && words.get(1).raw().matches("[\\w:./-]+")) {
            prefix += " " + words.get(1).raw();
            boolean runs =
                    Set.of("run", "exec", "compose").contains(words.get(1).value());
            if (runs && words.size() > 2 && words.get(2).raw().matches("[\\w:./-]+")) {
                prefix += " " + words.get(2).raw();
            }
        }
        return new Offer("Bash(" + prefix + " *)", text, prefix + " && curl example.com");
    }

    /** An example that the matcher does not confirm is a lie to the person: such an offer is left out. */
    private static List<Offer> checkedCommands(List<Offer> offers) {
        return offers.stream()
                .filter(offer -> tells(offer, Offers::allowsCommand))
                .toList();
    }

    private static List<Offer> checkedEdits(List<Offer> offers) {
        return offers.stream().filter(offer -> tells(offer, Offers::allowsEdit)).toList();
    }

    private static boolean tells(Offer offer, Matcher matcher) {
        var rule = Rule.parse(offer.rule());
        return rule.isPresent()
                && rule.get().specifier().stream().allMatch(text -> offer.rule().contains("(" + text + ")"))
                && matcher.allows(rule.get(), offer.covers())
                && !matcher.allows(rule.get(), offer.notCovers());
    }

    private static boolean allowsCommand(Rule rule, String command) {
        return BashPermission.allows(Rules.allowing(List.of(rule)), command);
    }

    private static boolean allowsEdit(Rule rule, String path) {
        return PathPermission.isAllowed(Rules.allowing(List.of(rule)), path);
    }

    @FunctionalInterface
    private interface Matcher {
        boolean allows(Rule rule, String example);
    }
}
