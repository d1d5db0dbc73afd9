package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Models endpoints: which models there are and what each can do. A server without one is no error for asking a model. */
final class Listing {
    private static final Duration PATIENCE = Duration.ofSeconds(5); // nobody waits longer for a list
    private static final int MAX_BYTES = 8 << 20; // OpenRouter's list is under 1 MB

    private final Exchange exchange;
    private final Learnt learnt;

    Listing(Exchange exchange, Learnt learnt) {
        this.exchange = exchange;
        this.learnt = learnt;
    }

    /** @throws ModelException also where there is no such list */
    List<String> list(Endpoint endpoint) throws ModelException, InterruptedException {
        var path = endpoint.format() == Endpoint.Format.ANTHROPIC ? "/v1/models?limit=1000" : "/models";
        try {
            var root = get(endpoint, path);
            var names = new ArrayList<String>();
            for (var model : root.isArray() ? root : root.path("data")) {
                var id = model.isTextual() ? model.textValue() : Json.string(model, "id");
                if (!id.isBlank()) {
                    names.add(id);
                    learn(endpoint, id, model);
                }
            }
            return names;
        } catch (Trouble trouble) {
            throw trouble.verdict() == Trouble.Verdict.RETRY
                    ? new Explained(endpoint, "models").unavailable(trouble)
                    : new Explained(endpoint, "models").refused(trouble);
        }
    }

    /** Learns one Anthropic model's capabilities; where that does not work it stays unknown, and nothing is guessed. */
    void describe(Endpoint endpoint, String model) throws InterruptedException {
        try {
            learn(endpoint, model, get(endpoint, "/v1/models/" + model));
        } catch (Trouble unknown) {
            boolean noSuchList =
                    unknown.kind() == Trouble.Kind.STATUS && unknown.said().status() < 500;
            if (noSuchList) {
                learnt.change(endpoint, model, known -> known);
            }
        }
    }

    /**
     * A question without a message: whoever knows the key refuses the question, not the key.
     *
     * @throws ModelException where the key, the address or the wire is wrong
     */
    void probe(Endpoint endpoint, Wire wire) throws ModelException, InterruptedException {
        var body = Json.object().put("model", "none");
        body.put("max_tokens", 1);
        body.putArray(endpoint.format() == Endpoint.Format.OPENAI_RESPONSES ? "input" : "messages");
        var request = authorized(endpoint, wire.path())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
        try {
            send(endpoint, request.build());
        } catch (Trouble trouble) {
            int status = trouble.said().status();
            boolean spoken = !trouble.said().type().isEmpty()
                    || !trouble.said().message().isEmpty();
            boolean wrong = status == 401 || status == 402 || status == 403 || status == 0 || status >= 500;
            if (status == 400 || status == 422 || status == 429 || status == 404 && spoken && namesAModel(trouble)) {
                return;
            }
            var explained = new Explained(endpoint, "models");
            throw wrong
                    ? trouble.verdict() == Trouble.Verdict.RETRY
                            ? explained.unavailable(trouble)
                            : explained.refused(trouble)
                    : explained.wrongAddress(status);
        }
    }

    private static boolean namesAModel(Trouble trouble) {
        return (trouble.said().type() + trouble.said().code() + trouble.said().message())
                .toLowerCase(Locale.ROOT)
                .contains("model");
    }

    /** {@code GET /api/ps} of an Ollama stands beside its {@code /v1}. */
    OptionalInt loadedWindow(Endpoint endpoint, String model) throws InterruptedException {
        var root = new Endpoint(
                endpoint.provider(),
                endpoint.format(),
                URI.create(endpoint.base().toString().replaceAll("/v1/*$", "")),
                endpoint.key());
        try {
            for (var loaded : get(root, "/api/ps").path("models")) {
                if (Json.string(loaded, "name").equals(model)
                        || Json.string(loaded, "model").equals(model)) {
                    return number(loaded.path("context_length"));
                }
            }
        } catch (Trouble noOllama) {
            // unknown, then
        }
        return OptionalInt.empty();
    }

    private void learn(Endpoint endpoint, String id, JsonNode model) {
        var types = model.path("capabilities").path("thinking").path("types");
        var window = number(
                model.path("max_input_tokens"), // Anthropic
                model.path("context_length"), // OpenRouter
                model.path("max_model_len")); // vLLM
        var output = number(model.path("max_tokens"), model.path("top_provider").path("max_completion_tokens"));
        learnt.change(
                endpoint,
                id,
                known -> known.listed(types.path("adaptive").path("supported").asBoolean(false), window, output));
    }

    private static OptionalInt number(JsonNode... nodes) {
        for (var node : nodes) {
            if (node.canConvertToInt() && node.asInt() > 0) {
                return OptionalInt.of(node.asInt());
            }
        }
        return OptionalInt.empty();
    }

    private JsonNode get(Endpoint endpoint, String path) throws Trouble, InterruptedException {
        return send(endpoint, authorized(endpoint, path).GET().build());
    }

    private static HttpRequest.Builder authorized(Endpoint endpoint, String path) {
        var request = HttpRequest.newBuilder(endpoint.at(path)).timeout(PATIENCE);
        if (endpoint.format() == Endpoint.Format.ANTHROPIC) {
            request.header("anthropic-version", "2023-06-01");
            endpoint.key().ifPresent(key -> request.header("x-api-key", key));
        } else {
            endpoint.key().ifPresent(key -> request.header("authorization", "Bearer " + key));
        }
        return request;
    }

    private JsonNode send(Endpoint endpoint, HttpRequest request) throws Trouble, InterruptedException {
        try {
            var response = exchange.get(request);
            try (var in = response.body()) {
                var bytes = in.readNBytes(MAX_BYTES);
                if (response.statusCode() != 200) {
                    throw Trouble.said(
                            ErrorBody.read(endpoint, response.statusCode(), bytes),
                            ErrorBody.retryAfter(response.headers(), Clock.systemUTC()),
                            Optional.empty());
                }
                return Json.read(new String(bytes, StandardCharsets.UTF_8))
                        .orElseThrow(() -> Trouble.cut("the answer is not JSON"));
            }
        } catch (IOException | UncheckedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw Trouble.of(
                    Trouble.Kind.UNREACHABLE,
                    "nothing answers at " + endpoint.base().getAuthority());
        }
    }
}
