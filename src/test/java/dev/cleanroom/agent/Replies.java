package dev.cleanroom.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cleanroom.model.ModelClient;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A model that answers what a test wrote down, in its order; the conversation's own rules are checked at each request. */
final class Replies implements ModelClient {
    @FunctionalInterface
    interface Answer {
        Reply to(Request request, Listener listener) throws InterruptedException, ModelException;
    }

    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private volatile boolean forgets;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** A new prefix may begin: results are cleared in this test. */
    Replies mayForget() {
        forgets = true;
        return this;
    }

    Replies then(Answer answer) {
        answers.add(answer);
        return this;
    }

    Replies then(Block... blocks) {
        return then(reply(Stop.END, blocks));
    }

    Replies then(Reply reply) {
        return then((_, listener) -> {
            for (int i = 0; i < reply.blocks().size(); i++) {
                if (reply.blocks().get(i) instanceof Block.Text(var text, var _)) {
                    listener.delta(1, i, Listener.Kind.TEXT, 0, text);
                }
            }
            return reply;
        });
    }

    static Reply reply(Stop stop, Block... blocks) {
        boolean calls = List.of(blocks).stream().anyMatch(Block.Call.class::isInstance);
        return new Reply(
                List.of(blocks),
                calls && stop == Stop.END ? Stop.CALLS : stop,
                new Usage(100, 10, 0, 0, Optional.of(0.001)),
                Optional.empty(),
                "test",
                false);
    }

    static Block text(String text) {
        return new Block.Text(text, NullNode.getInstance());
    }

    static Block call(String tool, String input) {
        return new Block.Call(
                UUID.randomUUID().toString(), tool, Events.json(input), Optional.empty(), NullNode.getInstance());
    }

    static Block broken(String tool, String why) {
        JsonNode nothing = Events.json("{}");
        return new Block.Call(UUID.randomUUID().toString(), tool, nothing, Optional.of(why), NullNode.getInstance());
    }

    static Block bash(String command) {
        return call("Bash", "{\"command\":" + new TextNode(command) + "}");
    }

    static Block read(String path) {
        return call("Read", "{\"file_path\":\"" + path + "\"}");
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Results that the newest request brought. */
    List<Result> results() {
        return ((Message.User) requests.getLast().conversation().getLast()).results();
    }

    /** What people and the agent itself said last. */
    List<String> said() {
        return ((Message.User) requests.getLast().conversation().getLast()).texts();
    }

    @Override
    public Reply reply(Request request, Listener listener) throws InterruptedException, ModelException {
        check(request);
        requests.add(request);
        var answer = answers.poll(20, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("no answer is left");
        }
        return answer.to(request, listener);
    }

    /** Pairs calls and results, alternates, ends with a user, and keeps the previous request as a prefix. */
    private void check(Request request) {
        var messages = request.conversation();
        for (int i = 0; i < messages.size(); i++) {
            boolean user = messages.get(i) instanceof Message.User;
            if (user != (i % 2 == 0)) {
                throw new IllegalStateException("message " + i + " is not its turn's");
            }
            if (messages.get(i) instanceof Message.Assistant(var _, var blocks)) {
                var calls = blocks.stream()
                        .filter(Block.Call.class::isInstance)
                        .map(block -> ((Block.Call) block).callId())
                        .toList();
                var results = ((Message.User) messages.get(i + 1))
                        .results().stream().map(Result::callId).toList();
                if (!calls.equals(results) || blocks.isEmpty()) {
                    throw new IllegalStateException("calls " + calls + " have results " + results);
                }
            }
        }
        if (!requests.isEmpty() && !forgets) {
            var before = flat(requests.getLast().conversation());
            var now = flat(messages);
            if (!now.subList(0, Math.min(now.size(), before.size())).equals(before)) {
                throw new IllegalStateException("the previous request is no prefix");
            }
        }
    }

    private static List<Object> flat(List<Message> messages) {
        var all = new ArrayList<Object>();
        for (var message : messages) {
            switch (message) {
                case Message.User(var results, var _, var texts) -> {
                    all.addAll(results);
                    all.addAll(texts);
                }
                case Message.Assistant(var _, var blocks) -> all.addAll(blocks);
            }
        }
        return all;
    }

    void awaitRequest(int n) throws InterruptedException {
        Eventually.isTrue(
                Duration.ofSeconds(30),
                () -> "only " + requests.size() + " of " + n + " requests came",
                () -> requests.size() >= n);
    }
}
