package dev.cleanroom.model.wire;

import static dev.cleanroom.model.ModelClient.Listener.Kind.TEXT;
import static dev.cleanroom.model.ModelClient.Listener.Kind.THINKING;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A reply as it grows. Parts take their places in the order in which something of them is to be seen; text is told to the
 * listener piece by piece. {@link #blocks} makes of it what may be kept.
 */
final class Draft {
    private static final int MAX_CHARS = 32 << 20; // of all parts: bounds memory, far above any real reply
    private static final int SHOWN_ARGUMENT_CHARS = 200; // of broken arguments, told to the model

    private final Listener listener;
    private final int attempt;
    private final List<Part> parts = new ArrayList<>();
    private long chars;

    Draft(Listener listener, int attempt) {
        this.listener = listener;
        this.attempt = attempt;
    }

    sealed interface Part {}

    /** Text or thinking; takes its place with its first character, or by {@link #place}. */
    final class Words implements Part {
        private final Listener.Kind kind;
        private final StringBuilder text = new StringBuilder();
        private int index = -1;
        private int told; // UTF-16 units
        private Supplier<JsonNode> replay = NullNode::getInstance;
        private boolean keepWhenCut = true;

        private Words(Listener.Kind kind) {
            this.kind = kind;
        }

        void append(String piece) throws Trouble {
            if (piece.isEmpty()) {
                return;
            }
            count(piece);
            place();
            text.append(piece);
            int end = text.length();
            if (Character.isHighSurrogate(text.charAt(end - 1))) {
                end--; // its other half comes with the next piece
            }
            tell(end);
        }

        private void tell(int end) {
            if (end > told) {
                listener.delta(attempt, index, kind, told, text.substring(told, end));
                told = end;
            }
        }

        Words place() {
            if (index < 0) {
                index = parts.size();
                parts.add(this);
            }
            return this;
        }

        boolean isPlaced() {
            return index >= 0;
        }

        String text() {
            return text.toString();
        }

        /** @param replay made when the block is finished; null node where the text alone says it all */
        void replay(Supplier<JsonNode> replay) {
            this.replay = replay;
        }

        /** False for thinking without its signature: a partial reply must not keep it. */
        void keepWhenCut(boolean keep) {
            keepWhenCut = keep;
        }

        private Block block() {
            tell(text.length());
            return kind == TEXT
                    ? new Block.Text(text.toString(), replay.get())
                    : new Block.Thinking(text.toString(), replay.get());
        }
    }

    /** A tool call whose arguments may still be growing. */
    final class Call implements Part {
        final StringBuilder name = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
        private String unlessPieces = "{}";
        private Supplier<JsonNode> replay = NullNode::getInstance;

        private Call() {}

        void arguments(String piece) throws Trouble {
            count(piece);
            arguments.append(piece);
        }

        /** Arguments that stand where no pieces come. */
        void unlessPieces(String whole) {
            unlessPieces = whole.isBlank() ? "{}" : whole;
        }

        void replay(Supplier<JsonNode> replay) {
            this.replay = replay;
        }

        /** The arguments are a JSON object. */
        boolean parses() {
            return input().isPresent();
        }

        private Optional<JsonNode> input() {
            var json = arguments.toString().isBlank() ? unlessPieces : arguments.toString();
            try {
                return Optional.of(Json.readWhole(json)).filter(JsonNode::isObject);
            } catch (JsonProcessingException broken) {
                return Optional.empty();
            }
        }

        private Block block(UnaryOperator<String> toolNames) {
            var input = input();
            return new Block.Call(
                    CallId.next(),
                    toolNames.apply(name.toString()),
                    input.orElseGet(Json::object),
                    input.isPresent() ? Optional.empty() : Optional.of("arguments were not valid JSON: " + head()),
                    replay.get());
        }

        private String head() {
            int end = arguments.offsetByCodePoints(
                    0, Math.min(SHOWN_ARGUMENT_CHARS, arguments.codePointCount(0, arguments.length())));
            return arguments.substring(0, end);
        }
    }

    /** Something of a kind that this wire only keeps. */
    record Raw(Supplier<JsonNode> replay) implements Part {}

    Words text() {
        return new Words(TEXT);
    }

    Words thinking() {
        return new Words(THINKING);
    }

    Call call() {
        var call = new Call();
        parts.add(call);
        return call;
    }

    void raw(Supplier<JsonNode> replay) {
        parts.add(new Raw(replay));
    }

    private void count(String piece) throws Trouble {
        chars += piece.length();
        if (chars > MAX_CHARS) {
            throw Trouble.said(new Trouble.Said(
                    413, "reply_too_large", "", "", "The reply is longer than " + MAX_CHARS + " characters."));
        }
    }

    long chars() {
        return chars;
    }

    boolean hasCalls() {
        return parts.stream().anyMatch(Call.class::isInstance);
    }

    boolean hasText() {
        return parts.stream().anyMatch(part -> part instanceof Words words && words.kind == TEXT);
    }

    /** The reply was cut and ends in a call, or a call in it does not parse: that one must not be kept. */
    boolean hasCutCall() {
        return cutCall().isPresent();
    }

    private Optional<Part> cutCall() {
        if (!parts.isEmpty() && parts.getLast() instanceof Call last) {
            return Optional.of(last);
        }
        return parts.stream()
                .filter(part -> part instanceof Call call && call.input().isEmpty())
                .findFirst();
    }

    /** All blocks of a whole reply. */
    List<Block> blocks(UnaryOperator<String> toolNames) {
        return blocks(parts, toolNames);
    }

    /** Those of a reply that ended at a limit: all but the call that it ends in and calls that do not parse. */
    List<Block> blocksBeforeCut(UnaryOperator<String> toolNames) {
        var last = cutCall();
        var kept = parts.stream()
                .filter(part -> last.isEmpty() || part != last.get())
                .filter(part -> !(part instanceof Call call) || call.input().isPresent())
                .filter(part -> !(part instanceof Words words) || words.keepWhenCut)
                .toList();
        return blocks(kept, toolNames);
    }

    /** What may stay when a person stopped the reply: texts and finished thinking; no call. */
    List<Block> blocksSoFar() {
        return blocks(
                parts.stream()
                        .filter(part -> part instanceof Words words && words.keepWhenCut)
                        .toList(),
                name -> name);
    }

    private static List<Block> blocks(List<Part> parts, UnaryOperator<String> toolNames) {
        return parts.stream()
                .<Block>map(part -> switch (part) {
                    case Words words -> words.block();
                    case Call call -> call.block(toolNames);
                    case Raw raw -> new Block.Opaque(raw.replay().get());
                })
                .toList();
    }
}
