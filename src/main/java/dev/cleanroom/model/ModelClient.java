package dev.cleanroom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one door to models: any provider, retries included. Blocking; an interrupt closes the stream at once.
 *
 * <p>The conversation is append-only: what the caller sends at step n + 1 starts with what it sent at step n, block by
 * block, so that caches hit and signed thinking stays valid. Nothing of a reply is returned before it is whole.
 */
public interface ModelClient {
    /**
     * Asks once and returns the whole reply; retries what may be retried (model-wires: status table, cut and stalled
     * streams) with the same bytes and tells {@code listener} about each.
     *
     * @throws ModelException when it cannot be had: wrong key, unknown model, too long, provider down
     */
    Reply reply(Request request, Listener listener) throws InterruptedException, ModelException;

    /**
     * @param model {@code provider/name}
     * @param system byte-stable over a session
     * @param tools byte-stable over a session
     * @param conversation alternates by construction: first {@link Message.User}, last {@link Message.User}
     * @param cacheKey the session's id: keeps requests on one machine where a provider has that
     * @param maxOutputTokens empty: the provider's or model's own
     */
    record Request(
            String model,
            String system,
            List<ToolSpec> tools,
            List<Message> conversation,
            String cacheKey,
            Optional<Integer> maxOutputTokens) {}

    /** @param inputSchema JSON Schema 2020-12, an object */
    record ToolSpec(String name, String description, JsonNode inputSchema) {}

    sealed interface Message {
        /** Results first (in the order of the calls), then images, then text. */
        record User(List<Result> results, List<Image> images, List<String> texts) implements Message {
            public static User text(String text) {
                return new User(List.of(), List.of(), List.of(text));
            }
        }

        /** @param provider {@code provider/name} that was asked for it: replay data of another one is not sent */
        record Assistant(String provider, List<Block> blocks) implements Message {}
    }

    /**
     * What models read of images: PNG, JPEG, GIF and WebP. A wire leaves them out for a model that takes none.
     *
     * @param base64 the file's bytes, as they are sent
     */
    record Image(String mediaType, String base64) {
        private static final Set<String> READ = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

        public static boolean isRead(String mediaType) {
            return mediaType != null && READ.contains(mediaType);
        }
    }

    /** @param callId ours */
    record Result(String callId, String output, boolean failed) {}

    /** One finished block of a reply. {@code replay} is what only the wire needs to send it again: an object or a null node. */
    sealed interface Block {
        JsonNode replay();

        record Text(String text, JsonNode replay) implements Block {}

        record Thinking(String text, JsonNode replay) implements Block {}

        /**
         * @param callId ours, a UUIDv7 as text, made by the wire when the reply was complete
         * @param input the arguments as the model gave them; an empty object where they did not parse
         * @param broken why the arguments must not be run ("arguments were not valid JSON: …"), else empty
         */
        record Call(String callId, String tool, JsonNode input, Optional<String> broken, JsonNode replay)
                implements Block {}

        /** A kind that this wire does not know: kept for replay, shown nowhere. */
        record Opaque(JsonNode replay) implements Block {}
    }

    enum Stop {
        /** Answered, perhaps with nothing. */
        END,
        /** There are calls among the blocks; that decides, whatever the provider gives as its reason. */
        CALLS,
        /** Cut at the output limit; an open or last call was dropped. */
        OUTPUT_LIMIT,
        /** Cut by the context window. */
        WINDOW,
        REFUSED,
        PAUSED
    }

    /**
     * @param blocks in the order of their {@link Listener#delta} indexes; none when refused, calls last or not
     * @param refusal the provider's explanation when refused
     * @param model the name that the provider says answered
     * @param cutCall the reply was cut inside a call, which is not among the blocks; it was asked for again with larger
     *     limits before, as far as the model's own goes
     */
    record Reply(List<Block> blocks, Stop stop, Usage usage, Optional<String> refusal, String model, boolean cutCall) {}

    /**
     * Tokens as design 7 has them: the prompt is the sum of input, cache read and cache write.
     *
     * @param costUsd empty where no price is known, never 0 for that
     */
    record Usage(
            long inputTokens,
            long outputTokens,
            long cacheReadTokens,
            long cacheWriteTokens,
            Optional<Double> costUsd) {}

    /** Called on the asking thread. */
    interface Listener {
        /**
         * @param attempt from 1; a higher one discards what lower ones showed
         * @param block index within the reply
         * @param offset UTF-16 units from the block's beginning
         */
        void delta(int attempt, int block, Kind kind, int offset, String text);

        /**
         * Waits {@code afterMillis} and asks again.
         *
         * @param attempt the number of the coming try, from 2
         */
        void retried(int attempt, long afterMillis, String reason);

        /** A try failed that costs nevertheless: its own {@code usage-recorded}. {@code usage} is partly an estimate. */
        default void discarded(int attempt, Usage usage) {}

        /**
         * The asking thread was interrupted; {@link InterruptedException} follows. {@code soFar} has the texts and the
         * thinking that may stay in the conversation, never a call.
         */
        default void interrupted(Reply soFar) {}

        enum Kind {
            TEXT,
            THINKING
        }
    }
}
