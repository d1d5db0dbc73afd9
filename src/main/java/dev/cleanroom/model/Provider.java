package dev.cleanroom.model;

import dev.cleanroom.model.wire.Endpoint;
import java.net.URI;
import java.util.Optional;

/** A provider that is set up. */
record Provider(Endpoint endpoint, From from) {
    enum From {
        ENVIRONMENT,
        SETTINGS,
        /** Answers on this machine; offered, never chosen unasked. */
        FOUND
    }

    static final URI ANTHROPIC = URI.create("https://" + Endpoint.ANTHROPIC_HOST);
    static final URI OPENAI = URI.create("https://" + Endpoint.OPENAI_HOST + "/v1");

    String id() {
        return endpoint.provider();
    }

    /** Keys and addresses as people have them for Anthropic's own tools; the base may end in {@code /v1}. */
    static Endpoint anthropic(String id, Optional<URI> base, Optional<String> key) {
        var without = URI.create(base.orElse(ANTHROPIC).toString().replaceAll("/+(v1/*)?$", ""));
        return new Endpoint(id, Endpoint.Format.ANTHROPIC, without, key);
    }

    /** OpenAI's own address speaks Responses, every other one Chat Completions. */
    static Endpoint openAi(String id, Optional<URI> base, Optional<String> key) {
        var at = base.orElse(OPENAI);
        var format = Endpoint.OPENAI_HOST.equalsIgnoreCase(at.getHost())
                ? Endpoint.Format.OPENAI_RESPONSES
                : Endpoint.Format.OPENAI_CHAT;
        return new Endpoint(id, format, at, key);
    }
}
