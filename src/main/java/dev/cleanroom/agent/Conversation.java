package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.cleanroom.agent.Prompts.Said;
import dev.cleanroom.agent.StepRecord.Opaque;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The conversation as the model is sent it: a fold, appended to and never changed, except that a compaction makes old
 * results one line each. The last message is the one that is still being made: results of the newest calls, then what
 * people said since.
 */
final class Conversation {
    private static final String NOT_RUN = "This call was not run: the turn was interrupted.";
    private static final int WORTH_CLEARING = 400; // UTF-16 units; the line that stands for a result has about 100
    private static final int IMAGE = 6_000; // bytes: about 1 500 tokens, what providers count for one of usual size
    private static final int KEPT_RESULTS = 3; // the newest ones: what the model is working on

    private final List<Message> sent = new ArrayList<>();
    private final Map<UUID, ToolCalled> open = new LinkedHashMap<>(); // calls of the newest reply, in their order
    private final Map<UUID, Result> results = new HashMap<>(); // of these calls
    private final List<String> texts = new ArrayList<>();
    private final List<Image> images = new ArrayList<>();
    private final List<Block> reply = new ArrayList<>(); // of the reply that is being read from the log
    private final Map<UUID, ToolCalled> calls = new HashMap<>(); // all
    private String instructions;

    /** The project's instructions stand before everything. */
    void instructions(String text) {
        if (sent.isEmpty()) {
            instructions = text;
        }
    }

    void say(Said said) {
        images.addAll(said.images());
        say(said.text());
    }

    void say(String text) {
        if (!text.isBlank()) {
            texts.add(text);
        }
    }

    /** Something that was said, and was not sent yet, is to be sent as something else; does nothing the second time. */
    void replace(String said, String instead) {
        int at = texts.lastIndexOf(said);
        if (at >= 0) {
            texts.set(at, instead);
        }
    }

    /** Whether the message in the making holds anything yet. */
    boolean hasSomethingToSay() {
        return !open.isEmpty() || !images.isEmpty() || !texts.isEmpty();
    }

    void text(String text, JsonNode replay) {
        if (!text.isBlank()) {
            reply.add(new Block.Text(text, replay == null ? NullNode.getInstance() : replay));
        }
    }

    void thinking(String text, JsonNode replay) {
        if (replay != null && !replay.isNull()) {
            reply.add(new Block.Thinking(text, replay));
        }
    }

    void call(ToolCalled call, JsonNode replay) {
        calls.put(call.callId(), call);
        reply.add(new Block.Call(
                call.callId().toString(),
                call.tool(),
                call.input(),
                Optional.empty(),
                replay == null ? NullNode.getInstance() : replay));
    }

    /** The reply is whole: what was sent becomes history, and the reply after it. */
    void replied(String model, List<Opaque> opaque) {
        for (var block : opaque == null ? List.<Opaque>of() : opaque) {
            reply.add(Math.min(block.at(), reply.size()), new Block.Opaque(block.replay()));
        }
        if (reply.isEmpty()) {
            return; // an empty reply is not history: what was said stays in the message in the making
        }
        sent.add(inTheMaking(List.of()));
        sent.add(new Message.Assistant(model, List.copyOf(reply)));
        images.clear();
        texts.clear();
        open.clear();
        results.clear();
        for (var block : reply) {
            if (block instanceof Block.Call call) {
                var id = UUID.fromString(call.callId());
                open.put(id, calls.get(id));
            }
        }
        reply.clear();
    }

    void returned(ToolReturned returned) {
        results.put(returned.callId(), new Result(returned.callId().toString(), returned.output(), returned.failed()));
    }

    /** Everything, with {@code more} said last. */
    List<Message> messages(List<Said> more) {
        var all = new ArrayList<>(sent);
        all.add(inTheMaking(more));
        return all;
    }

    private Message.User inTheMaking(List<Said> more) {
        var inOrder = open.keySet().stream()
                .map(id -> results.getOrDefault(id, new Result(id.toString(), NOT_RUN, true)))
                .toList();
        var first = sent.isEmpty() && instructions != null && !instructions.isBlank()
                ? Stream.of(instructions)
                : Stream.<String>of();
        return new Message.User(
                inOrder,
                Stream.concat(images.stream(), more.stream().flatMap(said -> said.images().stream()))
                        .toList(),
                Stream.of(first, texts.stream(), more.stream().map(Said::text))
                        .flatMap(s -> s)
                        .toList());
    }

    /** Results that a compaction would make shorter, oldest first: all but the newest few. */
    List<UUID> clearable() {
        var all = new ArrayList<UUID>();
        for (var message : sent) {
            if (message instanceof Message.User user) {
                user.results().stream()
                        .filter(result -> result.output().length() > WORTH_CLEARING)
                        .forEach(result -> all.add(UUID.fromString(result.callId())));
            }
        }
        results.values().stream()
                .filter(result -> result.output().length() > WORTH_CLEARING)
                .forEach(result -> all.add(UUID.fromString(result.callId())));
        return List.copyOf(all.subList(0, Math.max(0, all.size() - KEPT_RESULTS)));
    }

    /** UTF-8 bytes of a result, as far as it is still whole. */
    long resultBytes(UUID callId) {
        return Stream.concat(
                        sent.stream()
                                .filter(Message.User.class::isInstance)
                                .flatMap(message -> ((Message.User) message).results().stream()),
                        results.values().stream())
                .filter(result -> result.callId().equals(callId.toString()))
                .mapToLong(result -> bytes(result.output()))
                .sum();
    }

    void compact(List<UUID> callIds) {
        var cleared = new HashSet<String>();
        callIds.forEach(id -> cleared.add(id.toString()));
        int newest = -1;
        for (int i = 0; i < sent.size(); i++) {
            if (sent.get(i) instanceof Message.User user
                    && user.results().stream().anyMatch(in(cleared))) {
                newest = i;
            }
        }
        for (int i = 0; i < sent.size(); i++) {
            sent.set(
                    i,
                    switch (sent.get(i)) {
                        case Message.User user ->
                            new Message.User(
                                    user.results().stream()
                                            .map(result -> shortened(result, cleared))
                                            .toList(),
                                    user.images(),
                                    user.texts());
                        case Message.Assistant assistant -> i < newest ? withoutThinking(assistant) : assistant;
                    });
        }
        results.replaceAll((_, result) -> shortened(result, cleared));
    }

    private static Predicate<Result> in(Set<String> ids) {
        return result -> ids.contains(result.callId());
    }

    private Result shortened(Result result, Set<String> cleared) {
        if (!cleared.contains(result.callId())) {
            return result;
        }
        var call = calls.get(UUID.fromString(result.callId()));
        String what = call == null ? "" : " of " + call.tool();
        return new Result(
                result.callId(),
                "[The result" + what + " was left out to save room: "
                        + result.output().length() + " characters. Call again if you need it.]",
                result.failed());
    }

    private static Message.Assistant withoutThinking(Message.Assistant assistant) {
        var blocks = assistant.blocks().stream()
                .filter(block -> block instanceof Block.Text || block instanceof Block.Call)
                .toList();
        return new Message.Assistant(
                assistant.provider(),
                blocks.isEmpty() ? List.of(new Block.Text("(thinking left out)", NullNode.getInstance())) : blocks);
    }

    /** UTF-8 bytes of all that would be sent. */
    long bytes() {
        long bytes = 0;
        for (var message : messages(List.of())) {
            bytes += switch (message) {
                case Message.User user -> bytesOf(user);
                case Message.Assistant assistant ->
                    assistant.blocks().stream().mapToLong(Conversation::bytes).sum();
            };
        }
        return bytes;
    }

    /** What a conversation consists of. */
    enum Part {
        INSTRUCTIONS,
        PROMPTS,
        REPLIES,
        RESULTS
    }

    /** UTF-8 bytes of all that would be sent, by what they are of. */
    Map<Part, Long> bytesByPart() {
        var bytes = new EnumMap<Part, Long>(Part.class);
        for (var message : messages(List.of())) {
            switch (message) {
                case Message.User user -> {
                    user.results().forEach(result -> bytes.merge(Part.RESULTS, bytes(result.output()), Long::sum));
                    user.images().forEach(image -> bytes.merge(Part.PROMPTS, bytes(image), Long::sum));
                    user.texts()
                            .forEach(text -> bytes.merge(
                                    text.equals(instructions) ? Part.INSTRUCTIONS : Part.PROMPTS,
                                    bytes(text),
                                    Long::sum));
                }
                case Message.Assistant assistant ->
                    assistant.blocks().forEach(block -> bytes.merge(Part.REPLIES, bytes(block), Long::sum));
            }
        }
        return bytes;
    }

    /** UTF-8 bytes of the message in the making. */
    long newBytes() {
        return bytesOf(inTheMaking(List.of()));
    }

    private static long bytesOf(Message.User user) {
        return user.results().stream()
                        .mapToLong(result -> bytes(result.output()))
                        .sum()
                + user.images().stream().mapToLong(Conversation::bytes).sum()
                + user.texts().stream().mapToLong(Conversation::bytes).sum();
    }

    static long bytes(Block block) {
        return switch (block) {
            case Block.Text text -> bytes(text.text());
            case Block.Thinking thinking -> bytes(thinking.text());
            case Block.Call call -> bytes(call.input().toString());
            case Block.Opaque opaque -> bytes(opaque.replay().toString());
        };
    }

    /** What an image costs does not depend on its bytes; this many bytes of text cost as much. */
    static long bytes(Image image) {
        return IMAGE;
    }

    static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
