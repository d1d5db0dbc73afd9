package dev.cleanroom.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.testing.WireScript.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the wires' scripts share. */
final class Wiring {
    static final ObjectMapper JSON = new ObjectMapper();

    private Wiring() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static Optional<Refusal> unknownField(JsonNode node, Set<String> known, String path, String words) {
        return node.properties().stream()
                .filter(field -> !known.contains(field.getKey()))
                .findFirst()
                .flatMap(field -> Refusal.invalid(words.formatted(path + field.getKey())));
    }

    static String digest(String text) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static boolean isJson(String text) {
        try {
            return JSON.readTree(text) != null;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static final Pattern IMAGE =
            Pattern.compile("data:(image/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/]+=*)");

    static boolean isImage(String mediaType, String base64) {
        return isImage("data:" + mediaType + ";base64," + base64);
    }

    static boolean isImage(String dataUrl) {
        return IMAGE.matcher(dataUrl).matches();
    }
}
