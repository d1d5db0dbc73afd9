package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is known of one model at one provider: listed by its models endpoint, or learnt from its refusals; never guessed
 * from its name. Immutable.
 *
 * @param without fields of the request that it refuses; {@code thinking.display} names one within another
 * @param adaptiveThinking its models endpoint says so
 * @param window tokens of prompt and output together
 * @param maxOutput tokens
 * @param otherLimitName takes the output limit under the other of {@code max_tokens} and {@code max_completion_tokens}
 * @param reasoningBack wants {@code reasoning_content} on every assistant message with calls
 * @param effortNone takes tools only with {@code reasoning_effort: none}
 * @param shortIds takes call ids of nine letters and digits only
 * @param noUserAfterTool takes no user message directly after tool messages
 */
record Traits(
        Set<String> without,
        boolean adaptiveThinking,
        OptionalInt window,
        OptionalInt maxOutput,
        boolean otherLimitName,
        boolean reasoningBack,
        boolean effortNone,
        boolean shortIds,
        boolean noUserAfterTool) {
    static final Traits NONE =
            new Traits(Set.of(), false, OptionalInt.empty(), OptionalInt.empty(), false, false, false, false, false);

    /** Fields that a request can do without. */
    private static final List<String> OPTIONAL = List.of(
            "thinking.display",
            "thinking",
            "cache_control",
            "stream_options",
            "include_obfuscation",
            "prompt_cache_key",
            "reasoning_effort",
            "reasoning",
            "include",
            "store",
            "strict",
            "max_output_tokens",
            "max_completion_tokens",
            "max_tokens",
            "anthropic-beta",
            "extra_content",
            "reasoning_details",
            "reasoning_content");

    private static final Pattern OUTPUT_MAXIMUM = Pattern.compile(
            "max_tokens: \\d+ > (\\d+)|supports at most (\\d+) (?:completion|output) tokens|less than or equal to (\\d+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern OUTPUT_PAST_WINDOW = Pattern.compile("\\(\\d+ > \\d+ - \\d+\\)"); // vLLM
    private static final Pattern EFFORT_WITH_TOOLS =
            Pattern.compile("function tools with reasoning_effort are not supported", Pattern.CASE_INSENSITIVE);
    private static final Pattern NINE_CHARACTERS =
            Pattern.compile("tool call id.*(?:length of 9|a-z, A-Z, 0-9)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern USER_AFTER_TOOL =
            Pattern.compile("unexpected role .?user.? after role .?tool", Pattern.CASE_INSENSITIVE);

    boolean takes(String field) {
        return !without.contains(field);
    }

    Traits listed(boolean adaptive, OptionalInt window, OptionalInt maxOutput) {
        return new Traits(
                without,
                adaptive,
                this.window.isPresent() ? this.window : window,
                this.maxOutput.isPresent() ? this.maxOutput : maxOutput,
                otherLimitName,
                reasoningBack,
                effortNone,
                shortIds,
                noUserAfterTool);
    }

    Traits withWindow(int tokens) {
        return new Traits(
                without,
                adaptiveThinking,
                OptionalInt.of(tokens),
                maxOutput,
                otherLimitName,
                reasoningBack,
                effortNone,
                shortIds,
                noUserAfterTool);
    }

    Traits without(String field) {
        var more = new HashSet<>(without);
        more.add(field);
        return new Traits(
                Set.copyOf(more),
                adaptiveThinking,
                window,
                maxOutput,
                otherLimitName,
                reasoningBack,
                effortNone,
                shortIds,
                noUserAfterTool);
    }

    private Traits withMaxOutput(int tokens) {
        return new Traits(
                without,
                adaptiveThinking,
                window,
                OptionalInt.of(tokens),
                otherLimitName,
                reasoningBack,
                effortNone,
                shortIds,
                noUserAfterTool);
    }

    private Traits with(boolean otherLimit, boolean reasoning, boolean noEffort, boolean nineChars, boolean noUser) {
        return new Traits(
                without, adaptiveThinking, window, maxOutput, otherLimit, reasoning, noEffort, nineChars, noUser);
    }

    /**
     * What a refusal (400 or 422) of {@code body} teaches. Empty: nothing that would make the next try another one.
     *
     * @param betas whether the request had an {@code anthropic-beta} header
     */
    Optional<Traits> learn(Trouble trouble, JsonNode body, boolean betas) {
        var said = trouble.said();
        return learnt(said.message(), said.param(), body, betas).filter(learnt -> !learnt.equals(this));
    }

    private Optional<Traits> learnt(String message, String param, JsonNode body, boolean betas) {
        var maximum = OUTPUT_MAXIMUM.matcher(message);
        if (message.contains("max_") && maximum.find()) {
            for (int group = 1; group <= maximum.groupCount(); group++) {
                if (maximum.group(group) != null && maximum.group(group).length() < 10) {
                    return Optional.of(withMaxOutput(Integer.parseInt(maximum.group(group))));
                }
            }
        }
        if (OUTPUT_PAST_WINDOW.matcher(message).find() && body.has("max_tokens")) {
            return Optional.of(without("max_tokens"));
        }
        if (EFFORT_WITH_TOOLS.matcher(message).find()) {
            return Optional.of(with(otherLimitName, reasoningBack, true, shortIds, noUserAfterTool));
        }
        if (NINE_CHARACTERS.matcher(message).find()) {
            return Optional.of(with(otherLimitName, reasoningBack, effortNone, true, noUserAfterTool));
        }
        if (USER_AFTER_TOOL.matcher(message).find()) {
            return Optional.of(with(otherLimitName, reasoningBack, effortNone, shortIds, true));
        }
        if (message.contains("reasoning_content") && message.contains("passed back")) {
            return Optional.of(with(otherLimitName, true, effortNone, shortIds, noUserAfterTool));
        }
        if (reasoningBack && (message + param).contains("reasoning_content")) {
            return Optional.of(with(otherLimitName, false, effortNone, shortIds, noUserAfterTool));
        }
        return fieldAtFault(message, param, body, betas)
                .map(field -> isLimit(field) && body.has("messages") && !otherLimitName && !body.has("system")
                        ? with(true, reasoningBack, effortNone, shortIds, noUserAfterTool)
                        : without(field));
    }

    private static boolean isLimit(String field) {
        return field.equals("max_tokens") || field.equals("max_completion_tokens");
    }

    /** The optional field that a refusal names and that was sent. */
    private static Optional<String> fieldAtFault(String message, String param, JsonNode body, boolean betas) {
        var words = new ArrayList<String>();
        if (!param.isEmpty()) {
            words.add(param);
        }
        words.add(message);
        return words.stream()
                .flatMap(text -> OPTIONAL.stream().filter(field -> names(text, field)))
                .filter(field -> field.equals("anthropic-beta") ? betas : wasSent(field, body))
                .findFirst();
    }

    private static boolean names(String text, String field) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(field) + "(?![\\w-])")
                .matcher(text)
                .find();
    }

    private static boolean wasSent(String field, JsonNode body) {
        int dot = field.indexOf('.');
        if (dot >= 0) {
            return body.path(field.substring(0, dot)).has(field.substring(dot + 1));
        }
        return body.has(field)
                || Stream.of("cache_control", "strict", "extra_content", "reasoning_details")
                                .anyMatch(field::equals)
                        && !body.findValues(field).isEmpty();
    }
}
