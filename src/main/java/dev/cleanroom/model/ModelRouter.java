package dev.cleanroom.model;

import dev.cleanroom.model.tour.TourModel;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes each question to the provider that its model's id names. */
@ApplicationScoped
class ModelRouter implements ModelClient {
    private final Providers providers;
    private final ProviderAddresses addresses;
    private final WireClient wires;
    private final TourModel tour = new TourModel();

    ModelRouter(Providers providers, ProviderAddresses addresses, WireClient wires) {
        this.providers = providers;
        this.addresses = addresses;
        this.wires = wires;
    }

    @Override
    public Reply reply(Request request, Listener listener) throws InterruptedException, ModelException {
        var id = ModelId.of(request.model());
        if (id.provider().equals(TourModel.PROVIDER)) {
            return tour.reply(request, listener);
        }
        var asked = route(request.model(), id);
        return wires.reply(asked.endpoint(), asked.name(), request, listener);
    }

    private record Route(Endpoint endpoint, String name) {}

    private Route route(String model, ModelId id) throws ModelException {
        try {
            var named = providers.named(id.provider());
            var provider = named.or(providers::first).orElseThrow(() -> missing(model));
            if (provider.from() == Provider.From.SETTINGS) {
                addresses.judge(provider.endpoint().base());
            }
            return new Route(provider.endpoint(), named.isPresent() ? id.name() : model);
        } catch (ProblemException refused) {
            throw new ModelException(ModelException.Kind.REFUSED, refused.toProblem());
        }
    }

    private static ModelException missing(String model) {
        return new ModelException(
                ModelException.Kind.REFUSED,
                new Problem(
                        "model.provider-missing",
                        503,
                        "No provider is set up for the model " + model
                                + ". Set a key in the settings, under Models, or choose another model."));
    }
}
