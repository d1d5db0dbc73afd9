package dev.cleanroom.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.permission.Rules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A project's {@code .claude/settings.json}. What narrows (deny and ask rules) counts at once; what widens (allow rules,
 * modes, hooks, servers, directories) only in a version that an editor accepted.
 *
 * @param hash SHA-256 of the bytes, hex
 */
record SettingsFile(String hash, String text, JsonNode tree) {
    static final String PATH = ".claude/settings.json";
    static final int MAX_BYTES = 1 << 20; // a settings file has a few kilobytes

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file that is no JSON object says nothing. */
    static SettingsFile of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            return new SettingsFile(sha256(bytes), text, JSON.readTree(text));
        } catch (JsonProcessingException broken) {
            return new SettingsFile(sha256(bytes), text, JSON.createObjectNode());
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Rules rules(boolean accepted) {
        return new Rules(accepted ? rules("allow") : List.of(), rules("ask"), rules("deny"));
    }

    private List<Rule> rules(String list) {
        var rules = new ArrayList<Rule>();
        tree.path("permissions")
                .path(list)
                .forEach(text -> Rule.parse(text.asText()).ifPresent(rules::add));
        return rules;
    }

    /** One sentence for each thing that accepting it would allow. */
    List<String> widens() {
        var all = new ArrayList<String>();
        var permissions = tree.path("permissions");
        permissions.path("allow").forEach(rule -> all.add("Runs unasked: " + rule.asText()));
        if (permissions.path("defaultMode").isTextual()) {
            all.add("Asks for the mode " + permissions.path("defaultMode").asText());
        }
        permissions
                .path("additionalDirectories")
                .forEach(each -> all.add("Works outside the project: " + each.asText()));
        tree.path("hooks")
                .fieldNames()
                .forEachRemaining(event -> tree.path("hooks")
                        .path(event)
                        .forEach(group -> group.path("hooks")
                                .forEach(hook -> all.add("Runs at " + event + ": "
                                        + hook.path("command")
                                                .asText(hook.path("type").asText("a hook"))))));
        if (tree.path("enableAllProjectMcpServers").asBoolean(false)) {
            all.add("Starts every server of .mcp.json");
        }
        tree.path("enabledMcpjsonServers").forEach(server -> all.add("Starts the server " + server.asText()));
        tree.path("env").fieldNames().forEachRemaining(name -> all.add("Sets the variable " + name));
        return all;
    }
}
