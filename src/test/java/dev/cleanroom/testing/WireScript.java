package dev.cleanroom.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.testing.Asked.Turn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a scripted model speaks one wire, and what the real service would refuse there. */
public sealed interface WireScript permits AnthropicScript, ChatScript, ResponsesScript {
    /** Why the real service would refuse a request. */
    record Refusal(int status, String type, String code, String message) {
        static Optional<Refusal> invalid(String message) {
            return Optional.of(new Refusal(400, "invalid_request_error", "", message));
        }
    }

    /** Empty: the request is as it should be. */
    Optional<Refusal> refuses(JsonNode body, Map<String, String> headers);

    List<Turn> turns(JsonNode body);

    /** The whole answer, one element an event, each with its empty line. */
    List<String> frames(Answer answer, Asked asked, String id);

    /** An error event as it comes in a stream. */
    String errorFrame(Answer.Said said);

    /** An error's body. */
    String error(Answer.Said said);

    static WireScript of(String path) {
        return switch (path) {
            case "/v1/messages" -> new AnthropicScript();
            case "/v1/chat/completions" -> new ChatScript();
            case "/v1/responses" -> new ResponsesScript();
            default -> null;
        };
    }
}
