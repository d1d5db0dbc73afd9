package dev.cleanroom.model.wire;

import java.net.URI;
import java.util.Optional;

/**
 * Where and how to ask a provider.
 *
 * @param provider its id, the first part of its models' ids
 * @param base without a trailing slash; may carry a path
 * @param key never shown: {@link #toString()} leaves it out
 */
public record Endpoint(String provider, Format format, URI base, Optional<String> key) {
    public static final String ANTHROPIC_HOST = "api.anthropic.com";
    public static final String OPENAI_HOST = "api.openai.com";

    /** The wire that is spoken there. */
    public enum Format {
        ANTHROPIC,
        OPENAI_RESPONSES,
        OPENAI_CHAT
    }

    URI at(String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }

    boolean isHost(String host) {
        return host.equalsIgnoreCase(base.getHost());
    }

    /** {@code text} without the key in it. */
    String redact(String text) {
        return key.filter(secret -> !secret.isBlank())
                .map(secret -> text.replace(secret, "…"))
                .orElse(text);
    }

    @Override
    public String toString() {
        return provider + " (" + format + " at " + base + ")";
    }
}
