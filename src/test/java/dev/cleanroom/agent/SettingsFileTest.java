package dev.cleanroom.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.permission.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
    private static final String TEXT = """
            {"permissions": {"allow": ["Bash(npm test *)", "mcp__*", 3], "ask": ["Bash(git push *)"],
              "deny": ["Read(.env)"], "defaultMode": "acceptEdits", "additionalDirectories": ["../x"]},
             "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "./check"}]}]},
             "enabledMcpjsonServers": ["db"], "env": {"A": "b"}, "model": "opus"}""";

    private final SettingsFile file = SettingsFile.of(TEXT.getBytes(UTF_8));

    @Test
    void onlyAcceptedVersionsAllow() {
        assertThat(file.rules(false).allow()).isEmpty();
        assertThat(file.rules(false).deny()).containsExactly(rule("Read(.env)"));
        assertThat(file.rules(false).ask()).containsExactly(rule("Bash(git push *)"));
        assertThat(file.rules(true).allow()).containsExactly(rule("Bash(npm test *)"));
    }

    @Test
    void saysWhatItWouldAllow() {
        assertThat(file.widens())
                .contains(
                        "Runs unasked: Bash(npm test *)",
                        "Asks for the mode acceptEdits",
                        "Works outside the project: ../x",
                        "Runs at PreToolUse: ./check",
                        "Starts the server db",
                        "Sets the variable A");
    }

    @Test
    void aFileThatOnlyNarrowsOrIsNoJsonAsksForNothing() {
        assertThat(SettingsFile.of("{\"permissions\":{\"deny\":[\"Bash\"]}}".getBytes(UTF_8))
                        .widens())
                .isEmpty();
        for (var odd : List.of("", "no json", "[]", "3", "{\"permissions\": 7, \"hooks\": [1]}")) {
            assertThat(SettingsFile.of(odd.getBytes(UTF_8)).widens()).isEmpty();
            assertThat(SettingsFile.of(odd.getBytes(UTF_8)).rules(true).allow()).isEmpty();
        }
    }

    private static Rule rule(String text) {
        return Rule.parse(text).orElseThrow();
    }
}
