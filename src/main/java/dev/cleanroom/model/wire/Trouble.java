package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** One try to get a reply failed. {@link #verdict()} says what that is good for. */
final class Trouble extends Exception {
    enum Kind {
        /** Nothing answers at the address. */
        UNREACHABLE,
        /** The connection closed before the first byte of an answer: mostly a kept-alive one that the server had given up. */
        NO_ANSWER,
        /** The stream ended, cleanly or not, before it said that it was whole; or it made no sense. */
        CUT,
        /** Silence. */
        STALLED,
        /** An error status, or an error event in a stream, with the status that it stands for. */
        STATUS
    }

    enum Verdict {
        RETRY,
        /** Perhaps a field that this model does not take: {@link Traits#learn} knows. */
        PARAMETER,
        NO_CREDIT,
        TOO_LONG,
        REFUSED
    }

    /**
     * What the provider said.
     *
     * @param status 0 where there was none
     * @param type {@code error.type}, and for OpenAI's the {@code code}; lower case; empty where absent
     * @param param the field at fault, empty where not named
     * @param message at most 500 characters, key redacted
     */
    record Said(int status, String type, String code, String param, String message) {
        static final Said NOTHING = new Said(0, "", "", "", "");
    }

    private static final Set<String> NO_CREDIT =
            Set.of("insufficient_quota", "billing_error", "enforced_spend_limit_reached", "billing_hard_limit_reached");
    private static final Pattern NO_CREDIT_TEXT = Pattern.compile(
            "specified API usage limits|exceeded your current quota|billing|insufficient (?:balance|credit)|credit balance is too low",
            Pattern.CASE_INSENSITIVE);

    /** Phrases of the servers named in each alternative; numbers in them are the window where it is stated. */
    private static final Pattern TOO_LONG = Pattern.compile(
            "prompt is too long(?:: \\d+ tokens > (?<anthropic>\\d+))?" // Anthropic
                    + "|maximum context length (?:is|of) (?<openai>\\d+)" // OpenAI before, vLLM, DeepSeek, OpenRouter
                    + "|exceeds? the (?:model's )?(?:maximum )?context (?:window|length|size)" // OpenAI, llama.cpp
                    + "|Input tokens exceed the configured limit" // OpenAI
                    + "|greater than the context length" // LM Studio
                    + "|input token count \\(?\\d+\\)? exceeds the maximum number of tokens allowed(?: \\(?(?<gemini>\\d+))?" // Gemini
                    + "|maximum prompt length is (?<xai>\\d+)" // xAI
                    + "|reduce the length of the messages" // Groq, OpenAI before
                    + "|too large for model with (?<mistral>\\d+) maximum context length" // Mistral
                    + "|available context size", // llama.cpp
            Pattern.CASE_INSENSITIVE);

    private static final String[] WINDOWS = {"anthropic", "openai", "gemini", "xai", "mistral"};

    private final Kind kind;
    private final Said said;
    private final transient Optional<Duration> after;
    private final transient Optional<Boolean> shouldRetry;

    Trouble(Kind kind, Said said, Optional<Duration> after, Optional<Boolean> shouldRetry, String reason) {
        super(reason);
        this.kind = kind;
        this.said = said;
        this.after = after;
        this.shouldRetry = shouldRetry;
    }

    static Trouble of(Kind kind, String reason) {
        return new Trouble(kind, Said.NOTHING, Optional.empty(), Optional.empty(), reason);
    }

    static Trouble cut(String reason) {
        return of(Kind.CUT, reason);
    }

    static Trouble said(Said said) {
        return said(said, Optional.empty(), Optional.empty());
    }

    static Trouble said(Said said, Optional<Duration> after, Optional<Boolean> shouldRetry) {
        return new Trouble(
                Kind.STATUS,
                said,
                after,
                shouldRetry,
                (said.status() + " " + (said.message().isEmpty() ? said.type() : said.message())).strip());
    }

    Kind kind() {
        return kind;
    }

    Said said() {
        return said;
    }

    /** How long the provider asks us to wait. */
    Optional<Duration> after() {
        return after;
    }

    Verdict verdict() {
        if (kind != Kind.STATUS) {
            return Verdict.RETRY;
        }
        if (isOutOfCredit()) {
            return Verdict.NO_CREDIT;
        }
        if (isTooLong()) {
            return Verdict.TOO_LONG;
        }
        int status = said.status();
        if (shouldRetry.isPresent()) {
            return shouldRetry.get() ? Verdict.RETRY : Verdict.REFUSED;
        }
        if (status == 408 || status == 409 || status == 429 || status >= 500) {
            return Verdict.RETRY;
        }
        return status == 400 || status == 422 ? Verdict.PARAMETER : Verdict.REFUSED;
    }

    private boolean isOutOfCredit() {
        if (said.status() == 402 || NO_CREDIT.contains(said.type())) {
            return true;
        }
        if (NO_CREDIT.contains(said.code()) || said.code().startsWith("contract_")) {
            return after.isEmpty()
                    || said.code().equals("insufficient_quota"); // a rate limit may carry such a code too
        }
        return (said.status() == 400 || said.status() == 429)
                && after.isEmpty()
                && NO_CREDIT_TEXT.matcher(said.message()).find();
    }

    private boolean isTooLong() {
        int status = said.status();
        if (status == 413
                || said.code().equals("context_length_exceeded")
                || said.type().equals("exceed_context_size_error")) {
            return true;
        }
        return (status == 400 || status == 422 || status == 500)
                && TOO_LONG.matcher(said.message()).find();
    }

    /** The window that a "too long" named, in tokens. */
    OptionalInt window() {
        var match = TOO_LONG.matcher(said.message());
        if (match.find()) {
            for (var group : WINDOWS) {
                if (match.group(group) != null && match.group(group).length() < 10) {
                    return OptionalInt.of(Integer.parseInt(match.group(group)));
                }
            }
        }
        return OptionalInt.empty();
    }

    /** An error object in a stream that began well; its status is what its type or code stands for. */
    static Trouble inStream(Endpoint endpoint, JsonNode event) {
        return said(ErrorBody.read(endpoint, 0, event));
    }
}
