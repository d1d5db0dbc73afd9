package dev.cleanroom.model.wire;

import dev.cleanroom.model.ModelClient.ToolSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Names of tools as every wire takes them, and back. A name that fits is its own. */
final class ToolNames {
    private static final Pattern FITS = Pattern.compile("[a-zA-Z0-9_-]{1,64}"); // OpenAI's; Anthropic takes up to 128
    private static final int KEPT_CHARS = 55; // 64 less a dash and eight digits

    private final Map<String, String> ours = new HashMap<>();

    ToolNames(List<ToolSpec> tools) {
        tools.forEach(tool -> ours.put(onWire(tool.name()), tool.name()));
    }

    static String onWire(String name) {
        if (FITS.matcher(name).matches()) {
            return name;
        }
        var clean = name.replaceAll("[^a-zA-Z0-9_-]", "_");
        return clean.substring(0, Math.min(KEPT_CHARS, clean.length())) + "-"
                + digest(name).substring(0, 8);
    }

    /** A name that no tool has comes back as it is: the model is told that there is no such tool. */
    String ours(String name) {
        return ours.getOrDefault(name, name);
    }

    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
