package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The conversation as any wire takes it: alternating, each call answered in the very next turn, nothing blank, ids unique.
 * A pure function whose result only grows at its end when the conversation does.
 */
record Transcript(List<Turn> turns) {
    private static final Logger LOG = Logger.getLogger(Transcript.class);
    private static final String UNKNOWN_OUTCOME = "interrupted; outcome unknown";
    private static final String NOTHING_SAID = "Continue.";
    static final String IMAGE_LEFT_OUT = "[An image was attached here. You cannot see it.]";
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern SHORT_ID = Pattern.compile("[a-zA-Z0-9]{9}");

    sealed interface Turn {
        /** Results first. Never empty. */
        record User(List<Answer> answers, List<Image> images, List<String> texts) implements Turn {}

        /** @param blocks never empty */
        record Assistant(List<Said> blocks) implements Turn {}
    }

    record Answer(String id, String output, boolean failed) {}

    /** @param id of a call on this wire, else empty */
    record Said(Block block, Maker maker, String id) {}

    /** Who made a block, seen from whom we ask now. */
    enum Maker {
        SAME_MODEL,
        SAME_PROVIDER,
        OTHER
    }

    /** Which blocks a wire sends; text that is not blank and calls are always sent. */
    @FunctionalInterface
    interface Sends {
        boolean sends(Block block, Maker maker);
    }

    static Transcript of(Wire.Question question, boolean shortIds, Sends thinkingAndRaw) {
        return new Building(question, shortIds, thinkingAndRaw)
                .of(question.request().conversation());
    }

    private static final class Building {
        private static final Message.User NOBODY = new Message.User(List.of(), List.of(), List.of());

        private final String provider;
        private final String model;
        private final boolean shortIds;
        private final boolean images;
        private final Sends sends;
        private final List<Turn> turns = new ArrayList<>();
        private final Set<String> idsInUse = new HashSet<>();
        /** Of the newest assistant turn: our id to the wire's, in the order of the calls. */
        private final Map<String, String> open = new LinkedHashMap<>();

        Building(Wire.Question question, boolean shortIds, Sends sends) {
            this.provider = question.endpoint().provider();
            this.model = question.model();
            this.images = question.images();
            this.shortIds = shortIds;
            this.sends = sends;
        }

        Transcript of(List<Message> conversation) {
            for (var message : conversation) {
                switch (message) {
                    case Message.User user -> add(user);
                    case Message.Assistant assistant -> add(assistant);
                }
            }
            if (!open.isEmpty()) {
                add(NOBODY);
            }
            return new Transcript(List.copyOf(turns));
        }

        private void add(Message.User user) {
            var results = new HashMap<String, Result>();
            for (var result : user.results()) {
                if (!open.containsKey(result.callId()) || results.put(result.callId(), result) != null) {
                    LOG.warnf("result of %s has no call before it and is left out", result.callId());
                }
            }
            var answers = new ArrayList<Answer>();
            open.forEach((callId, id) -> {
                var result = results.get(callId);
                if (result == null) {
                    LOG.warnf("call %s has no result; the model is told that its outcome is unknown", callId);
                    result = new Result(callId, UNKNOWN_OUTCOME, true);
                }
                answers.add(new Answer(id, result.output(), result.failed()));
            });
            open.clear();
            var texts = Stream.concat(
                            images ? Stream.empty() : user.images().stream().map(_ -> IMAGE_LEFT_OUT),
                            user.texts().stream().filter(text -> !text.isBlank()))
                    .toList();
            var seen = images ? user.images() : List.<Image>of();
            if (!turns.isEmpty() && turns.getLast() instanceof Turn.User before) {
                turns.removeLast();
                texts = Stream.concat(before.texts().stream(), texts.stream()).toList();
                seen = Stream.concat(before.images().stream(), seen.stream()).toList();
                answers.addAll(0, before.answers());
            } else if (answers.isEmpty() && texts.isEmpty() && seen.isEmpty()) {
                texts = List.of(NOTHING_SAID);
            }
            turns.add(new Turn.User(List.copyOf(answers), seen, texts));
        }

        private void add(Message.Assistant assistant) {
            if (!turns.isEmpty() && turns.getLast() instanceof Turn.Assistant) {
                add(NOBODY);
            }
            var maker = assistant.provider().equals(provider + "/" + model)
                    ? Maker.SAME_MODEL
                    : assistant.provider().startsWith(provider + "/") ? Maker.SAME_PROVIDER : Maker.OTHER;
            var blocks = new ArrayList<Said>();
            for (var block : assistant.blocks()) {
                switch (block) {
                    case Block.Text text when text.text().isBlank() -> {}
                    case Block.Text text -> blocks.add(new Said(text, maker, ""));
                    case Block.Call call -> {
                        var id = idOf(call, maker);
                        open.put(call.callId(), id);
                        blocks.add(new Said(call, maker, id));
                    }
                    case Block.Thinking _, Block.Opaque _ -> {
                        if (sends.sends(block, maker)) {
                            blocks.add(new Said(block, maker, ""));
                        }
                    }
                }
            }
            if (!blocks.isEmpty()) {
                turns.add(new Turn.Assistant(List.copyOf(blocks)));
            }
        }

        /** The provider's own where it is sound and not used before, else one derived from ours. */
        private String idOf(Block.Call call, Maker maker) {
            var own = providersId(call.replay());
            var fits = (shortIds ? SHORT_ID : ID).matcher(own).matches();
            var id = maker != Maker.OTHER && fits && !idsInUse.contains(own)
                    ? own
                    : shortIds ? ToolNames.digest(call.callId()).substring(0, 9) : call.callId();
            idsInUse.add(id);
            return id;
        }

        private static String providersId(JsonNode replay) {
            var responses = Json.string(replay, "call_id");
            return responses.isEmpty() ? Json.string(replay, "id") : responses;
        }
    }
}
