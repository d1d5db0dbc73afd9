package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Remember;
import dev.cleanroom.session.SessionEvent.RememberScope;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The gate through which everything that people say enters the log: each text comes out {@link Storable} and within its
 * limit, or is refused by a problem that says the limit. Words become U+FFFD where they cannot be stored; what names or
 * decides something is refused, since changed it would be something else.
 */
final class LogText {
    /** UTF-16 units: one line of a list. */
    static final int MAX_TITLE = 80;

    private static final int MAX_PROMPT = 1 << 20; // UTF-16 units; longer texts belong in a file
    private static final int MAX_ATTACHMENTS = 20; // of one prompt; a model looks at no more with care
    private static final int MAX_DATA =
            1 << 20; // UTF-16 units of base64 in one prompt, 768 KiB of images: every reader loads them
    private static final int MAX_NAME = 255; // UTF-16 units of an attachment's name: what file systems take
    private static final int MAX_MEDIA_TYPE = 255; // UTF-16 units: 127 on either side of the slash (RFC 6838, 4.2)
    private static final int MAX_PATH = 4_096; // UTF-16 units: Linux' PATH_MAX
    private static final int MAX_COMMENT = 4_000; // UTF-16 units said with an answer
    private static final int MAX_RULES = 5; // saved by one "always", as Claude Code does
    private static final int MAX_INPUT = 1 << 20; // UTF-16 units of JSON that a person gives a call instead of its own
    private static final int MAX_KEY = 255; // UTF-16 units of an idempotency key; the index takes 2 704 bytes

    /** The modes that this version has. */
    private static final Set<String> MODES = Set.of("default", "acceptEdits", "bypassPermissions");

    private static final Set<String> LATER_MODES = Set.of("plan", "auto", "dontAsk");

    private LogText() {}

    static String prompt(String text) {
        if (text == null || text.isBlank()) {
            throw new ProblemException(Kind.INVALID, "session.prompt-empty", "Write something first.");
        }
        if (text.length() > MAX_PROMPT) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "session.prompt-too-long",
                    "A prompt has at most 1 MiB of text. Put longer text into a file and name it.");
        }
        return Storable.text(text);
    }

    /** @param attachments may be null @return empty for none */
    static List<Attachment> attachments(List<Attachment> attachments) {
        if (attachments == null) {
            return List.of();
        }
        if (attachments.size() > MAX_ATTACHMENTS) {
            throw attachment("A prompt has at most %d attachments.".formatted(MAX_ATTACHMENTS));
        }
        if (attachments.stream().anyMatch(Objects::isNull)) {
            throw attachment("An attachment is an object with a name, and a path or an image's data.");
        }
        long data = attachments.stream()
                .map(Attachment::data)
                .filter(Objects::nonNull)
                .mapToLong(String::length)
                .sum();
        if (data > MAX_DATA) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "session.attachments-too-large",
                    "The images of a prompt have at most 768 KiB together. Upload larger ones and name their paths.");
        }
        return attachments.stream().map(LogText::attachment).toList();
    }

    private static Attachment attachment(Attachment attachment) {
        return new Attachment(
                part("name", attachment.name(), MAX_NAME),
                part("media type", attachment.mediaType(), MAX_MEDIA_TYPE),
                part("data", attachment.data(), MAX_DATA),
                part("path", attachment.path(), MAX_PATH));
    }

    private static String part(String what, String text, int max) {
        if (text != null && !fits(text, max)) {
            throw attachment("An attachment's %s has at most %d characters, none of them NUL or half of a pair."
                    .formatted(what, max));
        }
        return text;
    }

    private static ProblemException attachment(String detail) {
        return new ProblemException(Kind.INVALID, "session.attachment", detail);
    }

    /** @return null for nothing said */
    static String comment(String comment) {
        String said = comment == null ? "" : comment.strip();
        if (said.length() > MAX_COMMENT) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "session.comment-too-long",
                    "A comment has at most %d characters.".formatted(MAX_COMMENT));
        }
        return said.isEmpty() ? null : Storable.text(said);
    }

    /** @param remember may be null, for nothing */
    static Remember remember(Remember remember) {
        if (remember == null) {
            return null;
        }
        var rules = remember.rules();
        if (rules == null
                || rules.isEmpty()
                || rules.size() > MAX_RULES
                || !rules.stream().allMatch(rule -> rule != null && fits(rule, Rule.MAX_LENGTH))) {
            throw new ProblemException(
                    Kind.INVALID,
                    "session.rules",
                    "\"remember\" takes 1 to %d rules, each of at most %d characters."
                            .formatted(MAX_RULES, Rule.MAX_LENGTH));
        }
        return new Remember(rules, remember.scope() == null ? RememberScope.session : remember.scope());
    }

    /** What a call runs with instead of its own input. @param input may be null: it stays as it is */
    static JsonNode input(JsonNode input) {
        if (input == null) {
            return null;
        }
        String json = SessionJson.write(input);
        if (json.length() > MAX_INPUT) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "session.input-too-long",
                    "A call's input has at most 1 MiB of JSON. Put longer text into a file.");
        }
        return SessionJson.tree(Storable.text(json));
    }

    static String title(String title) {
        String clean = title == null ? "" : title.strip().replaceAll("\\p{Cntrl}+", " ");
        if (clean.isEmpty() || clean.length() > MAX_TITLE) {
            throw new ProblemException(
                    Kind.INVALID, "session.title", "A title has 1 to %d characters.".formatted(MAX_TITLE));
        }
        return Storable.text(clean);
    }

    static String model(String model) {
        if (model == null || !model.matches("[^/\\s\\p{Cntrl}]{1,60}/[^\\s\\p{Cntrl}]{1,200}") || !fits(model, 261)) {
            throw new ProblemException(
                    Kind.INVALID, "session.model", "A model is named provider/name, as GET /api/v1/models lists them.");
        }
        return model;
    }

    static String mode(String mode) {
        if (MODES.contains(mode)) {
            return mode;
        }
        throw new ProblemException(
                Kind.INVALID,
                "session.mode-unavailable",
                LATER_MODES.contains(mode)
                        ? "The mode \"%s\" is not there yet. Choose default, acceptEdits or bypassPermissions."
                                .formatted(mode)
                        : "There is no such mode. Choose default, acceptEdits or bypassPermissions.");
    }

    static String idempotencyKey(String key) {
        if (key.isBlank() || !fits(key, MAX_KEY)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "session.idempotency-key",
                    "An Idempotency-Key has 1 to %d characters; a UUID is a good one.".formatted(MAX_KEY));
        }
        return key;
    }

    private static boolean fits(String text, int max) {
        return text.length() <= max && Storable.text(text).equals(text);
    }
}
