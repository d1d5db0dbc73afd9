package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.ModelClient.Usage;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.model.wire.Wire.Question;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Asks a model over its wire and asks again where that may help: the one place where model requests are retried. */
public final class WireClient {
    private static final int MAX_RAISED_OUTPUT = 128_000; // tokens; the largest that any provider lists (November 2026)
    private static final int RAISES = 3; // 32k, 64k, 128k
    private static final int ASSUMED_OUTPUT = 4_096; // tokens, where a server neither was told a limit nor counts
    private static final int LESSONS = 6; // refused fields of one request; more is no learning
    private static final int BYTES_PER_TOKEN = 4; // where a server does not count
    private static final Pattern BINDING = Pattern.compile(
            "signature|bound to a different conversation|(?:thinking|redacted_thinking).*cannot be modified",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern
            IMAGES = // "image input is not supported", "content must be a string", "could not process image"
            Pattern.compile("image|vision|multi-?modal|content.*(?:string|text)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DROPPING = Pattern.compile("block_binding|anthropic-beta|thinking-binding-controls");

    /** What a model's tokens cost. */
    @FunctionalInterface
    public interface Prices {
        /** Empty where no price is known. */
        Optional<Double> usd(Endpoint endpoint, String model, Tally tally);
    }

    private final Limits limits;
    private final Exchange exchange;
    private final Prices prices;
    private final Learnt learnt = new Learnt();
    private final Listing listing;

    public WireClient(Prices prices) {
        this(prices, Limits.STANDARD, Clock.systemUTC());
    }

    /** @param firstByte how long a server may be silent before a reply, where no pings are promised */
    public WireClient(Prices prices, Duration firstByte) {
        this(prices, Limits.STANDARD.withFirstByte(firstByte), Clock.systemUTC());
    }

    WireClient(Prices prices, Limits limits, Clock clock) {
        this.limits = limits;
        this.prices = prices;
        exchange = new Exchange(limits, clock);
        listing = new Listing(exchange, learnt);
    }

    /** The models that a provider lists, in its order. Asks it each time. */
    public List<String> list(Endpoint endpoint) throws ModelException, InterruptedException {
        return listing.list(endpoint);
    }

    /**
     * Tries a provider's address and key with one small request that no model has to answer.
     *
     * @throws ModelException {@code model.key-refused}, {@code model.unreachable} …
     */
    public void probe(Endpoint endpoint) throws ModelException, InterruptedException {
        listing.probe(endpoint, Wire.of(endpoint.format()));
    }

    /** Tokens of prompt and output together, listed or learnt from a refusal. */
    public OptionalInt window(Endpoint endpoint, String model) {
        return learnt.of(endpoint, model).window();
    }

    /** The context that an Ollama has loaded a model with; empty where it is not loaded, or where this is no Ollama. */
    public OptionalInt loadedWindow(Endpoint endpoint, String model) throws InterruptedException {
        return listing.loadedWindow(endpoint, model);
    }

    /** As {@link dev.cleanroom.model.ModelClient#reply}, of one provider's model. */
    public Reply reply(Endpoint endpoint, String model, Request request, Listener listener)
            throws InterruptedException, ModelException {
        if (endpoint.format() == Endpoint.Format.ANTHROPIC && !learnt.knows(endpoint, model)) {
            listing.describe(endpoint, model);
        }
        return new Asking(endpoint, model, request, listener).untilAnswered();
    }

    private final class Asking {
        private final Endpoint endpoint;
        private final String model;
        private final Request request;
        private final Listener listener;
        private final Wire wire;
        private final Retries retries = new Retries(limits);
        private OptionalInt maxOutput;
        private int attempt = 1;
        private int raises;
        private int lessons;
        private ObjectNode body;

        Asking(Endpoint endpoint, String model, Request request, Listener listener) {
            this.endpoint = endpoint;
            this.model = model;
            this.request = request;
            this.listener = listener;
            wire = Wire.of(endpoint.format());
            maxOutput = request.maxOutputTokens().map(OptionalInt::of).orElse(OptionalInt.empty());
        }

        Reply untilAnswered() throws InterruptedException, ModelException {
            while (true) {
                var question = new Question(
                        endpoint,
                        model,
                        request,
                        learnt.of(endpoint, model),
                        learnt.thinking(request.cacheKey()),
                        learnt.images(request.cacheKey()),
                        maxOutput);
                var reading = wire.reading(new Draft(listener, attempt));
                try {
                    body = wire.body(question);
                    exchange.stream(http(wire.headers(question)), endpoint, reading);
                    if (!raiseLimit(question, reading)) {
                        return whole(reading);
                    }
                    listener.discarded(attempt, usage(reading));
                    again(0, "the reply was cut at its output limit inside a tool call; asking with a larger one");
                } catch (Trouble trouble) {
                    recover(trouble, question, reading);
                } catch (InterruptedException stop) {
                    listener.interrupted(partial(reading));
                    throw stop;
                }
            }
        }

        private HttpRequest.Builder http(Map<String, String> headers) {
            var http = HttpRequest.newBuilder(endpoint.at(wire.path()))
                    .header("content-type", "application/json")
                    .header("accept", "text/event-stream")
                    .POST(BodyPublishers.ofByteArray(Json.bytes(body)));
            headers.forEach(http::header);
            return http;
        }

        private void again(long afterMillis, String reason) {
            attempt++;
            listener.retried(attempt, afterMillis, endpoint.redact(reason));
        }

        private void recover(Trouble trouble, Question question, Reading reading)
                throws InterruptedException, ModelException {
            if (!reading.tally().equals(Tally.NONE)) {
                listener.discarded(attempt, usage(reading));
            }
            trouble.window().ifPresent(tokens -> learnt.change(endpoint, model, known -> known.withWindow(tokens)));
            switch (trouble.verdict()) {
                case RETRY -> {
                    var wait = retries.after(trouble)
                            .orElseThrow(() -> new Explained(endpoint, model).unavailable(trouble));
                    again(wait.toMillis(), trouble.getMessage());
                    Thread.sleep(wait);
                }
                case PARAMETER -> {
                    if (++lessons > LESSONS || !learn(trouble, question)) {
                        throw new Explained(endpoint, model).refused(trouble);
                    }
                    again(0, trouble.getMessage());
                }
                case NO_CREDIT, TOO_LONG, REFUSED -> throw new Explained(endpoint, model).refused(trouble);
            }
        }

        /** @return whether the next request will be another one */
        private boolean learn(Trouble trouble, Question question) {
            if (endpoint.format() != Endpoint.Format.OPENAI_CHAT
                    && BINDING.matcher(trouble.said().message()).find()
                    && question.thinking() != Learnt.Thinking.LEFT_OUT) {
                boolean canDrop = question.thinking() == Learnt.Thinking.SENT
                        && endpoint.format() == Endpoint.Format.ANTHROPIC
                        && body.has("thinking")
                        && question.traits().takes("anthropic-beta");
                learnt.thinking(request.cacheKey(), canDrop ? Learnt.Thinking.DROP_BLOCK : Learnt.Thinking.LEFT_OUT);
                return true;
            }
            if (question.thinking() == Learnt.Thinking.DROP_BLOCK
                    && DROPPING.matcher(trouble.said().message()).find()) {
                learnt.thinking(request.cacheKey(), Learnt.Thinking.LEFT_OUT);
                learnt.change(endpoint, model, known -> known.without("anthropic-beta"));
                return true;
            }
            if (question.images()
                    && hasImages()
                    && IMAGES.matcher(trouble.said().message()).find()) {
                learnt.leaveOutImages(request.cacheKey());
                return true;
            }
            boolean betas = wire.headers(question).containsKey("anthropic-beta");
            var lesson = question.traits().learn(trouble, body, betas);
            lesson.ifPresent(traits -> learnt.change(endpoint, model, _ -> traits));
            return lesson.isPresent();
        }

        private boolean hasImages() {
            return request.conversation().stream()
                    .anyMatch(message -> message instanceof Message.User user
                            && !user.images().isEmpty());
        }

        /** A reply that was cut inside a call, or in its thinking, is asked for once more with a larger limit. */
        private boolean raiseLimit(Question question, Reading reading) {
            boolean onlyThinking = !reading.draft.hasText() && !reading.draft.hasCalls();
            if (reading.stop() != Stop.OUTPUT_LIMIT
                    || !(onlyThinking || reading.draft.hasCutCall())
                    || raises >= (onlyThinking ? 1 : RAISES)) {
                return false;
            }
            int had = wire.outputLimit(question).orElseGet(() ->
                    (int) Math.max(ASSUMED_OUTPUT, reading.tally().output()));
            int maximum =
                    Math.min(MAX_RAISED_OUTPUT, question.traits().maxOutput().orElse(MAX_RAISED_OUTPUT));
            int next = (int) Math.min(2L * had, maximum);
            if (next <= had) {
                return false;
            }
            raises++;
            maxOutput = OptionalInt.of(next);
            return true;
        }

        private Reply whole(Reading reading) {
            var names = new ToolNames(request.tools());
            var draft = reading.draft;
            var stop = reading.stop();
            boolean cut = stop == Stop.OUTPUT_LIMIT || stop == Stop.WINDOW;
            List<Block> blocks = stop == Stop.REFUSED
                    ? List.of()
                    : cut ? draft.blocksBeforeCut(names::ours) : draft.blocks(names::ours);
            if (stop == Stop.END && blocks.stream().anyMatch(Block.Call.class::isInstance)) {
                stop = Stop.CALLS;
            }
            return new Reply(
                    blocks, stop, usage(reading), reading.refusal, answered(reading), cut && draft.hasCutCall());
        }

        private Reply partial(Reading reading) {
            return new Reply(
                    new ArrayList<>(reading.draft.blocksSoFar()),
                    Stop.END,
                    usage(reading),
                    Optional.empty(),
                    answered(reading),
                    false);
        }

        private String answered(Reading reading) {
            return reading.model.isEmpty() ? model : reading.model;
        }

        /** What the provider counted, or an estimate where it did not. */
        private Usage usage(Reading reading) {
            var tally = reading.tally();
            if (tally.prompt() == 0) {
                tally = new Tally(size(body) / BYTES_PER_TOKEN, tally.output(), 0, 0, 0, 0, tally.chargedUsd());
            }
            if (tally.output() <= 1) { // Anthropic's beginning says 1
                tally = tally.withOutput(Math.max(tally.output(), reading.draft.chars() / BYTES_PER_TOKEN));
            }
            return new Usage(
                    tally.input(),
                    tally.output(),
                    tally.cacheRead(),
                    tally.cacheWrite5m() + tally.cacheWrite1h(),
                    prices.usd(endpoint, model, tally));
        }

        private static int size(JsonNode body) {
            return body == null ? 0 : Json.text(body).length();
        }
    }
}
