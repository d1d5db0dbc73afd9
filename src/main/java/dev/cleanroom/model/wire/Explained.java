package dev.cleanroom.model.wire;

import dev.cleanroom.model.ModelException;
import dev.cleanroom.model.ModelException.Kind;
import dev.cleanroom.problem.Problem;
import java.time.Duration;

/** A trouble in words for the person who waits: what happened and what to do. */
final class Explained {
    private final Endpoint endpoint;
    private final String model;

    Explained(Endpoint endpoint, String model) {
        this.endpoint = endpoint;
        this.model = model;
    }

    ModelException refused(Trouble trouble) {
        var said = trouble.said();
        var words = said.message().isEmpty() ? "" : " It says: " + said.message();
        return switch (trouble.verdict()) {
            case NO_CREDIT ->
                exception(
                        Kind.REFUSED,
                        "model.no-credit",
                        402,
                        provider() + " has no credit left for this key, or its spend limit is reached."
                                + " Raise it there, or choose another model." + words);
            case TOO_LONG ->
                exception(
                        Kind.TOO_LONG,
                        "model.context-full",
                        413,
                        "The conversation is longer than " + model + " can read."
                                + " Start a new session from this branch." + words);
            case RETRY -> unavailable(trouble);
            case PARAMETER, REFUSED ->
                switch (said.status()) {
                    case 401 ->
                        exception(
                                Kind.REFUSED,
                                "model.key-refused",
                                401,
                                provider()
                                        + " refused the key (401). Check it in the settings, under Models, and try again.");
                    case 403 ->
                        exception(
                                Kind.REFUSED,
                                "model.forbidden",
                                403,
                                provider() + " does not let this key use " + model + " (403)." + words);
                    case 404 ->
                        exception(
                                Kind.REFUSED,
                                "model.unknown",
                                404,
                                provider() + " has no model named " + model + " (404). Choose another one." + words);
                    default ->
                        exception(
                                Kind.REFUSED,
                                "model.request-refused",
                                400,
                                provider() + " refused the request (" + said.status() + ")." + words);
                };
        };
    }

    /** Out of tries. */
    ModelException unavailable(Trouble trouble) {
        if (trouble.said().status() == 429) {
            return exception(
                    Kind.UNAVAILABLE,
                    "model.rate-limited",
                    429,
                    trouble.after()
                            .map(wait -> provider() + " takes no more requests for " + inWords(wait)
                                    + " (429). Try again then, or choose another model.")
                            .orElse(provider() + " takes no more requests at the moment (429)."
                                    + " Try again later, or choose another model."));
        }
        if (trouble.kind() == Trouble.Kind.UNREACHABLE) {
            return exception(
                    Kind.UNAVAILABLE,
                    "model.unreachable",
                    503,
                    provider() + " cannot be reached: " + trouble.getMessage()
                            + ". Check its address, or try again later.");
        }
        return exception(
                Kind.UNAVAILABLE,
                "model.unavailable",
                503,
                provider() + " did not answer properly, also after several tries: " + trouble.getMessage()
                        + ". Try again later, or choose another model.");
    }

    /** Something answers, but not in this wire. */
    ModelException wrongAddress(int status) {
        return exception(
                Kind.REFUSED,
                "model.address-wrong",
                400,
                "Nothing at " + endpoint.base() + " speaks this wire (it answered " + status
                        + "). Check the address: for OpenAI's wires it mostly ends in /v1.");
    }

    private String provider() {
        return "The provider “" + endpoint.provider() + "”";
    }

    private ModelException exception(Kind kind, String code, int status, String detail) {
        return new ModelException(kind, new Problem(code, status, endpoint.redact(detail)));
    }

    static String inWords(Duration wait) {
        return wait.compareTo(Duration.ofMinutes(2)) < 0
                ? wait.toSeconds() + " seconds"
                : wait.toMinutes() + " minutes";
    }
}
