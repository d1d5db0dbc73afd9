package dev.cleanroom.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.model.tour.TourModel;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where models come from; for administrators. Keys go in and never come out. */
@Path("/api/v1/models/providers")
@RunOnVirtualThread
class ProviderResource {
    private static final String ID = "[a-z0-9][a-z0-9-]{0,39}"; // the first part of model ids, so without a slash

    /** @param from {@code environment}, {@code settings}, or {@code found} for an Ollama on this machine */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Shown(String id, String wire, String baseUrl, boolean hasKey, String from) {}

    /**
     * @param wire {@code anthropic}, {@code openai-responses}, {@code openai-chat}; {@code openai} chooses by the address
     * @param baseUrl null: the provider's own
     * @param key null: the one that is stored for the same address, or none
     */
    record NewProvider(
            @NotBlank String wire,
            @Size(max = 2_000) String baseUrl,
            @Size(max = 4_000) String key) {}

    private final CurrentCaller current;
    private final Providers providers;
    private final ProviderAddresses addresses;
    private final WireClient wires;

    ProviderResource(CurrentCaller current, Providers providers, ProviderAddresses addresses, WireClient wires) {
        this.current = current;
        this.providers = providers;
        this.addresses = addresses;
        this.wires = wires;
    }

    @GET
    public List<Shown> list() {
        current.administrator();
        return providers.all().stream().map(ProviderResource::shown).toList();
    }

    private static Shown shown(Provider provider) {
        var endpoint = provider.endpoint();
        return new Shown(
                provider.id(),
                WireName.of(endpoint.format()),
                endpoint.base().toString(),
                endpoint.key().isPresent(),
                provider.from().name().toLowerCase(Locale.ROOT));
    }

    @PUT
    @Path("/{id}")
    public Shown put(String id, @NotNull @Valid NewProvider request) throws InterruptedException {
        var by = current.administrator();
        if (!id.matches(ID) || id.equals(TourModel.PROVIDER)) {
            throw new ProblemException(
                    Kind.INVALID,
                    "model.provider-id",
                    "A provider's name has 1 to 40 lower-case letters, digits and dashes, and is not \"tour\".");
        }
        var endpoint = endpoint(id, request);
        addresses.judge(endpoint.base());
        try {
            wires.probe(endpoint);
        } catch (ModelException refused) {
            var problem = refused.problem();
            throw new ProblemException(Kind.INVALID, problem.type(), problem.detail());
        }
        providers.put(endpoint, by);
        return shown(new Provider(endpoint, Provider.From.SETTINGS));
    }

    private Endpoint endpoint(String id, NewProvider request) {
        var base = Optional.ofNullable(request.baseUrl())
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .map(ProviderResource::address);
        var key = Optional.ofNullable(request.key()).map(String::strip).filter(text -> !text.isEmpty());
        var endpoint = switch (request.wire()) {
            case "anthropic" -> Provider.anthropic(id, base, key);
            case "openai" -> Provider.openAi(id, base, key);
            default -> new Endpoint(id, format(request.wire()), base.orElse(Provider.OPENAI), key);
        };
        if (key.isPresent()) {
            return endpoint;
        }
        var stored = Optional.ofNullable(providers.stored().get(id))
                .filter(known -> known.base().equals(endpoint.base())) // a key never follows to another address
                .flatMap(Endpoint::key);
        return new Endpoint(id, endpoint.format(), endpoint.base(), stored);
    }

    private static Endpoint.Format format(String wire) {
        return WireName.of(wire)
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "model.wire-unknown",
                        "The wire is one of anthropic, openai, openai-responses and openai-chat."));
    }

    private static URI address(String url) {
        try {
            return URI.create(url.replaceAll("/+$", ""));
        } catch (IllegalArgumentException broken) {
            throw new ProblemException(
                    Kind.INVALID, "model.address-invalid", "The address is not one of the form https://host/path.");
        }
    }

    @DELETE
    @Path("/{id}")
    public void delete(String id) {
        var by = current.administrator();
        if (!providers.delete(id, by)) {
            throw providers.named(id).isPresent()
                    ? new ProblemException(
                            Kind.CONFLICT,
                            "model.provider-environment",
                            "This provider comes from the server's environment: unset its variables and start anew.")
                    : new ProblemException(
                            Kind.NOT_FOUND, "model.provider-unknown", "There is no provider named " + id + ".");
        }
    }
}
