package dev.cleanroom.model;

import dev.cleanroom.model.wire.Endpoint;
import java.util.Optional;

/** The wires' names in the API and in the database. */
final class WireName {
    private WireName() {}

    static String of(Endpoint.Format format) {
        return switch (format) {
            case ANTHROPIC -> "anthropic";
            case OPENAI_RESPONSES -> "openai-responses";
            case OPENAI_CHAT -> "openai-chat";
        };
    }

    static Optional<Endpoint.Format> of(String name) {
        return switch (name) {
            case "anthropic" -> Optional.of(Endpoint.Format.ANTHROPIC);
            case "openai-responses" -> Optional.of(Endpoint.Format.OPENAI_RESPONSES);
            case "openai-chat" -> Optional.of(Endpoint.Format.OPENAI_CHAT);
            default -> Optional.empty();
        };
    }
}
