package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cleanroom.model.wire.Trouble.Said;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What providers say when they refuse, in the shapes in which they are seen: an object, a string, an array, HTML. */
final class ErrorBody {
    static final int MAX_BYTES = 65_536;
    private static final int MAX_MESSAGE_CHARS = 500;

    private ErrorBody() {}

    static Said read(Endpoint endpoint, int status, byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8).strip();
        var json = text.startsWith("{") || text.startsWith("[") ? Json.read(text) : Optional.<JsonNode>empty();
        return json.map(node -> read(endpoint, status, node))
                .orElseGet(() -> new Said(status, "", "", "", cut(endpoint, withoutTags(text))));
    }

    /** @param status 0: told by the error itself, as in a stream */
    static Said read(Endpoint endpoint, int status, JsonNode body) {
        var root = body.isArray() ? body.path(0) : body;
        var error = root.path("error");
        if (!error.isObject()) {
            error = root.path("response").path("error").isObject()
                    ? root.path("response").path("error")
                    : root;
        }
        var type = error.path("type").asText("").toLowerCase(Locale.ROOT);
        var code = first(error.path("details").path("error_code"), error.path("code"));
        var param = error.path("param").asText("");
        var loc = error.path("detail").path(0).path("loc"); // FastAPI's validation errors
        if (param.isEmpty() && loc.isArray() && !loc.isEmpty()) {
            param = loc.path(loc.size() - 1).asText();
        }
        var message = first(
                error.path("message"),
                error.path("error"),
                error.path("detail"),
                error.path("detail").path(0).path("msg"),
                error.path("msg"));
        return new Said(
                status == 0 ? standsFor(type, code) : status,
                type,
                code.toLowerCase(Locale.ROOT),
                param,
                cut(endpoint, message));
    }

    private static int standsFor(String type, String code) {
        if (code.matches("[45]\\d\\d")) {
            return Integer.parseInt(code);
        }
        for (var word : new String[] {code.toLowerCase(Locale.ROOT), type}) {
            int status = switch (word) {
                case "invalid_request_error", "invalid_prompt", "context_length_exceeded" -> 400;
                case "authentication_error", "invalid_api_key" -> 401;
                case "billing_error" -> 402;
                case "permission_error" -> 403;
                case "not_found_error", "model_not_found" -> 404;
                case "request_too_large" -> 413;
                case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" -> 429;
                case "timeout_error" -> 504;
                case "overloaded_error" -> 529;
                default -> 0;
            };
            if (status != 0) {
                return status;
            }
        }
        return 500;
    }

    private static String first(JsonNode... nodes) {
        for (var node : nodes) {
            if (node.isTextual() || node.isNumber()) {
                return node.asText();
            }
        }
        return MissingNode.getInstance().asText();
    }

    private static String withoutTags(String html) {
        return html.replaceAll("(?s)<(script|style).*?</\\1>|<[^>]*>", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String cut(Endpoint endpoint, String message) {
        var safe = endpoint.redact(message);
        return safe.length() <= MAX_MESSAGE_CHARS ? safe : safe.substring(0, MAX_MESSAGE_CHARS) + "…";
    }

    /** {@code retry-after-ms}, else {@code retry-after} in seconds or as an HTTP date. */
    static Optional<Duration> retryAfter(HttpHeaders headers, Clock clock) {
        var millis = headers.firstValue("retry-after-ms").flatMap(ErrorBody::number);
        if (millis.isPresent()) {
            return millis.map(ms -> Duration.ofNanos((long) (ms * 1e6)));
        }
        return headers.firstValue("retry-after")
                .flatMap(value -> number(value)
                        .map(seconds -> Duration.ofNanos((long) (seconds * 1e9)))
                        .or(() -> untilDate(value, clock)));
    }

    private static Optional<Double> number(String value) {
        return value.strip().matches("\\d{1,9}(\\.\\d{1,9})?")
                ? Optional.of(Double.parseDouble(value.strip()))
                : Optional.empty();
    }

    private static Optional<Duration> untilDate(String value, Clock clock) {
        try {
            var at = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            var wait = Duration.between(clock.instant(), at.toInstant());
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
