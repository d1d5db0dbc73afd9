package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient;
import java.util.Map;
import java.util.OptionalInt;

/** A wire format: a pure function from a question to a request, and readers of what comes back. */
interface Wire {
    /**
     * What is asked, of whom, and what is known of it.
     *
     * @param images whether they are sent, or said to be missing
     * @param maxOutput tokens; empty: the wire's or the provider's own limit
     */
    record Question(
            Endpoint endpoint,
            String model,
            ModelClient.Request request,
            Traits traits,
            Learnt.Thinking thinking,
            boolean images,
            OptionalInt maxOutput) {}

    /** Behind the endpoint's base. */
    String path();

    Map<String, String> headers(Question question);

    /** The conversation stands last, so that a longer one's bytes begin with a shorter one's. */
    ObjectNode body(Question question);

    /** The output limit that {@link #body} sends; empty where it leaves it to the provider. */
    OptionalInt outputLimit(Question question);

    Reading reading(Draft draft);

    static Wire of(Endpoint.Format format) {
        return switch (format) {
            case ANTHROPIC -> new AnthropicWire();
            case OPENAI_RESPONSES -> new ResponsesWire();
            case OPENAI_CHAT -> new ChatWire();
        };
    }
}
