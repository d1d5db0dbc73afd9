package dev.cleanroom.model.tour;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.cleanroom.model.ModelClient;
import dev.cleanroom.model.wire.CallId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Answers by rule. Where it stands in a prompt it reads from the conversation: the calls since that prompt are done.
 * Holds no state. Calls one tool a step, as its tools are named in the request.
 */
public final class TourModel implements ModelClient {
    public static final String PROVIDER = "tour";
    public static final String NAME = "guide";

    private static final int WINDOW = 1_000_000; // it reads only the end of a conversation
    private static final int PIECE_CHARS = 12;
    private static final int SHOWN_ERROR_CHARS = 300;

    private final Duration pause;

    /** Streams like a real model does. */
    public TourModel() {
        this(Duration.ofMillis(8)); // about 1 500 characters a second
    }

    TourModel(Duration pause) {
        this.pause = pause;
    }

    public static int window() {
        return WINDOW;
    }

    @Override
    public Reply reply(Request request, Listener listener) throws InterruptedException {
        var place = Place.in(request.conversation());
        var answer = answer(place, request.tools());
        stream(answer.text(), listener);
        var blocks = new ArrayList<Block>();
        if (!answer.text().isEmpty()) {
            blocks.add(new Block.Text(answer.text(), NullNode.getInstance()));
        }
        answer.call()
                .ifPresent(call -> blocks.add(new Block.Call(
                        CallId.next(), call.tool(), call.input(), Optional.empty(), NullNode.getInstance())));
        return reply(blocks, answer.call().isPresent() ? Stop.CALLS : Stop.END);
    }

    private static Reply reply(List<Block> blocks, Stop stop) {
        var usage = new Usage(0, 0, 0, 0, Optional.of(0.0));
        return new Reply(blocks, stop, usage, Optional.empty(), NAME, false);
    }

    /** @param call empty: the answer ends the turn */
    private record Answer(String text, Optional<Imperative> call) {}

    private static Answer answer(Place place, List<ToolSpec> tools) {
        var all = Imperative.of(place.prompt());
        if (all.isEmpty()) {
            return new Answer("I did not understand that. " + Guide.HELP, Optional.empty());
        }
        var answers = answers(all);
        var next = answers.get(Math.min(place.calls(), answers.size() - 1));
        var text = place.last()
                .filter(Result::failed)
                .map(failed -> "That did not work: " + head(failed.output()) + "\n\n" + next.text())
                .orElse(next.text());
        var missing = next.call()
                .map(Imperative::tool)
                .filter(tool ->
                        tools.stream().noneMatch(offered -> offered.name().equals(tool)));
        return missing.map(tool -> new Answer(text + "\n\nBut there is no tool " + tool + " here.", Optional.empty()))
                .orElse(new Answer(text, next.call()));
    }

    /** One answer for each call, and a last one without: what is only to be said comes with the call after it. */
    private static List<Answer> answers(List<Imperative> all) {
        var answers = new ArrayList<Answer>();
        var said = new ArrayList<String>();
        for (var imperative : all) {
            said.add(imperative.saying());
            if (!imperative.tool().isEmpty()) {
                answers.add(new Answer(String.join("\n\n", said), Optional.of(imperative)));
                said.clear();
            }
        }
        answers.add(new Answer(said.isEmpty() ? "Done." : String.join("\n\n", said), Optional.empty()));
        return answers;
    }

    private static String head(String output) {
        var line = output.strip();
        int end = line.offsetByCodePoints(0, Math.min(SHOWN_ERROR_CHARS, line.codePointCount(0, line.length())));
        return line.substring(0, end);
    }

    private void stream(String text, Listener listener) throws InterruptedException {
        int offset = 0;
        while (offset < text.length()) {
            int end = Math.min(offset + PIECE_CHARS, text.length());
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end++;
            }
            listener.delta(1, 0, Listener.Kind.TEXT, offset, text.substring(offset, end));
            offset = end;
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stop) {
                var soFar = new Block.Text(text.substring(0, offset), NullNode.getInstance());
                listener.interrupted(reply(List.of(soFar), Stop.END));
                throw stop;
            }
        }
    }

    /**
     * Where the conversation stands.
     *
     * @param calls made since the prompt
     * @param last the result of the newest call since the prompt
     */
    private record Place(String prompt, int calls, Optional<Result> last) {
        static Place in(List<Message> conversation) {
            var prompt = "";
            int calls = 0;
            var last = Optional.<Result>empty();
            for (var message : conversation) {
                switch (message) {
                    case Message.User user -> {
                        if (!user.results().isEmpty()) {
                            last = Optional.of(user.results().getLast());
                        }
                        if (!user.texts().isEmpty()) {
                            prompt = user.texts().stream().collect(Collectors.joining("\n"));
                            calls = 0;
                            last = Optional.empty();
                        }
                    }
                    case Message.Assistant assistant ->
                        calls += (int) assistant.blocks().stream()
                                .filter(Block.Call.class::isInstance)
                                .count();
                }
            }
            return new Place(prompt, calls, last);
        }
    }
}
