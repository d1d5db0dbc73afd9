package dev.cleanroom.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.wire.Trouble.Verdict;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors in the shapes and words of many servers. */
class TroubleTest {
    private static final Endpoint ENDPOINT =
            new Endpoint("x", Endpoint.Format.OPENAI_CHAT, URI.create("http://localhost"), Optional.of("secret-key"));

    private static Trouble trouble(int status, String body) {
        return Trouble.said(ErrorBody.read(ENDPOINT, status, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<Arguments> tooLong() {
        return Stream.of(
                Arguments.of("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
                Arguments.of("Your input exceeds the context window of this model.", 0),
                Arguments.of("Input tokens exceed the configured limit of 272000 tokens.", 0),
                Arguments.of(
                        "This model's maximum context length is 131072 tokens. However, you requested 140000.",
                        131_072),
                Arguments.of(
                        "This endpoint's maximum context length is 65536 tokens. However, you requested about 70000",
                        65_536),
                Arguments.of("the request exceeds the available context size (8192 tokens)", 0),
                Arguments.of(
                        "The number of tokens to keep from the initial prompt is greater than the context length.", 0),
                Arguments.of(
                        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
                        1_048_576),
                Arguments.of(
                        "This model's maximum prompt length is 131072 but the request contains 150000 tokens.",
                        131_072),
                Arguments.of("Please reduce the length of the messages or completion.", 0),
                Arguments.of(
                        "Prompt contains 40000 tokens, too large for model with 32768 maximum context length", 32_768));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void knowsThatAPromptIsTooLong(String message, int window) {
        for (int status : new int[] {400, 422, 500}) {
            var trouble = trouble(
                    status,
                    Json.object()
                            .set("error", Json.object().put("message", message))
                            .toString());

            assertThat(trouble.verdict()).isEqualTo(Verdict.TOO_LONG);
            assertThat(trouble.window().orElse(0)).isEqualTo(window);
        }
    }

    @Test
    void aLargeOutputLimitIsNoLongPrompt() {
        var vllm =
                "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's context is 4096 tokens and your"
                        + " request has 2104 input tokens (2000 > 4096 - 2104).";

        assertThat(trouble(400, "{\"message\":\"" + vllm + "\"}").verdict()).isEqualTo(Verdict.PARAMETER);
    }

    private static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("{\"error\":{\"message\":\"M\",\"type\":\"t\"}}", "M"),
                Arguments.of("{\"error\":\"M\"}", "M"),
                Arguments.of("{\"message\":\"M\"}", "M"),
                Arguments.of("{\"detail\":\"M\"}", "M"),
                Arguments.of("{\"detail\":[{\"loc\":[\"body\",\"max_tokens\"],\"msg\":\"M\"}]}", "M"),
                Arguments.of("{\"object\":\"error\",\"message\":\"M\",\"type\":\"x\",\"code\":400}", "M"),
                Arguments.of("[{\"error\":{\"code\":429,\"message\":\"M\",\"status\":\"X\"}}]", "M"),
                Arguments.of(
                        "<html><head><title>502</title><style>a{}</style></head><body><h1>M</h1></body></html>",
                        "502 M"),
                Arguments.of("", ""),
                Arguments.of("{\"error\":{\"message\":\"key secret-key is wrong\"}}", "key … is wrong"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void readsErrorsInAllShapes(String body, String message) {
        assertThat(trouble(418, body).said().message()).isEqualTo(message);
    }

    @Test
    void anErrorInAStreamHasTheStatusOfItsCode() {
        for (var row : List.of(
                List.of("{\"error\":{\"type\":\"overloaded_error\"}}", 529),
                List.of("{\"error\":{\"code\":502,\"message\":\"x\"}}", 502),
                List.of("{\"error\":{\"code\":\"rate_limit_exceeded\"}}", 429),
                List.of("{\"error\":{\"code\":401}}", 401),
                List.of("{\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}", 500),
                List.of("{\"response\":{\"error\":{\"code\":\"context_length_exceeded\"}}}", 400),
                List.of("{\"error\":{}}", 500))) {
            var trouble =
                    Trouble.inStream(ENDPOINT, Json.read((String) row.get(0)).orElseThrow());

            assertThat(trouble.said().status()).as((String) row.get(0)).isEqualTo(row.get(1));
        }
    }

    @Test
    void aLimitThatNamesItsTimeIsWaitedForWhateverItsCode() {
        var said = new Trouble.Said(429, "rate_limit_error", "enforced_spend_limit_reached", "", "");

        assertThat(Trouble.said(said).verdict()).isEqualTo(Verdict.NO_CREDIT);
        assertThat(Trouble.said(said, Optional.of(Duration.ofSeconds(5)), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.RETRY);
    }

    @Test
    void readsRetryAfterInSecondsMillisecondsAndAsADate() {
        var clock = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

        assertThat(retryAfter(clock, "retry-after", "20")).contains(Duration.ofSeconds(20));
        assertThat(retryAfter(clock, "retry-after", "0.5")).contains(Duration.ofMillis(500));
        assertThat(retryAfter(clock, "retry-after-ms", "1500")).contains(Duration.ofMillis(1_500));
        assertThat(retryAfter(clock, "retry-after", "Tue, 24 Nov 2026 12:00:30 GMT"))
                .contains(Duration.ofSeconds(30));
        assertThat(retryAfter(clock, "retry-after", "Tue, 24 Nov 2026 11:00:00 GMT"))
                .contains(Duration.ZERO);
        assertThat(retryAfter(clock, "retry-after", "soon")).isEmpty();
    }

    private static Optional<Duration> retryAfter(Clock clock, String name, String value) {
        return ErrorBody.retryAfter(HttpHeaders.of(Map.of(name, List.of(value)), (_, _) -> true), clock);
    }
}
