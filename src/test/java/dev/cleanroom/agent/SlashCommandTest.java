package dev.cleanroom.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlashCommandTest {
    @Test
    void readsWhatTheFrontmatterSays() {
        var command = command("""
                ---
                description: "Fix an issue"
                argument-hint: [number] [priority]
                allowed-tools: Bash(rm:*)
                ---

                # Fix it
                """);

        assertThat(command.description()).contains("Fix an issue");
        assertThat(command.argumentHint()).contains("[number] [priority]");
        assertThat(command.text()).isEqualTo("# Fix it");
        assertThat(command("# Look at it\n\nmore").description()).contains("Look at it");
        assertThat(SlashCommand.of("x", "---\nuser-invocable: false\n---\ntext"))
                .isEmpty();
        assertThat(SlashCommand.of("x", "---\ndescription: nothing\n---\n")).isEmpty();
        assertThat(command("--- no frontmatter\ntext").text()).isEqualTo("--- no frontmatter\ntext");
    }

    @Test
    void putsArgumentsInTheirPlaces() {
        assertThat(expanded("All: $ARGUMENTS; one: $1, two: $2, three: $3.", "12 \"very high\""))
                .isEqualTo("All: 12 \"very high\"; one: 12, two: very high, three: .");
        assertThat(expanded("$0 and $1, $ARGUMENTS[0]", "a b")).isEqualTo("a and b, a");
        assertThat(expanded("It costs \\$1, $1", "x")).isEqualTo("It costs $1, x");
        assertThat(expanded("No place.", "x y")).isEqualTo("No place.\n\nARGUMENTS: x y");
        assertThat(expanded("No place.", "")).isEqualTo("No place.");
    }

    @Test
    void looksAtTheFileOnceAndRunsNothing() {
        assertThat(expanded("Say $1", "$ARGUMENTS")).isEqualTo("Say $ARGUMENTS");
        assertThat(expanded("Say $ARGUMENTS", "!`id`")).isEqualTo("Say !`id`");
        assertThat(expanded("Status: !`git status`", ""))
                .isEqualTo("Status: `git status` (not run for you: run it if you need its output)");
    }

    private static String expanded(String text, String arguments) {
        return command(text).expand(arguments);
    }

    private static SlashCommand command(String file) {
        return SlashCommand.of("x", file).orElseThrow();
    }
}
