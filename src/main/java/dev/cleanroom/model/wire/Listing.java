package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        var request =
                HttpRequest.newBuilder(endpoint.at(path)).timeout(PATIENCE).GET();
        if (endpoint.format() == Endpoint.Format.ANTHROPIC) {
            request.header("anthropic-version", "2023-06-01");
            endpoint.key().ifPresent(key -> request.header("x-api-key", key));
        } else {
            endpoint.key().ifPresent(key -> request.header("authorization", "Bearer " + key));
        }
        try {
            var response = exchange.get(request.build());
            try (var in = response.body()) {
                var bytes = in.readNBytes(MAX_BYTES);
                if (response.statusCode() != 200) {
                    throw Trouble.said(
                            ErrorBody.read(endpoint, response.statusCode(), bytes),
                            ErrorBody.retryAfter(response.headers(), Clock.systemUTC()),
                            Optional.empty());
                }
                return Json.read(new String(bytes, StandardCharsets.UTF_8))
                        .orElseThrow(() -> Trouble.cut("the list of models is not JSON"));
            }
        } catch (IOException | UncheckedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw Trouble.of(
                    Trouble.Kind.UNREACHABLE,
                    "no list of models from " + endpoint.base().getAuthority() + ": " + e.getMessage());
        }
    }
}
